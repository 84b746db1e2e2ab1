// What ll-exec says when it starts nothing, in the words of who called a tool.
#pragma once

#include <optional>
#include <string>

#include "server_config.h"

namespace ll::mcp {

// Nothing, if the command was started: what it prints and returns is its own then.
std::optional<std::string> why_not_started(const ToolCall &call, const Outcome &outcome);

}  // namespace ll::mcp
