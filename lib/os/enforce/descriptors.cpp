#include "os/enforce/launch.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr uint32_t kLast = UINT32_MAX;

bool is_null_device(int descriptor) {
  uapi::Statx stat;
  return sys::stat_of(descriptor, stat) == 0 && (stat.mode & uapi::kS_IFMT) == uapi::kS_IFCHR &&
         stat.rdev_major == 1 && stat.rdev_minor == 3;
}

// A pipe without another end: it can be neither read nor written, and leads out of no root.
long open_ended() {
  int ends[2];
  const long result = sys::make_pipe(ends);
  if (result >= 0) sys::close(ends[1]);
  return result;
}

// The lowest free number is the closed one, since those below it are open. Without close-on-exec:
// it is for the command.
void open_harmless(const Policy &policy, int descriptor) {
  const int mode = descriptor == 0 ? uapi::kO_RDONLY : uapi::kO_WRONLY;
  long opened = sys::open_at(uapi::kAT_FDCWD, "/dev/null", mode);
  if (opened >= 0 && !is_null_device(descriptor)) {
    sys::close(descriptor);
    opened = -uapi::kENOENT;
  }
  if (opened < 0) opened = open_ended();
  if (opened >= 0) opened = sys::set_descriptor_flags(descriptor, 0);
  if (opened < 0) die_errno(policy, "open a closed standard descriptor", opened);
}

// The next descriptor from `first` that the policy or an option keeps; kLast when there is none.
uint32_t next_kept(const Policy &policy, uint32_t first) {
  uint32_t next = kLast;
  const int owns[] = {policy.status, policy.supervisor, policy.judging.descriptor};
  for (const int own : owns)
    if (const auto number = static_cast<uint32_t>(own); number >= first && number < next)
      next = number;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Fd || rule.number < first || rule.number >= next) continue;
    next = static_cast<uint32_t>(rule.number);
  }
  return next;
}

// For kernels without close_range(2). A descriptor opened before the limit was lowered can be above
// it, so all numbers up to the system's default limit are tried.
void close_one_by_one(const Policy &policy) {
  constexpr uint64_t kDefaultMost = 1048576;  // fs.nr_open, proc_sys_fs(5)
  uapi::ResourceLimit limit = {};
  const long result = sys::get_limit(uapi::kRLIMIT_NOFILE, limit);
  if (result < 0) die_errno(policy, "read the limit of descriptors", result);
  const bool above = limit.hard != uapi::kRLIM_INFINITY && limit.hard > kDefaultMost;
  const uint64_t most = above ? limit.hard : kDefaultMost;
  uint32_t kept = next_kept(policy, 3);
  for (uint32_t i = 3; i < most; i++) {
    if (i == kept)
      kept = next_kept(policy, kept + 1);
    else
      sys::close(static_cast<int>(i));
  }
}

// The command must not get it.
void check_status(const Policy &policy) {
  constexpr int kCloseOnExec = 1;  // FD_CLOEXEC
  if (policy.status == 0) return;
  const long result = sys::set_descriptor_flags(policy.status, kCloseOnExec);
  if (result < 0)
    die_at(policy, kNoLocation, "descriptor % of --status-fd is not open",
           static_cast<uint64_t>(policy.status));
}

void check_kept(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Fd) continue;
    if (rule.number == static_cast<uint64_t>(policy.status))
      die_at(policy, rule.where, "descriptor % is used by --status-fd", rule.number);
    const long result = sys::set_descriptor_flags(static_cast<int>(rule.number), 0);
    if (result < 0)
      die_at(policy, rule.where,
             "descriptor % is not open\nopen it for ll-exec, as in: ll-exec --fd % ... %<FILE",
             rule.number, rule.number, rule.number);
  }
}

}  // namespace

void open_standard_descriptors(const Policy &policy) {
  for (int i = 0; i < 3; i++)
    if (sys::descriptor_flags(i) == -uapi::kEBADF) open_harmless(policy, i);
}

void close_descriptors(const Policy &policy) {
  check_status(policy);
  check_kept(policy);
  for (uint32_t first = 3;;) {
    const uint32_t kept = next_kept(policy, first);
    if (kept > first) {
      const long result = sys::close_range(first, kept == kLast ? kLast : kept - 1);
      if (result < 0) return close_one_by_one(policy);
    }
    if (kept == kLast) return;
    first = kept + 1;
  }
}

}  // namespace ll
