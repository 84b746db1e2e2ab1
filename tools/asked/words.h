// A question for a person. What comes from the sandbox is in quotes and has nothing in it that a
// terminal obeys, that is not seen, or that could be taken for words of this program.
#pragma once

#include <string>

#include "asked/question.h"

namespace ll::asked {

// In quotes. `most`: characters shown; of what is longer it says so.
std::string quoted(std::string_view bytes, size_t most = SIZE_MAX);
// "read \"/etc/motd\"". The same of no two things, if nothing is mangled.
std::string wish_of(const Question &question);
// What an answer holds for: the same, but for a name at public addresses, which is one whatever
// they are. Empty where something is mangled: nothing is to be kept then.
std::string object_of(const Question &question);
// "\"/usr/bin/git\" (process 41)"; empty where it is not known.
std::string asker_of(const Question &question);
// What it says that it is: its arguments; empty where there are none.
std::string claim_of(const Question &question);

}  // namespace ll::asked
