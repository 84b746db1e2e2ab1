#include "core/help.h"

#include "core/seccomp/filter.h"
#include "core/table_writer.h"

namespace ll {

constexpr size_t kHelpColumn = 28;

static bool is_in_any_group(size_t row) {
  for (size_t group = 0; !text_at(kGroupNames, group).empty(); group++)
    if (is_in_group(row, group)) return true;
  return false;
}

static void list_calls(Rows &rows) {
  for (size_t group = 0;; group++) {
    const Text name = text_at(kGroupNames, group);
    rows.heading(name.empty() ? "in no group" : name.data);
    const char *call = kCallNames;
    for (size_t row = 0; *call != '\0'; row++, call += c_text(call).size + 1)
      if (name.empty() ? !is_in_any_group(row) : is_in_group(row, group)) rows.say(call);
    if (name.empty()) break;
  }
}

// Columns of a table; `letters` and `metavars` may be null.
[[gnu::noinline]] static void list_table(Rows &rows, const char *letters, Text dashes,
                                         const char *names, const char *metavars,
                                         const char *helps) {
  for (size_t row = 0; !text_at(names, row).empty(); row++) {
    const bool has_letter = letters != nullptr && letters[row] != 0;
    rows.say(has_letter ? "-%, %% %" : " %   %% %",
             Text{letters + (has_letter ? row : 0), has_letter ? 1U : 0U}, dashes,
             text_at(names, row), metavars != nullptr ? text_at(metavars, row) : ""_t);
    rows.pad_to(kHelpColumn);
    say_all(rows.line(), text_at(helps, row).data);
  }
}

void list_options(Rows &rows) {
  list_table(rows, kOptionLetters, "--"_t, kOptionNames, kOptionMetavars, kOptionHelps);
}

void print_list(Listed listed) {
  Rows rows;
  switch (listed) {
    case Listed::Directives:
      list_table(rows, nullptr, "--"_t, kDirectiveNames, kDirectiveMetavars, kDirectiveHelps);
      break;
    case Listed::Rights: list_table(rows, nullptr, ""_t, kRightNames, nullptr, kRightHelps); break;
    case Listed::Syscalls: list_calls(rows); break;
    case Listed::Nothing: break;
  }
  rows.end();
}

void print_help() {
  constexpr size_t kColumns = 80;
  Rows rows({.width = kColumns});
  say(rows.line(), LL_USAGE "");
  list_options(rows);
  rows.end();
  say(rows.line(), "Every policy line is an option too; ll-exec --list directives explains:");
  rows.row();
  for (const char *name = kDirectiveNames; *name != '\0'; name += c_text(name).size + 1)
    say(rows.word(), "--%", c_text(name));
  rows.end();
  say(rows.line(), "Exit status: the command's; 125 nothing ran, 126 not runnable, 127 not found.");
  rows.end();
}

}  // namespace ll
