// Starting ll-net, which decides each connection of the command and is the command's parent.
#pragma once

#include "core/landlock/plan.h"
#include "os/kernel/process.h"

namespace ll {

// In ll-exec: executes ll-net, which is ll-exec plus the supervisor; returns if ll-net is missing.
// In all other programs: does nothing.
void go_on_as_ll_net(const Policy &policy);

// How go_beneath_supervisor() starts ll-net.
struct Supervision {
  bool own_sockets = false;  // the command will have a network namespace without a way out
  bool verbose = false;
  int refused_peers = 0;  // a pipe that ll-net writes each RefusedPeer to; 0: none
};
// Opens that pipe, nonblocking at both ends. Close the writer's end once ll-net has it.
void open_refused_peers(const Policy &policy, int (&ends)[2]);
// This process becomes ll-net, with the rules about connections; its child returns, to become the
// command. Dies if ll-net is missing.
void go_beneath_supervisor(const Process &process, Policy &policy, const Supervision &how);
// The default implementation.
void start_supervisor(const Process &process, Policy &policy, const Supervision &how);
// The process without the argument that ll-net put before the others.
Process without_first_argument(const Process &process);
// In that child: rewrites $PID in the rules, since the child becomes the command.
void follow_process(Policy &policy, long before);
// Closes the judge's descriptor, which the command must not get.
void let_go_of_judge(Policy &policy);
// Shares the plan's grants with a judge's supervisor in the same program; elsewhere does nothing.
void note_floor(const Policy &policy, const Plan &plan);
// From now on ll-net decides its calls of this process, which must make none of them until execve.
void hand_over_connections(const Policy &policy, const Plan &plan);

}  // namespace ll
