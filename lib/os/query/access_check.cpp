#include "os/query/access_check.h"

#include "os/enforce/deny.h"
#include "os/input/load.h"
#include "os/input/resolve.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr size_t kFs = static_cast<size_t>(Field::Fs);
constexpr uint64_t kRewrite = mask_of(RightId::write_file) | mask_of(RightId::remove_file);
constexpr uint64_t kPlant = mask_of(RightId::make_reg) | mask_of(RightId::make_sym);

void collect(const Policy &policy, const Plan &plan, const uapi::Statx &stat, uint64_t rights,
             Verdict &verdict) {
  const uint64_t device = uapi::device_of(stat);
  const bool taken = verdict.nearest != nullptr && (verdict.nearest->directive == Directive::Deny ||
                                                    verdict.nearest->directive == Directive::Keep);
  for (size_t i = 0; i < plan.obstacle_count && !taken; i++) {
    const Obstacle &obstacle = plan.obstacles[i];
    const bool here = obstacle.directory.inode == stat.ino && obstacle.directory.device == device;
    if (here && (obstacle.lost & rights) != 0 && verdict.obstacle == nullptr)
      verdict.obstacle = &policy.rules[obstacle.taker];
  }
  const auto count = [&](const Rule &rule, uint64_t access, const FileId &found) {
    if (found.inode != stat.ino || found.device != device) return;
    const bool denies = rule.directive == Directive::Deny;
    if (access == 0 && !denies) return;
    if (verdict.nearest == nullptr || denies) verdict.nearest = &rule;
    const uint64_t added = access & rights & ~verdict.granted;
    if (added != 0 && verdict.granting == nullptr) verdict.granting = &rule;
    verdict.granted |= added;
  };
  for (size_t i = 0; i < policy.rule_count; i++)
    count(policy.rules[i], plan.entries[i].access, plan.entries[i].found);
  for (size_t i = 0; i < plan.sibling_count; i++)
    count(policy.rules[plan.siblings[i].rule], plan.siblings[i].access, plan.siblings[i].found);
}

}  // namespace

void check_access(const Policy &policy, const Plan &plan, Text base, Text path, uint64_t rights,
                  uint64_t of_entry, Verdict &verdict) {
  verdict.unhandled = rights & ~plan.handled[kFs] & ~plan.closed[kFs];
  const long size = resolve(base, path, verdict.path, sizeof verdict.path);
  if (size < 0) {
    verdict.error = size;
    return;
  }
  verdict.path_size = static_cast<size_t>(size);
  char here[kMaxPath];
  Builder copy(here, sizeof here);
  copy << Text{verdict.path, verdict.path_size} << '\0';
  bool own = true;
  for (size_t end = verdict.path_size;;) {
    here[end] = '\0';
    uapi::Statx stat;
    const long found = sys::stat_at(uapi::kAT_FDCWD, here, 0, stat);
    if (own && found == 0)
      verdict.kind = (stat.mode & uapi::kS_IFMT) == uapi::kS_IFDIR ? Kind::Directory : Kind::File;
    const uint64_t asked = own ? rights & ~of_entry : rights;
    // Of the path itself, that it is not there; of the directories above it, nothing may be wrong.
    if (found < 0 && !(own && found == -uapi::kENOENT)) {
      verdict.error = found;
      return;
    }
    if (found == 0) collect(policy, plan, stat, asked, verdict);
    if (end <= 1) return;
    own = false;
    while (end > 1 && here[end - 1] != '/') end--;
    if (end > 1) end--;
  }
}

namespace {

bool grants_any(const Policy &policy, const Plan &plan, uint64_t rights) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if ((plan.entries[i].access & rights) != 0) return true;
  return false;
}

[[gnu::noinline]] void warn_if_writable(const Policy &policy, const Plan &plan,
                                        const Source &source) {
  Verdict verdict;
  check_access(policy, plan, policy.directory, source.name, kRewrite, kOfEntry, verdict);
  if (verdict.granting != nullptr)
    warn_of_writable_policy(policy, verdict.granting->where, source.name);
  if (verdict.granting != nullptr || !source.names_beside) return;
  check_access(policy, plan, policy.directory, source.folder, kPlant, 0, verdict = {});
  if (verdict.granting != nullptr)
    warn_of_planted_policy(policy, verdict.granting->where, source.folder);
}

[[gnu::noinline]] void check_protected_rule(const Policy &policy, const Plan &plan,
                                            const Rule &rule, bool best_effort) {
  Verdict verdict;
  check_access(policy, plan, policy.directory, rule.value, kOfEntry, 0, verdict);
  if (verdict.error < 0)
    die_at(policy, rule.where, "cannot check whether % is protected: %", rule.value,
           Error{verdict.error});
  if (verdict.granting == nullptr) return;
  Diagnostic problem;
  problem.fail(rule.where,
               "cannot be protected: '%' (%) allows deleting in it\n"
               "Landlock grants add up: grant the directories beside it instead",
               *verdict.granting, Location{policy, verdict.granting->where});
  if (!best_effort) die(policy, problem);
  warn(policy, problem);
}

}  // namespace

void warn_of_writable_policies(const Policy &policy, const Plan &plan) {
  if (policy.source_count == 1 || !grants_any(policy, plan, kRewrite)) return;
  for (size_t i = 1; i < policy.source_count; i++)
    if (policy.sources[i].inode != 0) warn_if_writable(policy, plan, policy.sources[i]);
}

void check_protected(const Policy &policy, const Plan &plan, bool best_effort) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == Directive::Protect && plan.entries[i].access != 0)
      check_protected_rule(policy, plan, policy.rules[i], best_effort);
}

}  // namespace ll
