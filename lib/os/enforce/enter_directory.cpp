// Alone in its file: the library's definition leaves the current directory as it is.
#include "os/enforce/launch.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"

namespace ll {

int enter_directory(Policy &policy) {
  const Rule *rule = last_rule(policy, Directive::Chdir);
  if (rule == nullptr) return uapi::kAT_FDCWD;
  // `deny` and `protect` have to find relative paths from where they were meant.
  const long known = remember_directory(policy);
  if (known < 0)
    die_at(policy, rule->where,
           "the current directory has no path: %\n"
           "run it from one that has, or leave out chdir",
           Error{known});
  const long start = sys::open_at(uapi::kAT_FDCWD, ".", uapi::kO_PATH);
  if (start < 0) die_errno(policy, "open the current directory", start);
  const long result = sys::change_directory(rule->value.data);
  if (result < 0) die_at(policy, rule->where, "cannot start in %: %", rule->value, Error{result});
  return static_cast<int>(start);
}

}  // namespace ll
