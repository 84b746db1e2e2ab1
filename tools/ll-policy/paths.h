// Paths as text.
#pragma once

#include <string>

namespace ll {

// Whether it is the folder, or beneath it.
bool is_in(const std::string &path, const std::string &folder);
// Without symbolic links and dots, as far as that can be told.
std::string resolved(const std::string &path);

}  // namespace ll
