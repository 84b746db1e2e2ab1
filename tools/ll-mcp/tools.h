// The tools: what a client is told of them, and what it may ask of them.
#pragma once

#include "asked/json.h"
#include "call.h"

namespace ll::mcp {

// As tools/list has them. `open_world`: commands reach the network.
std::string list_of_tools(bool open_world);

bool find_tool(std::string_view name, Tool &tool);
// False with what is wrong: for the model, which can do better.
bool read_arguments(const Value &arguments, ToolCall &call, std::string &problem);

}  // namespace ll::mcp
