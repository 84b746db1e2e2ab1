#include "os/load.h"

#include "os/loader.h"

namespace ll {

long remember_directory(Policy &policy) {
  Arena &arena = policy.arena;
  if (!policy.directory.empty()) return 0;
  if (arena.room() < kMaxPath) return -uapi::kENOMEM;
  char *directory = arena.bytes + arena.used;
  const long length = sys::current_directory(directory, kMaxPath);
  // getcwd(2): a directory that is not beneath the root has no leading slash.
  if (length < 0) return length;
  if (length <= 1 || directory[0] != '/') return -uapi::kENOENT;
  policy.directory = {directory, static_cast<size_t>(length) - 1};
  arena.used += static_cast<size_t>(length);
  return 0;
}

void load_request(const Process &process, Policy &policy, Request &request) {
  policy.arguments = process.arguments;
  policy.argument_count = static_cast<size_t>(process.argument_count);
  policy.source_count = 1;
  remember_directory(policy);
  Loader(process, policy, request).load();
  Problem problem;
  if (!check_request(request, problem)) die(policy, problem);
}

void warn_of_writable_policy(const Policy &policy, const Where &where, Text name) {
  Problem problem;
  problem.fail(where,
               "warning: the command can rewrite its policy %\n"
               "keep policies outside of what they let write"_packed,
               name);
  warn(policy, problem);
}

void warn_of_planted_policy(const Policy &policy, const Where &where, Text folder) {
  Problem problem;
  problem.fail(where,
               "warning: the command can put a policy into %, where 'use' looks first\n"
               "keep policies outside of what they let write"_packed,
               folder);
  warn(policy, problem);
}

}  // namespace ll
