// What each command does. The result is the exit status.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

int list_policies(const Process &process, const PolicyRequest &request);
int show_policy(const Process &process, const PolicyRequest &request);
int check_policies(const Process &process, const PolicyRequest &request);
// `policy` has the rules of the command line.
int explain_why(const Process &process, Policy &policy, PolicyRequest &request);
int list_folders(const Process &process, const PolicyRequest &request);
int write_first_policy(const Process &process, Policy &policy, const PolicyRequest &request);
int convert(const Process &process, Policy &policy, const PolicyRequest &request);

}  // namespace ll
