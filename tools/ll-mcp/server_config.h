// What the user chose on the command line, settled when the server starts: later changes of policy
// files mean nothing, and no command can make a later one be granted more.
#pragma once

#include <string>
#include <vector>

#include "call.h"
#include "os/kernel/process.h"
#include "request.h"

namespace ll::mcp {

// A program and all that it is started with.
struct Launch {
  std::vector<std::string> arguments;    // [0] is its path; empty: a question is answered instead
  std::vector<std::string> environment;  // NAME=VALUE
};

// The descriptor that ll-trace writes its report to.
constexpr int kReport = 3;
// And the page of what a command did: --report.
constexpr int kPage = 5;

// Reads the command line and the policies. Where they are wrong, cannot be enforced, or
// commands could change what they mean, it says so as ll-exec does and returns that message: no
// command is to be started then. In a terminal what is wrong ends the program. Else it returns
// nothing.
std::string load_config(const Process &process);

const McpRequest &chosen();
bool opens_network();

// Where a call of exec starts, and whether the policy lets it.
std::string place_of(const ToolCall &call);
bool grants_place_of(const ToolCall &call);
// How a call of exec is started; false with what is wrong with it.
bool prepare(const ToolCall &call, Launch &start, std::string &problem);
// The file of that page, which has not been there; -1, with what is wrong: no command is to run
// that leaves none.
int open_page(const ToolCall &call, std::string &problem);
// The answer to `why` and `policy`, on standard output, by the plan as it is now. In a child.
[[noreturn]] void answer(const ToolCall &call);

}  // namespace ll::mcp
