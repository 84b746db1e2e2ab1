// Entering the namespaces: user_namespaces(7).
#pragma once

#include "request.h"

namespace ll {

// User and group on the host.
struct Identity {
  uint64_t user, group;
};
Identity identity();

// The namespaces to create, as clone(2) flags.
uint64_t namespaces_of(const Policy &policy, const NsRequest &request);
// First thing in the child: maps its user and group, and no others. Minus an errno.
long map_identity(const Identity &outside, bool as_root);
// Forbids nested user namespaces, which would expose more of the kernel.
long forbid_user_namespaces();
// Makes mounts private, so that none propagates to the host. This fails if a security module, or
// Landlock around this process, refuses all mounts.
long separate_mounts();
// Finds out why the kernel refused, and formats the reason with advice.
void format_refusal(Diagnostic &problem, const char *what, long error);

}  // namespace ll
