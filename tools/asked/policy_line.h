// The line of a policy that answers a question from now on.
#pragma once

#include <string>

#include "asked/question.h"

namespace ll::asked {

// Without a newline. Empty: no line says just that.
std::string allowing_line(const Question &question);
std::string refusing_line(const Question &question);

}  // namespace ll::asked
