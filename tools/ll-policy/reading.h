// A policy file, read to its end whatever is wrong in it.
#pragma once

#include <memory>
#include <vector>

#include "core/landlock/plan.h"
#include "os/kernel/process.h"
#include "rejection.h"
#include "request.h"

namespace ll {

struct Reading {
  std::unique_ptr<Policy> policy;
  std::vector<Rejection> problems;
  bool full = false;  // there were more
};

// A policy without rules, for messages about the command line.
std::unique_ptr<Policy> empty_policy(const Process &process);
// The policies that are named, and all that they use.
Reading read_policies(const Process &process, const std::vector<Word> &uses);
// Whether it is in a line that is none of a policy: of that only is told, not what comes of it.
bool is_in_broken_line(const Policy &policy, const SourceSpan &where);
// As read_policies, for what can be done only with a policy that has no error: throws the first.
// `policy` may have rules.
void read_into(const Process &process, const std::vector<Word> &uses, Policy &policy);

}  // namespace ll
