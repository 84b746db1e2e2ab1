// The process as the kernel started it, and how it exits if nothing was run.
#pragma once

#include "core/diagnostic.h"
#include "core/policy/policy.h"

namespace ll {

struct Process {
  int argument_count;
  char **arguments;
  char **environment;
  const char *executable;  // the path that was passed to execve
};

constexpr int kFailed = 125;     // nothing was run
constexpr int kCannotRun = 126;  // found, but could not be run
constexpr int kNotFound = 127;

// Defined in main.cpp; returns the exit status.
int run(const Process &process);

// The message also goes to --status-fd, after the status and a newline.
[[noreturn, gnu::cold, gnu::noinline]] void die(const Policy &policy, const Diagnostic &problem,
                                                int status = kFailed);
// "cannot WHAT: EPERM (not permitted)", without a place in the policy.
[[noreturn, gnu::cold, gnu::noinline]] void die_errno(const Policy &policy, const char *what,
                                                      long error);

[[noreturn, gnu::cold, gnu::noinline]] void die_all(const Policy &policy, const SourceSpan &where,
                                                    const char *pattern, ...);
template <typename... Arguments>
[[noreturn, gnu::always_inline]] inline void die_at(const Policy &policy, const SourceSpan &where,
                                                    const char *pattern,
                                                    const Arguments &...arguments) {
  die_all(policy, where, pattern, Argument(arguments)...);
}
[[gnu::cold, gnu::noinline]] void warn(const Policy &policy, const Diagnostic &problem);

}  // namespace ll
