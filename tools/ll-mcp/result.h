// What came of a call, as the result that its tool's schema says.
#pragma once

#include "rpc.h"

namespace ll::mcp {

std::string result_of(const ToolCall &call, const Outcome &outcome);
// Of a call that could not be made: for the model.
std::string failed_result(const Reply &reply, std::string_view message);

}  // namespace ll::mcp
