// What `die` comes to here: the code of the launcher ends its program at the first problem, this
// one goes on.
#pragma once

#include <string>

#include "core/diagnostic.h"

namespace ll {

struct Rejection {
  SourceSpan where;
  std::string message;
  int status;
};

// Several at once, as they are printed.
struct Unconverted {
  std::string messages;
};

std::string string_of(Text text);
inline Text text_of(const std::string &string) { return {string.data(), string.size()}; }
// With its place in that policy.
std::string message_of(const Policy &policy, const Rejection &rejection);

}  // namespace ll
