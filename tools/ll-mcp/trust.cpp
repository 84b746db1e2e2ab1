#include "trust.h"

#include "os/input/resolve.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"

namespace ll::mcp {

namespace {

constexpr uint64_t kRemove = mask_of(RightId::remove_dir) | mask_of(RightId::remove_file);
constexpr uint64_t kMake = mask_of(RightId::make_sym) | mask_of(RightId::make_dir) |
                           mask_of(RightId::make_reg) | mask_of(RightId::make_sock) |
                           mask_of(RightId::refer);
constexpr uint64_t kWrite = mask_of(RightId::write_file) | mask_of(RightId::truncate);

// The rule that gives one of those rights on the directory that the path is in; nullptr if none
// does. The path has no links on its way.
const Rule *giving(const Policy &policy, const Plan &plan, Text path, uint64_t rights) {
  if (path.size == 1) return nullptr;
  const size_t slash = find_last(path, '/');
  Verdict verdict;
  check_access(policy, plan, {}, slash == 0 ? "/"_t : path.first(slash), rights, 0, verdict);
  return verdict.granting;
}

bool exists(Text path) {
  uapi::Statx stat;
  return sys::stat_at(uapi::kAT_FDCWD, path.data, 0, stat) == 0;
}

// As resolve(), up to the first that is missing.
long resolve_there(Text path, char *resolved, Links &links) {
  for (;;) {
    const long size = resolve({}, path, resolved, kMaxPath, &links);
    const size_t slash = find_last(path, '/');
    if (size != -uapi::kENOENT || slash == 0 || slash == kNpos) return size;
    path = path.first(slash);
  }
}

void check_rule(const Policy &policy, const Plan &plan, const Rule &rule) {
  const bool takes = rule.directive == Directive::Deny || rule.directive == Directive::Keep;
  if (takes && !exists(rule.value)) return;
  static Arena arena{};
  arena.used = 0;
  Links links = {.arena = arena};
  char resolved[kMaxPath];
  const long size = resolve_there(rule.value, resolved, links);
  if (size < 0) die_at(policy, rule.where, "cannot stat %: %", rule.value, Error{size});
  const Text path = {resolved, static_cast<size_t>(size)};
  const Rule *by = giving(policy, plan, path, exists(path) ? kRemove : kMake);
  for (size_t i = 0; by == nullptr && i < links.count; i++)
    by = giving(policy, plan, links.rows[i].path, kRemove);
  if (by == nullptr) return;
  die_at(policy, rule.where,
         "a command could replace it by a symbolic link, as '%' (%) allows\n"
         "later commands would be granted its target: leave one of the two out",
         *by, Location{policy, by->where});
}

}  // namespace

void check_trust(const Policy &policy, const Plan &plan, const std::string &folder) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (is_path(rule.directive) && rule.directive != Directive::Chdir && !rule.any)
      check_rule(policy, plan, rule);
  }
  for (const char *name : {"/ll-exec", "/ll-net", "/ll-ns", "/ll-trace", "/ll-mcp"}) {
    const std::string path = folder + name;
    const Text text = {path.data(), path.size()};
    Verdict verdict;
    check_access(policy, plan, {}, text, kRemove | kWrite, kRemove, verdict);
    if (verdict.granting == nullptr) continue;
    die_at(policy, verdict.granting->where,
           "commands could rewrite %, which restricts them\n"
           "install it where they cannot write, as with make install",
           text);
  }
}

}  // namespace ll::mcp
