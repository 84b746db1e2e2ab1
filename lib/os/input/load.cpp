#include "os/input/load.h"

#include "os/input/resolve.h"
#include "os/kernel/sys.h"

namespace ll {

long remember_directory(Policy &policy) {
  Arena &arena = policy.arena;
  if (!policy.directory.empty()) return 0;
  char *directory = policy.short_directory;
  long length = sys::current_directory(directory, sizeof policy.short_directory);
  if (length == -uapi::kERANGE) {
    if (arena.room() < kMaxPath) return -uapi::kENOMEM;
    directory = arena.bytes + arena.used;
    length = sys::current_directory(directory, kMaxPath);
    if (length > 0) arena.used += static_cast<size_t>(length);
  }
  // getcwd(2): a directory that is not beneath the root has no leading slash.
  if (length < 0) return length;
  if (length <= 1 || directory[0] != '/') return -uapi::kENOENT;
  policy.directory = {directory, static_cast<size_t>(length) - 1};
  return 0;
}

void check_stack(const Process &process, const Policy &policy) {
  // Bytes; the deepest that was seen takes half of it. The standard library's functions need more.
#ifdef LL_HOSTED
  constexpr uint64_t kNeeded = 512 * 1024;
#else
  constexpr uint64_t kNeeded = 96 * 1024;
#endif
  constexpr int kStack = 3;  // RLIMIT_STACK
  uapi::ResourceLimit limit = {};
  // In a sandbox that refuses to tell, the usual limit is taken for granted.
  if (sys::get_limit(kStack, limit) < 0) return;
  // execve(2): the name of the program is the first that the kernel puts on it.
  const char *top = process.executable != nullptr ? process.executable : process.arguments[0];
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  const auto first = reinterpret_cast<uintptr_t>(top);
  const uint64_t used = first > here ? first - here : 0;
  if (limit.soft >= used + kNeeded) return;
  die_at(policy, kNoLocation,
         "the stack is limited to % bytes, arguments and variables take %, and % more are"
         " needed\nraise it, as with ulimit -s 8192",
         limit.soft, used, kNeeded);
}

void load(const Process &process, Policy &policy, const ArgumentReader &reader) {
  policy.arguments = process.arguments;
  policy.argument_count = static_cast<size_t>(process.argument_count);
  policy.source_count = 1;
  if (!(speaker(policy) == policy.program.name)) policy.inserted = policy.argument_count;
  remember_directory(policy);
  PolicyReader policies(process, policy, reader);
  policies.read();
  policies.check_options();
}

void warn_of_writable_policy(const Policy &policy, const SourceSpan &where, Text name) {
  Diagnostic problem;
  problem.fail(where,
               "warning: the command can rewrite its policy %\n"
               "keep policies where no line grants writing",
               name);
  warn(policy, problem);
}

void warn_of_planted_policy(const Policy &policy, const SourceSpan &where, Text folder) {
  Diagnostic problem;
  problem.fail(where,
               "warning: the command can put a policy into %, where 'use' looks first\n"
               "keep policies where no line grants writing",
               folder);
  warn(policy, problem);
}

}  // namespace ll
