// What a command prints may be any bytes; JSON is UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace ll::mcp {

// Every byte that belongs to no character becomes U+FFFD.
std::string repaired(std::string_view bytes);
// How many bytes at the end begin a character that is not whole.
size_t unfinished(std::string_view bytes);

}  // namespace ll::mcp
