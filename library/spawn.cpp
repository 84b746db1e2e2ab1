// ll_spawn: a child that shares this process's memory becomes the command, while this waits.
#include <sched.h>
#include <sys/mman.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <new>

#include "child.h"
#include "os/kernel/sys.h"

extern char **environ;

#ifdef __SANITIZE_THREAD__
// Whose own clone(2) is taken for fork(2), after which it looks no more. This one is libc's.
extern "C" int __clone(int (*)(void *), void *, int, void *, ...);
#define clone __clone
#endif

namespace ll {

namespace {

constexpr size_t kMostDescriptors = 256;
constexpr int kPidfd = 0x1000;  // CLONE_PIDFD, which an old libc does not name
constexpr uint64_t kAllSignals = UINT64_MAX;

// With all signals blocked no handler of the caller's runs in the child, and nothing interrupts.
class BlockedSignals {
 public:
  explicit BlockedSignals(const Policy &policy) {
    const long result = sys::set_signal_mask(uapi::kSIG_SETMASK, &kAllSignals, &old_);
    if (result < 0) die_errno(policy, "block signals", result);
  }
  ~BlockedSignals() { sys::set_signal_mask(uapi::kSIG_SETMASK, &old_, nullptr); }
  BlockedSignals(const BlockedSignals &) = delete;
  BlockedSignals &operator=(const BlockedSignals &) = delete;

 private:
  uint64_t old_ = 0;
};

bool is_zero(const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (bytes[i] != 0) return false;
  return true;
}

// What a later interface knows and this one does not must not be asked for.
void check_how(const Policy &policy, const struct ll_start &how, const struct ll_child &out) {
  const bool known =
      how.size >= sizeof how && how.size <= 4096 &&
      is_zero(reinterpret_cast<const char *>(&how) + sizeof how, how.size - sizeof how) &&
      (how.flags & ~LL_NEW_SESSION) == 0 && out.size >= sizeof out;
  if (!known) die_at(policy, kNoLocation, "unknown size or flags in struct ll_start or ll_child");
  if (how.argv == nullptr || how.argv[0] == nullptr)
    die_at(policy, kNoLocation, "no command to run");
  if (how.fd_count > kMostDescriptors)
    die_at(policy, kNoLocation, "more than % descriptors", kMostDescriptors);
  for (size_t i = 0; i < how.fd_count; i++)
    if (how.fds[i].from < 0 || how.fds[i].to < 0)
      die_at(policy, kNoLocation, "a descriptor is negative");
}

size_t count_of(const char *const *words) {
  size_t count = 0;
  while (words[count] != nullptr) count++;
  return count;
}

void forget(int pid, int pidfd) {
  sys::call(number::close, pidfd);
  int status = 0;
  while (sys::wait_for(pid, status) == -uapi::kEINTR) continue;
}

// Where the caller has closed one of the three, that must not be what it is for them.
int above_standard(int pidfd) {
  if (pidfd > 2) return pidfd;
  const long moved = sys::call(number::fcntl, pidfd, kDuplicate, 3);
  if (moved < 0) return pidfd;
  sys::call(number::close, pidfd);
  return static_cast<int>(moved);
}

}  // namespace

// PR_SET_THP_DISABLE is of the memory, too, and a filter is no substitute.
static void check_modes(const Policy &policy) {
  const Rule *rule = last_rule(policy, Directive::HugePages);
  if (rule != nullptr)
    die_at(policy, rule->where,
           "the library cannot apply 'hugepages off': the caller's memory would change"
           "\nrun it with ll-exec");
}

namespace {

// Where ll-net is between this process and the command: whether that was started, and if not
// why.
class Beneath {
 public:
  explicit Beneath(const ll_policy &made) {
    const Policy &policy = made.compiled().policy;
    if (!made.compiled().plan.supervised) return;
    if (made.names_process)
      die_at(policy, kNoLocation,
             "the library cannot run a policy with hosts and $PID\nrun it with ll-exec");
    void *const shared =
        mmap(nullptr, sizeof(Failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) throw std::bad_alloc();
    failure_.reset(new (shared) Failure());
    // The last that can fail: what throws here has no destructor.
    int ends[2];
    const long result = sys::call(number::pipe2, sys::address(ends), uapi::kO_CLOEXEC);
    if (result < 0) die_errno(policy, "make a pipe", result);
    heard_ = ends[0];
    alive_ = ends[1];
  }
  ~Beneath() {
    stop_telling();
    if (heard_ >= 0) sys::call(number::close, heard_);
  }
  Beneath(const Beneath &) = delete;
  Beneath &operator=(const Beneath &) = delete;

  [[nodiscard]] int alive() const { return alive_; }
  [[nodiscard]] Failure *failure() const { return failure_.get(); }

  // Null: the command has been started.
  const Failure *wait() {
    if (failure_ == nullptr) return nullptr;
    stop_telling();
    char byte;
    long got = -uapi::kEINTR;
    while (got == -uapi::kEINTR) got = sys::call(number::read, heard_, sys::address(&byte), 1);
    return failure_->status != 0 ? failure_.get() : nullptr;
  }

 private:
  void stop_telling() {
    if (alive_ >= 0) sys::call(number::close, alive_);
    alive_ = -1;
  }

  struct Unmap {
    void operator()(Failure *failure) const { munmap(failure, sizeof *failure); }
  };

  int heard_ = -1, alive_ = -1;
  std::unique_ptr<Failure, Unmap> failure_;
};

}  // namespace

static void spawn(ApiCall &call, const ll_policy &made, const struct ll_start &how,
                  struct ll_child &out) {
  const Compiled &own = made.compiled();
  check_how(own.policy, how, out);
  check_modes(own.policy);
  const char *const *environment = how.envp != nullptr ? how.envp : environ;
  const size_t variables = environment != nullptr ? count_of(environment) : 0;
  const Pages pages(sizeof(Child) + (variables + 1) * sizeof(char *));
  Child &child = pages.as<Child>();
  child.made = &made;
  child.how = &how;
  child.environment = reinterpret_cast<char **>(&child + 1);
  for (size_t i = 0; i < variables; i++) child.environment[i] = const_cast<char *>(environment[i]);
  Beneath beneath(made);
  child.alive = beneath.alive();
  child.failure = beneath.failure();
  int pidfd = -1;
  long pid;
  {
    const BlockedSignals blocked(own.policy);
    // Not clone3(2): a container's filter may answer it with ENOSYS.
    pid = clone(run_child, child.stack + sizeof child.stack,
                CLONE_VM | CLONE_VFORK | kPidfd | SIGCHLD, &child, &pidfd);
    if (pid < 0) pid = -errno;
  }
  call.resume();
  if (pid < 0) die_errno(own.policy, "start a process", pid);
  if (child.call.failure.status != 0) {
    forget(static_cast<int>(pid), pidfd);
    call.failure = child.call.failure;
    throw Failed{};
  }
  if (const Failure *failure = beneath.wait(); failure != nullptr) {
    call.failure = *failure;
    forget(static_cast<int>(pid), pidfd);
    throw Failed{};
  }
  pidfd = above_standard(pidfd);
  out.pid = static_cast<int32_t>(pid);
  out.pidfd = pidfd;
}

}  // namespace ll

int ll_spawn(const ll_policy *policy, const struct ll_start *how, struct ll_child *child,
             ll_error *error) {
  return ll::guarded(error, [&](ll::ApiCall &call) { ll::spawn(call, *policy, *how, *child); });
}
