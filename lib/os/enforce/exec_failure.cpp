#include "os/enforce/exec_failure.h"

#include "core/per_thread.h"
#include "os/input/executable_file.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"

namespace ll {

namespace {

constexpr uint64_t kToRun = mask_of(RightId::execute) | mask_of(RightId::read_file);
constexpr int kMaxChain = 8;  // the kernel follows 5 interpreters (fs/exec.c), then ld.so

// S_IFMT bits of the file; 0: missing.
int type_of(const char *path) {
  uapi::Statx stat;
  return sys::stat_at(uapi::kAT_FDCWD, path, 0, stat) == 0 ? stat.mode & uapi::kS_IFMT : 0;
}

// The first of the command, its interpreter and so on that the plan does not allow to execute.
bool blame_policy(const Policy &policy, const Plan &plan, const char *command,
                  Diagnostic &problem) {
  LL_PER_CALL char path[kMaxChain + 1][kMaxPath];
  Builder(path[0], kMaxPath) << c_text(command) << '\0';
  for (int link = 0; link < kMaxChain; link++) {
    Verdict verdict;
    const uint64_t handled = plan.handled[static_cast<size_t>(Field::Fs)];
    check_access(policy, plan, {}, c_text(path[link]), kToRun & handled, 0, verdict);
    const Text name = {verdict.path, verdict.path_size};
    const bool itself = link == 0;
    const Text role = itself ? "it"_t : "its interpreter "_t;
    if (verdict.error < 0 || verdict.kind == Kind::Missing) {
      problem.fail(kNoLocation, "% cannot be run: %% does not exist", c_text(command), role,
                   itself ? ""_t : c_text(path[link]));
      return true;
    }
    if (verdict.granted != (kToRun & handled)) {
      problem.fail(kNoLocation,
                   "% cannot be run: %% is not granted rx\n"
                   "grant it: rx %, or the directory it is in; --ldd grants a command and all"
                   " that it loads, ll-trace names what else is refused",
                   c_text(command), role, itself ? ""_t : name, name);
      return true;
    }
    if (!read_interpreter(path[link], path[link + 1], kMaxPath)) return false;
  }
  return false;
}

}  // namespace

void explain_exec_failure(const Policy &policy, const Plan &plan, const char *command, long error) {
  Diagnostic problem;
  const int type = type_of(command);
  if (error == -uapi::kENOENT && type == 0) {
    problem.fail(kNoLocation, "'%' is not found", c_text(command));
    die(policy, problem, kNotFound);
  }
  if (type == uapi::kS_IFDIR) {
    problem.fail(kNoLocation, "% cannot be run: it is a directory", c_text(command));
    die(policy, problem, kCannotRun);
  }
  const bool refused = error == -uapi::kEACCES || error == -uapi::kENOENT;
  if (refused && blame_policy(policy, plan, command, problem)) die(policy, problem, kCannotRun);
  problem.fail(kNoLocation, "% cannot be run: %\n", c_text(command), Error{error});
  if (error == -uapi::kENOEXEC)
    format(problem.message, "a script needs #! and its interpreter in the first line");
  if (error == -uapi::kEACCES)
    format(problem.message,
           "the policy grants it: check its permissions and mount options (noexec)");
  die(policy, problem, kCannotRun);
}

}  // namespace ll
