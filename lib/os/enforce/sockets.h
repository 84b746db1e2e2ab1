// Inherited sockets that the command gets.
#pragma once

#include "core/seccomp/filter.h"
#include "os/enforce/options.h"

namespace ll {

// Looks among standard input, output, error and the descriptors of `fd` for sockets that can be
// connected again or can send to others than their peer.
void find_inherited_sockets(const Policy &policy, Plan &plan);
// The same for one descriptor.
void look_at_descriptor(uint32_t descriptor, Plan &plan);
// Dies if such a socket cannot be restricted, because the policy's own sockets need the same calls;
// with --best-effort it warns.
void check_inherited_sockets(const Policy &policy, const EnforceOptions &options, const Plan &plan,
                             const Filter &filter);

}  // namespace ll
