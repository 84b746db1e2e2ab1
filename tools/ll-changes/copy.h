// Where a file cannot be renamed into another file system.
#pragma once

#include "files.h"

namespace ll {

// What is being made in the stage.
constexpr const char *kNew = "new";
// How names begin under which files with several names wait for the next one.
constexpr char kLinked = 'i';

// Of a copy: that of what was copied, or as far as this user may.
enum class Owner { Same, IfAllowed };

void set_owner(int descriptor, const FileStat &wanted, Owner owner = Owner::Same);
// A copy with its mode, times and attributes. False, with Owner::IfAllowed: it may not be read.
bool copy_named(int stage, const char *made, int directory, const char *name, const FileStat &stats,
                Owner owner);
// A copy of `name` in the stage, with its mode, times and attributes: its name there.
std::string copy_into(int stage, int directory, const char *name, const FileStat &stats);

}  // namespace ll
