#include "os/query/warnings.h"

#include "core/explain.h"
#include "core/host.h"
#include "os/enforce/deny.h"
#include "os/input/follow.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

void print_warning(const Policy &policy, Builder &line) {
  host_write(2, speaker(policy));
  host_write(2, ": "_t);
  line << '\n';
  host_write(2, line.text());
}

void print_not_enforced(const Policy &policy, const Plan &plan) {
  Builder line = output_line();
  list_not_enforced(line, policy, plan);
  print_warning(policy, line);
}

void print_gaps(const Policy &policy, const Plan &plan) {
  Builder line = output_line();
  list_gaps(line, plan);
  if (!line.empty()) print_warning(policy, line);
}

void warn_of_stray(const Policy &policy, const Rule &rule, int directory) {
  Stray stray;
  const long opened = open_granted(policy, rule, directory, stray);
  if (opened >= 0) sys::close(static_cast<int>(opened));
  if (opened != kStray) return;
  Diagnostic problem;
  format_stray(problem, rule.where, rule.value, stray, true);
  warn(policy, problem);
}

constexpr uint64_t kCreate = mask_of(RightId::make_reg) | mask_of(RightId::make_dir);

// That directory itself is granted to be read: who wrote that expects to create nothing in it,
// although a directory around it is granted more.
bool is_named_to_be_read(const Policy &policy, const Plan &plan, const FileId &directory) {
  bool read = false;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    const FileId &found = plan.entries[i].found;
    if (!is_path(rule.directive) || rule.any || rule.rights == 0) continue;
    if (rule.directive == Directive::Keep || found.inode != directory.inode ||
        found.device != directory.device)
      continue;
    if ((rule.rights & kCreate) != 0) return false;
    read = true;
  }
  return read;
}

// In the current directory: that is where the user looks; nobody works in the root itself. Null:
// nothing is in the way.
const Obstacle *obstacle_here(const Policy &policy, const Plan &plan) {
  uapi::Statx here;
  if (policy.directory.size <= 1 ||
      sys::stat_at(uapi::kAT_FDCWD, policy.directory.data, 0, here) < 0)
    return nullptr;
  for (size_t i = 0; i < plan.obstacle_count; i++) {
    const Obstacle &at = plan.obstacles[i];
    const bool is_here =
        at.directory.inode == here.ino && at.directory.device == uapi::device_of(here);
    if (is_here && (at.lost & kCreate) != 0)
      return is_named_to_be_read(policy, plan, at.directory) ? nullptr : &at;
  }
  return nullptr;
}

}  // namespace

void warn_of_obstacles(const Policy &policy, const Plan &plan) {
  if (plan.obstacle_count == 0) return;
  const Obstacle *obstacle = obstacle_here(policy, plan);
  if (obstacle == nullptr) return;
  const Rule &rule = policy.rules[obstacle->taker];
  Diagnostic problem;
  problem.fail(kNoLocation, "warning: nothing can be created in %, because of '%'",
               policy.directory, rule);
  if (rule.where.source != 0) format(problem.message, " (%)", Location{policy, rule.where, true});
  // Where no namespaces can be had, sandbox.sh itself comes to a `keep`.
  if (policy.inserted == 0 || rule.directive == Directive::Deny)
    format(problem.message, "; %", way_on(rule));
  warn(policy, problem);
}

void warn_of_log(const Policy &policy, const Filter &filter) {
  if (!filter.opened.log()) return;
  Diagnostic problem;
  problem.fail(kNoLocation, kOnlyLogged);
  warn(policy, problem);
}

void warn_of_strays(const Policy &policy, const Plan &plan, int directory) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (plan.entries[i].found.kind == Kind::Link) warn_of_stray(policy, policy.rules[i], directory);
}

void plan_or_die(const Policy &policy, const EnforceOptions &options, const Kernel &kernel,
                 Plan &plan) {
  Diagnostic problem;
  if (!make_plan(policy, kernel, options.best_effort, plan, problem)) die(policy, problem);
}

void warn_of_gaps(const Policy &policy, const EnforceOptions &options, const Plan &plan) {
  if (!options.quiet && is_weaker(policy, plan)) print_not_enforced(policy, plan);
  if (options.verbose) print_gaps(policy, plan);
}

}  // namespace ll
