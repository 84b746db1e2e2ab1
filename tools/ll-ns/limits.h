// Limits that need no cgroup: processes as the user namespace counts them, processors by
// affinity, and the data of each process. A filter refuses calls that could exceed them.
#pragma once

#include "core/table_writer.h"
#include "mount_tree.h"
#include "request.h"

namespace ll {

// What is asked for can be held by a cgroup only.
bool needs_cgroup(const NsRequest &request);
// What of it, and what else there is: an end of a message.
const char *without_cgroup(const NsRequest &request);

// In a user namespace of its own, user_namespaces(7): whether the kernel counts its processes for
// themselves, as Linux does from 5.14 on. Else minus an errno. It changes the soft limit.
long count_alone();
// Ends the program where a line of the policy opens memory that no limit of a process counts.
void check_limits(const Policy &policy, const NsRequest &request);
// The same where it may write to what --disk does not bound.
void check_disk(const Policy &policy, const NsRequest &request, MountTree &tree);
// Of --memory and --pids, as rules: each process's own.
void limit_instead(Policy &policy, const NsRequest &request);
// For what goes on through ll-exec: the data of each process, as a rule.
void limit_each(Policy &policy, const NsRequest &request);

// In the child, when it has its own user namespace and runs nothing yet.
void hold_limits(const Policy &policy, const NsRequest &request);
// The last thing before the command, where no ll-exec does it.
void hold_data(const Policy &policy, const NsRequest &request);
// As the last before the command or ll-exec.
void install_limits(const Policy &policy, const NsRequest &request);

// --explain; `refused`: why there is no cgroup, or empty.
void explain_limits(TableWriter &rows, const NsRequest &request, Text refused);

}  // namespace ll
