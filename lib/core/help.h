// --help, --version and --list, generated from the tables of options and directives.
#pragma once

#include "core/table_writer.h"

namespace ll {

// Lists the directives by name only, so that it fits on a screen.
void print_help(const ProgramInfo &program);
// The same without the exit status.
constexpr size_t kHelpWidth = 80;
void list_all_options(TableWriter &rows, const ProgramInfo &program);
// "ll-exec 0.1.0"
void print_version(const Policy &policy);
// Only the options, for a program with a help text of its own.
void list_options(TableWriter &rows, const OptionTable &options);

// What --list names.
enum class Listed : uint8_t { Nothing, Directives, Rights, Syscalls };
void print_list(Listed listed);

}  // namespace ll
