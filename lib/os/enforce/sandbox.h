// The one order in which a policy becomes a sandbox, for all programs that make or explain one.
#pragma once

#include "core/seccomp/filter.h"
#include "os/enforce/deny.h"
#include "os/enforce/environment.h"
#include "os/enforce/options.h"
#include "os/input/ldd.h"
#include "os/kernel/process.h"

namespace ll {

enum class Purpose : uint8_t {
  Run,     // the command is going to run under it
  Ask,     // what it would be, for a command that starts here
  Survey,  // what it would be, wherever the command starts
  Learn,   // the command runs without it, and what it would refuse is written down
};

// What making one works on: large, and the program's.
struct Workspace {
  PathTables paths;
  LibraryTables libraries;
  char *variables[kMaxVariables + 1] = {};  // of the command
};

// What is being made. The program owns the policy, the plan and the filter: they are large.
struct Sandbox {
  const Process &process;
  Policy &policy;
  const EnforceOptions &options;
  Plan &plan;
  Filter &filter;
  Workspace &workspace;
  size_t command = 0;  // its index in argv; 0: none
  int directory = -1;  // where relative paths start
  int ruleset = -1;    // kNoRuleset where Landlock is not used
};

// From the policy to what is granted and decided. Nothing is restricted yet.
void prepare(Sandbox &sandbox, Purpose purpose);
// What must not be passed over before the command runs.
void check_before_start(const Sandbox &sandbox);
// What the user is told before it does.
void warn_before_start(const Sandbox &sandbox);

}  // namespace ll
