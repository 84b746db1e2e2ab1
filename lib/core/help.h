// What a program says about itself: from its options' table and the directives'.
#pragma once

#include "core/table_writer.h"

namespace ll {

// The directives by name only, so that it fits a screen.
void print_help(const ProgramInfo &program);
// "ll-exec 0.1.0"
void print_version(const Policy &policy);
// A part of it, for a program that says more.
void list_options(TableWriter &rows, const OptionTable &options);

// What --list names.
enum class Listed : uint8_t { Nothing, Directives, Rights, Syscalls };
void print_list(Listed listed);

}  // namespace ll
