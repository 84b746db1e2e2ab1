// The order in which a sandbox is set up, for all programs that run or explain one.
#pragma once

#include "core/seccomp/filter.h"
#include "os/enforce/deny.h"
#include "os/enforce/environment.h"
#include "os/enforce/options.h"
#include "os/input/ldd.h"
#include "os/kernel/process.h"

namespace ll {

enum class Purpose : uint8_t {
  Run,     // run the command in it
  Ask,     // explain it, for a command started in the current directory
  Survey,  // explain it, wherever the command starts
  Learn,   // run the command without it, and record what it would refuse
};

// Working memory. Large: the program provides it.
struct Workspace {
  PathTables paths;
  LibraryTables libraries;
  char *variables[kMaxVariables + 1] = {};  // of the command
};

// The sandbox being set up. The program owns the policy, the plan and the filter, which are large.
struct Sandbox {
  const Process &process;
  Policy &policy;
  const EnforceOptions &options;
  Plan &plan;
  Filter &filter;
  Workspace &workspace;
  size_t command = 0;       // its index in argv; 0: none
  int directory = -1;       // where relative paths start
  int ruleset = -1;         // kNoRuleset where Landlock is not used
  bool passes_all = false;  // no variable of the process is withheld from the command
};

// Probes, plans, grants and decides. Restricts nothing yet.
void prepare(Sandbox &sandbox, Purpose purpose);
// Errors that must stop the program before the command runs.
void check_before_start(const Sandbox &sandbox);
// Warnings, before the command runs.
void warn_before_start(Sandbox &sandbox);

}  // namespace ll
