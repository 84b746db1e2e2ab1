// The command line and every policy that it names, read in the order in which they are written.
#pragma once

#include "os/input/policy_reader.h"
#include "os/kernel/process.h"

namespace ll {

// Dies if the stack limit leaves too little stack: otherwise the kernel would kill it with SIGSEGV.
void check_stack(const Process &process, const Policy &policy);
// Dies on an error in them.
void load(const Process &process, Policy &policy, const ArgumentReader &reader);
template <typename ExecRequest>
void load_request(const Process &process, Policy &policy, ExecRequest &request) {
  load(process, policy, reader_of(request));
}

// Where relative paths start from; determined only if needed.
// 0, or minus an errno: then $PWD is unset, and `chdir` is refused.
long remember_directory(Policy &policy);

// Warns of a command that can write its policies, and so choose what the next one may do.
void warn_of_writable_policy(const Policy &policy, const SourceSpan &where, Text name);
void warn_of_planted_policy(const Policy &policy, const SourceSpan &where, Text folder);

}  // namespace ll
