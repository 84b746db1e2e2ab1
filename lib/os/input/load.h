// The command line and every policy that it names, read in the order in which they are written.
#pragma once

#include "os/input/policy_reader.h"
#include "os/kernel/process.h"

namespace ll {

// Ends the program where the limit of the stack leaves too little of it to go on: without that the
// kernel would end it, by SIGSEGV.
void check_stack(const Process &process, const Policy &policy);
// Ends the program when something in them is wrong.
void load(const Process &process, Policy &policy, const ArgumentReader &reader);
template <typename ExecRequest>
void load_request(const Process &process, Policy &policy, ExecRequest &request) {
  load(process, policy, reader_of(request));
}

// Where relative paths start from; asked for only when it is needed.
// 0, or minus an errno: then $PWD is unset, and `chdir` is refused.
long remember_directory(Policy &policy);

// A command that can write its policies chooses what the next one may.
void warn_of_writable_policy(const Policy &policy, const SourceSpan &where, Text name);
void warn_of_planted_policy(const Policy &policy, const SourceSpan &where, Text folder);

}  // namespace ll
