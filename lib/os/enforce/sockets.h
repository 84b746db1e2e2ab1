// Sockets that whoever started this program left open for the command.
#pragma once

#include "core/seccomp/filter.h"
#include "os/enforce/options.h"

namespace ll {

// Standard input, output and error, and what `fd` keeps: what of it is a socket that can be
// connected anew, or can send to others than its peer.
void find_inherited_sockets(const Policy &policy, Plan &plan);
// One descriptor, of which the command has the number.
void look_at_descriptor(uint32_t descriptor, Plan &plan);
// Such a socket that nothing can hold, because what the policy opens needs the same calls, ends
// this program; with --best-effort it is a warning.
void check_inherited_sockets(const Policy &policy, const EnforceOptions &options, const Plan &plan,
                             const Filter &filter);

}  // namespace ll
