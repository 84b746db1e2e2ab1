#include "open_named.h"

#include "calls.h"

namespace ll {

namespace {

// Absolute, and each name is one: what such a path opens without a link has just this path.
bool is_plain(Text path) {
  if (path.size < 2 || path[0] != '/') return false;
  for (Text rest = path.from(1);;) {
    const Text name = rest.first(find(rest, '/'));
    if (name.empty() || name == "."_t || name == ".."_t) return false;
    if (name.size == rest.size) return true;
    rest = rest.from(name.size + 1);
  }
}

// follow.cpp decides which links beneath these directories are followed.
bool has_trusted_links(const Policy &policy, const Rule &rule) {
  return !is_beneath(rule.value, policy.directory) &&
         !is_beneath(rule.value, policy.sources[rule.where.source].folder);
}

Text keep(Arena &arena, Text path) {
  const size_t start = arena.used;
  Text kept;
  return arena.push(path) && arena.finish(start, kept) ? kept : Text{};
}

}  // namespace

OpenedByName open_by_name(Policy &policy, const Rule &rule, Links &links) {
  const OpenedByName otherwise = {.descriptor = -uapi::kELOOP};
  if (!is_plain(rule.value)) return otherwise;
  const long opened = sys::open_path(uapi::kAT_FDCWD, rule.value.data, uapi::kRESOLVE_NO_LINKS);
  if (opened >= 0 || opened == -uapi::kENOENT || opened == -uapi::kENOTDIR)
    return {.descriptor = opened, .path = rule.value};
  if (opened != -uapi::kELOOP || !has_trusted_links(policy, rule)) return otherwise;
  const long followed =
      sys::open_path(uapi::kAT_FDCWD, rule.value.data, uapi::kRESOLVE_NO_MAGIC_LINKS);
  if (followed == -uapi::kENOENT || followed == -uapi::kENOTDIR) return {.descriptor = followed};
  if (followed < 0) return otherwise;
  char resolved[kMaxPath];
  const size_t known = links.count;
  const long size = resolve({}, rule.value, resolved, sizeof resolved, &links);
  const Text path = size < 0 ? Text{} : keep(policy.arena, {resolved, static_cast<size_t>(size)});
  if (!path.empty()) return {.descriptor = followed, .path = path};
  links.count = known;
  sys::close(static_cast<int>(followed));
  return otherwise;
}

}  // namespace ll
