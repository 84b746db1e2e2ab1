// Limits that need no cgroup: processes as the user namespace counts them, processors by
// affinity, and the data of each process. A filter refuses calls that could exceed them.
#pragma once

#include "core/table_writer.h"
#include "mount_tree.h"
#include "request.h"

namespace ll {

// Whether only a cgroup can enforce the limits given.
bool needs_cgroup(const NsRequest &request);
// Which limit needs it, and the alternative: the end of a message.
const char *without_cgroup(const NsRequest &request);

// In a new user namespace: whether RLIMIT_NPROC counts the processes of that namespace alone, as
// from Linux 5.14 on. Else minus an errno. Changes the soft limit.
long count_alone();
// Dies if a line of the policy grants memory that no limit of a process counts.
void check_limits(const Policy &policy, const NsRequest &request);
// Dies if the policy grants writing where --disk does not limit it.
void check_disk(const Policy &policy, const NsRequest &request, MountTree &tree);
// --memory and --pids as `limit` rules, which apply to each process.
void limit_instead(Policy &policy, const NsRequest &request);
// --memory-each as a `limit` rule, for ll-exec.
void limit_each(Policy &policy, const NsRequest &request);

// In the child, in its user namespace, before anything is run.
void hold_limits(const Policy &policy, const NsRequest &request);
// Directly before the command, if no ll-exec sets it.
void hold_data(const Policy &policy, const NsRequest &request);
// Directly before the command or ll-exec.
void install_limits(const Policy &policy, const NsRequest &request);

// --explain; `refused`: why there is no cgroup, or empty.
void explain_limits(TableWriter &rows, const NsRequest &request, Text refused);

}  // namespace ll
