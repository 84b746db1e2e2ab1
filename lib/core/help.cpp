#include "core/help.h"

#include "core/seccomp/filter.h"
#include "core/table_writer.h"

namespace ll {

namespace {

constexpr size_t kHelpColumn = 28;

bool is_in_any_group(size_t row) {
  for (size_t group = 0; !nth(kGroupNames, group).empty(); group++)
    if (is_in_group(row, group)) return true;
  return false;
}

void list_calls(TableWriter &rows) {
  for (size_t group = 0;; group++) {
    const Text name = nth(kGroupNames, group);
    rows.heading(name.empty() ? "no group" : name.data);
    const char *call = kCallNames;
    for (size_t row = 0; *call != '\0'; row++, call += c_text(call).size + 1)
      if (name.empty() ? !is_in_any_group(row) : is_in_group(row, group)) rows.format(call);
    if (name.empty()) break;
  }
}

// One row of help for an option or a directive; `letter` may be 0.
void list_row(TableWriter &rows, char letter, Text dashes, Text name, Text metavar, Text help) {
  rows.format(letter != 0 ? "-%, %% % " : " %   %% % ", Text{&letter, letter != 0 ? 1U : 0U},
              dashes, name, metavar);
  rows.pad_to(kHelpColumn);
  rows.line() << help;
}

void list_columns(TableWriter &rows, Text dashes, const char *names, const char *metavars,
                  const char *helps) {
  for (size_t row = 0; !nth(names, row).empty(); row++)
    list_row(rows, 0, dashes, nth(names, row), metavars != nullptr ? nth(metavars, row) : ""_t,
             nth(helps, row));
}

}  // namespace

void list_options(TableWriter &rows, const OptionTable &options) {
  for (size_t row = 0; row < options.count; row++)
    if (!options.help(row).empty())
      list_row(rows, options.letters[row], "--"_t, options.name(row), options.metavar(row),
               options.help(row));
}

void print_list(Listed listed) {
  TableWriter rows;
  switch (listed) {
    case Listed::Directives:
      list_columns(rows, "--"_t, kDirectiveNames, kDirectiveMetavars, kDirectiveHelps);
      break;
    case Listed::Rights: list_columns(rows, ""_t, kRightNames, nullptr, kRightHelps); break;
    case Listed::Syscalls: list_calls(rows); break;
    case Listed::Nothing: break;
  }
  rows.end();
}

void list_all_options(TableWriter &rows, const ProgramInfo &program) {
  rows.line() << program.usage;
  list_options(rows, program.options);
  rows.end();
  format(rows.line(), "Every directive is an option too, explained by ll-exec --list directives:");
  rows.row();
  for (const char *name = kDirectiveNames; *name != '\0'; name += c_text(name).size + 1)
    format(rows.word(), "--%", c_text(name));
  rows.end();
}

void print_help(const ProgramInfo &program) {
  TableWriter rows({.width = kHelpWidth});
  list_all_options(rows, program);
  format(rows.line(),
         "Exit status: the command's; 125 nothing ran, 126 not runnable, 127 not found.");
  rows.end();
}

void print_version(const Policy &policy) {
  TableWriter rows;
  format(rows.line(), "% %\n", speaker(policy), policy.program.version);
  rows.end();
}

}  // namespace ll
