#include "open_named.h"

#include "calls.h"

namespace ll {

namespace {

constexpr OpenedByName kOtherwise = {.descriptor = -uapi::kELOOP, .path = {}};

// follow.cpp decides which links beneath these directories are followed.
bool has_trusted_links(const Policy &policy, const Rule &rule) {
  return !is_beneath(rule.value, policy.directory) &&
         !is_beneath(rule.value, policy.sources[rule.where.source].folder);
}

// Opened by the path that the links lead to, on which there is none: if one is replaced meanwhile,
// nothing is shown in another place than its own.
OpenedByName open_resolved(Policy &policy, const Rule &rule, Links &links) {
  char resolved[kMaxPath];
  const long size = resolve({}, rule.value, resolved, sizeof resolved, &links);
  Text path;
  if (size <= 0 || !policy.arena.keep({resolved, static_cast<size_t>(size)}, path))
    return kOtherwise;
  const long opened = sys::open_path(uapi::kAT_FDCWD, path.data, uapi::kRESOLVE_NO_LINKS);
  return opened < 0 ? kOtherwise : OpenedByName{.descriptor = opened, .path = path};
}

}  // namespace

OpenedByName open_by_name(Policy &policy, const Rule &rule, Links &links) {
  if (!is_plain_path(rule.value)) return kOtherwise;
  const long opened = sys::open_path(uapi::kAT_FDCWD, rule.value.data, uapi::kRESOLVE_NO_LINKS);
  if (opened >= 0 || opened == -uapi::kENOENT || opened == -uapi::kENOTDIR)
    return {.descriptor = opened, .path = rule.value};
  if (opened != -uapi::kELOOP || !has_trusted_links(policy, rule)) return kOtherwise;
  const long followed =
      sys::open_path(uapi::kAT_FDCWD, rule.value.data, uapi::kRESOLVE_NO_MAGIC_LINKS);
  if (followed == -uapi::kENOENT || followed == -uapi::kENOTDIR) return {.descriptor = followed};
  if (followed < 0) return kOtherwise;
  sys::close(static_cast<int>(followed));
  const size_t known = links.count;
  const OpenedByName named = open_resolved(policy, rule, links);
  if (named.descriptor < 0) links.count = known;
  return named;
}

}  // namespace ll
