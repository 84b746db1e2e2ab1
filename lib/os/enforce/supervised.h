// ll-net beside this program: it decides each connection of the command, of which it is the parent.
#pragma once

#include "core/landlock/plan.h"
#include "os/kernel/process.h"

namespace ll {

// What ll-exec does not know, ll-net may, which is the same and more: this process goes on as that.
// Returns where it is not there; all other programs do nothing.
void go_on_as_ll_net(const Policy &policy);

// This process goes on as ll-net, with the rules that are about connections; what returns is its
// child, which is to become the command. Ends the program where there is no ll-net.
struct Supervision {
  bool own_sockets = false;  // the command's network is to be another one, with no way out
  bool verbose = false;
  int refused_peers = 0;  // a pipe, to which each RefusedPeer is written; 0: none
};
// Such a pipe, which makes neither end wait. The writer's end is to be closed when ll-net has it.
void open_refused_peers(const Policy &policy, int (&ends)[2]);
void go_beneath_supervisor(const Process &process, Policy &policy, const Supervision &how);
// What does it.
void start_supervisor(const Process &process, Policy &policy, const Supervision &how);
// Of what that program put before the arguments: the process as it would be without it.
Process without_first_argument(const Process &process);
// In that child: what the policy says of $PID is about the command, which it becomes.
void follow_process(Policy &policy, long before);
// The judge's descriptor is not the command's.
void let_go_of_judge(Policy &policy);
// What is granted, for a judge's supervisor of the same program; others have no use for it.
void note_floor(const Policy &policy, const Plan &plan);
// The calls that ll-net decides go there from now on. What follows must not make them.
void hand_over_connections(const Policy &policy, const Plan &plan);

}  // namespace ll
