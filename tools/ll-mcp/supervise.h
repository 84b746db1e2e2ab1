// The process between this server and a command: it ends with the command, and the command and all
// that it started end with it, whoever of the three goes first.
#pragma once

#include "server_config.h"

namespace ll::mcp {

// What a supervisor says, on its pipe.
struct Report {
  enum Kind : int { NotStarted, Ended } kind;
  int value;  // an errno; a status as wait(2) has it
};

// What the command has as 0, 1, 2 and, if it is traced, as 3; what asks has as 4, a page as 5. All
// are close-on-exec; -1: there is none.
struct ChildFds {
  int input, output, errors, report, judge, page;
  int supervisor;  // for Report
};

// All of them: the server has a descriptor for those that it heeds, a supervisor waits for them. A
// command starts with none blocked or ignored.
void block_signals();

// In a child of the server's.
[[noreturn]] void supervise(const ToolCall &call, const Launch &start, const ChildFds &ends,
                            int server);

// What a supervisor leaves that is killed has become the server's. True if there is none of it.
bool end_orphans(const std::vector<int> &supervisors);

}  // namespace ll::mcp
