// Rules as policy lines.
#pragma once

#include <string>

#include "core/policy/policy.h"

namespace ll {

// Whether a policy can have it at all: control bytes are no text.
bool is_writable(const std::string &value);
// A value as a policy has it: quoted where that is needed.
std::string quoted(const std::string &value);
// "ro -/etc/motd", with its path from the root on.
std::string line_of(Policy &policy, const Rule &rule);
// A relative path starts from the current directory.
std::string whole_path(const Policy &policy, Text path);

}  // namespace ll
