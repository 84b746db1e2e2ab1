// ll_restrict_self.
#include <cstring>

#include "handle.h"
#include "os/enforce/privileges.h"
#include "os/enforce/ruleset.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/sockets.h"
#include "os/enforce/supervised.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr long kThread = 0x10000;         // CLONE_THREAD
constexpr int kAbiOfThreads = 8;          // landlock(7): LANDLOCK_RESTRICT_SELF_TSYNC
constexpr uint64_t kLandlockThreads = 8;  // LANDLOCK_RESTRICT_SELF_TSYNC
constexpr uint32_t kFilterThreads = 1;    // SECCOMP_FILTER_FLAG_TSYNC
constexpr uint32_t kFilterLog = uapi::kSECCOMP_FILTER_FLAG_LOG;
constexpr int kMoments = 50;            // of a millisecond
constexpr uint32_t kLastTried = 65536;  // descriptors, where /proc does not list them

bool has_capabilities(const Policy &policy) {
  uapi::CapabilityHeader header = {uapi::kLINUX_CAPABILITY_VERSION_3, 0};
  uapi::CapabilityData data[2] = {};
  const long got = sys::get_capabilities(header, data);
  if (got < 0) die_errno(policy, "read the capabilities", got);
  return (data[0].permitted | data[1].permitted | data[0].inheritable | data[1].inheritable) != 0;
}

// unshare(2): EINVAL where there are others.
bool is_alone(const Policy &policy) {
  const long result = sys::enter_namespaces(kThread);
  if (result == 0) return true;
  if (result != -uapi::kEINVAL)
    die_errno(policy, "determine whether there are other threads", result);
  return false;
}

// A thread that was joined may be there for a moment.
bool is_alone_soon(const Policy &policy) {
  const uapi::Time moment = {0, 1000000};
  for (int i = 0; i < kMoments; i++) {
    if (is_alone(policy)) return true;
    sys::call(number::nanosleep, sys::address(&moment), 0);
  }
  return false;
}

// Whether there are other threads, which can be restricted too. What of the process is not the
// thread's own is the same for all threads, or is refused.
bool has_others(const ll_policy &made) {
  const Policy &policy = made.compiled().policy;
  if (is_alone(policy)) return false;
  const bool by_landlock = made.ruleset == kNoRuleset || sys::landlock_abi() >= kAbiOfThreads;
  if (by_landlock && !has_capabilities(policy)) return true;
  if (is_alone_soon(policy)) return false;
  if (!by_landlock)
    die_at(
        policy, kNoLocation,
        "this process has other threads; to restrict all of them needs Landlock ABI 8"
        " (Linux 7.0)\ncall it before threads start, which some libraries do when they are loaded"
        " (numpy, OpenBLAS), or restrict one thread");
  die_at(policy, kNoLocation,
         "this process has other threads, whose capabilities it cannot drop\n"
         "call it before threads start, or as an ordinary user");
}

void look_at_listed(int listing, Plan &plan, const Policy &policy) {
  alignas(uapi::DirectoryEntry) char buffer[2048];
  for (;;) {
    const long size = sys::read_directory(listing, buffer, sizeof buffer);
    if (size < 0) die_errno(policy, "list the open descriptors", size);
    if (size == 0) return;
    for (long at = 0; at < size;) {
      const auto &entry = *reinterpret_cast<const uapi::DirectoryEntry *>(buffer + at);
      uint64_t number = 0;
      if (parse_number(c_text(entry.name), INT32_MAX, number))
        look_at_descriptor(static_cast<uint32_t>(number), plan);
      at += entry.length;
    }
  }
}

// All that the process has open stays so.
void look_for_sockets(const Policy &policy, Plan &plan) {
  const long listing =
      sys::open_at(uapi::kAT_FDCWD, "/proc/self/fd", uapi::kO_RDONLY | uapi::kO_DIRECTORY);
  if (listing >= 0) {
    look_at_listed(static_cast<int>(listing), plan, policy);
    sys::close(static_cast<int>(listing));
    return;
  }
  for (uint32_t i = 0; i < kLastTried; i++) look_at_descriptor(i, plan);
}

void set_filter(const Policy &policy, const Program &program, bool all) {
  if (!all) return install_filter(policy, program);
  const uapi::SockFprog loaded = {.length = static_cast<uint16_t>(kMaxInstructions - program.start),
                                  .code = program.code + program.start};
  const bool audit = last_rule(policy, Directive::Audit) != nullptr;
  const long result = sys::set_filter(kFilterThreads | (audit ? kFilterLog : 0), loaded);
  // seccomp(2): the number of a thread that cannot have it.
  if (result > 0)
    die_at(policy, kNoLocation, "thread % has a filter of its own that the others do not have",
           static_cast<uint64_t>(result));
  if (result < 0) die_errno(policy, "install the system call filter", result);
}

void restrict_threads(const ll_policy &made, const Plan &plan, const Program &program, bool all) {
  const Policy &policy = made.compiled().policy;
  const long result = sys::set_no_new_privileges();
  if (result < 0) die_errno(policy, "set no_new_privs", result);
  drop_capabilities(policy);
  set_limits(policy);
  set_modes(policy, plan);
  if (!all || made.ruleset == kNoRuleset) {
    restrict_self(policy, plan, made.ruleset);
  } else {
    const uint64_t flags = plan.handled[index_of(Field::Flags)];
    const long restricted = sys::restrict_self(made.ruleset, flags | kLandlockThreads);
    if (restricted < 0) die_errno(policy, "restrict all threads with Landlock", restricted);
  }
  set_filter(policy, program, all);
}

}  // namespace

static void restrict_by(const ll_policy &made, uint32_t threads) {
  Compiled &own = made.compiled();
  if (threads != LL_THIS_THREAD && threads != LL_ALL_THREADS)
    die_at(own.policy, kNoLocation, "threads must be LL_THIS_THREAD or LL_ALL_THREADS");
  if (made.names_process && made.process_id != sys::process_id())
    die_at(
        own.policy, kNoLocation,
        "the policy uses $PID and was made in process %\nmake it in the process that it restricts",
        static_cast<uint64_t>(made.process_id));
  hand_over_connections(own.policy, own.plan);  // which refuses: there is no ll-net above
  const bool all = threads == LL_ALL_THREADS && has_others(made);
  const Pages pages(sizeof(Compiled));
  auto &[unused, plan, filter, program] = pages.as<Compiled>();
  memcpy(static_cast<void *>(&plan), &own.plan, sizeof plan);
  look_for_sockets(own.policy, plan);
  decide(own.policy, plan, filter);
  check_inherited_sockets(own.policy, made.request, plan, filter);
  write_filter(own.policy, filter, program);
  restrict_threads(made, plan, program, all);
}

}  // namespace ll

int ll_restrict_self(const ll_policy *policy, uint32_t threads, ll_error *error) {
  return ll::guarded(error, [&](ll::ApiCall &) { ll::restrict_by(*policy, threads); });
}
