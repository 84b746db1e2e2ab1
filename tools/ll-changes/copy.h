// Where a file cannot be renamed into another file system.
#pragma once

#include "files.h"

namespace ll {

// What is being made in the stage.
constexpr const char *kNew = "new";
// How names begin under which files with several names wait for the next one.
constexpr char kLinked = 'i';

void set_owner(int descriptor, const Facts &wanted);
// A copy of `name` in the stage, with its mode, times and attributes: its name there.
std::string copy_into(int stage, int directory, const char *name, const Facts &facts);

}  // namespace ll
