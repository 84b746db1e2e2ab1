// As ll-exec has it (os/follow.h): a link beneath the current directory may have come with a
// project, and does not choose where changes go.
#pragma once

#include <string>

#include "files.h"

namespace ll {

// Whether `path` is `directory` or in it; both absolute.
bool is_beneath(const std::string &path, const std::string &directory);

// `directory` is what was found at `name`. Ends the program where a link led there.
void check_links(const std::string &name, const std::string &directory);

// Makes or cuts that file, to write to it.
Descriptor create_named(const std::string &path);

}  // namespace ll
