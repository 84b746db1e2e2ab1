// --explain: prints a plan as text or as JSON.
#pragma once

#include "core/seccomp/filter.h"
#include "core/table_writer.h"

namespace ll {

// `syscall action log`
inline constexpr char kOnlyLogged[] = "NOT REFUSED, but logged: what 'syscall only' leaves out";

// On a terminal a tree, else one row per rule. `all`: also missing paths, and system calls by name.
void explain(const Policy &policy, const Plan &plan, const Filter &filter, const Screen &screen,
             bool all = false);
void explain_json(const Policy &policy, const Plan &plan, const Filter &filter);
// The one line of --best-effort and --no-landlock: what the policy names and the kernel does not
// enforce; empty when there is nothing.
void list_not_enforced(Builder &out, const Policy &policy, const Plan &plan);
// What is refused by default, but not by this kernel.
void list_gaps(Builder &out, const Plan &plan);

}  // namespace ll
