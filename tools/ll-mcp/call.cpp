#include "call.h"

namespace ll::mcp {

size_t ToolCall::size() const {
  size_t size = sizeof *this + command.size() + cwd.size() + right.size() + path.size();
  if (input) size += input->size();
  for (const std::string &argument : args) size += sizeof argument + argument.size();
  for (const auto &[name, value] : env)
    size += sizeof name + sizeof value + name.size() + value.size();
  return size;
}

}  // namespace ll::mcp
