// Into the namespaces: user_namespaces(7).
#pragma once

#include "request.h"

namespace ll {

// Who the process is outside.
struct Identity {
  uint64_t user, group;
};
Identity identity();

// Those that are to be its own.
uint64_t namespaces_of(const Policy &policy, const NsRequest &request);
// In the child, first of all: itself as the one user and group that there are. Minus an errno.
long map_identity(const Identity &outside, bool as_root);
// No more of them inside: what could be done to the kernel as root of one is not needed here.
long forbid_user_namespaces();
// So that no mount made here shows outside. This is where a security module, or Landlock around
// this process, refuses all mounts.
long separate_mounts();
// Why the kernel refused, and what can be done: found by looking.
void format_refusal(Diagnostic &problem, const char *what, long error);

}  // namespace ll
