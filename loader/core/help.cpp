#include "core/help.h"

#include "core/filter.h"

namespace ll {

constexpr size_t kHelpColumn = 28;

static bool is_in_any_group(size_t row) {
  size_t group = 0;
  for (const char *name = kGroupNames; *name != '\0'; name += c_text(name).size + 1, group++)
    if (is_in_group(row, group)) return true;
  return false;
}

void print_calls() {
  Rows rows;
  size_t group = 0;
  for (const char *name = kGroupNames; *name != '\0'; name += c_text(name).size + 1, group++) {
    rows.heading(name);
    size_t row = 0;
    for (const char *call = call_names(); *call != '\0'; call += c_text(call).size + 1, row++)
      if (is_in_group(row, group)) rows.say("%", c_text(call));
  }
  rows.heading("in no group"_packed);
  size_t row = 0;
  for (const char *call = call_names(); *call != '\0'; call += c_text(call).size + 1, row++)
    if (!is_in_any_group(row)) rows.say("%", c_text(call));
  rows.end();
}

void list_options(Rows &rows) {
  for (size_t row = 0; row < sizeof kOptionLetters; row++) {
    Builder &out = rows.row();
    const char letter = kOptionLetters[row];
    if (letter != 0)
      say(out, "-%, ", Text{&letter, 1});
    else
      say(out, "    ");
    say(out, "--% %"_packed, text_at(kOptionNames, row), text_at(kOptionMetavars, row));
    rows.pad_to(kHelpColumn);
    say(out, "%", packed_at(kOptionHelps, row));
  }
}

void list_directives(Rows &rows) {
  rows.heading("A policy line is an option without its dashes:"_packed);
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++) {
    rows.say("    --% %"_packed, text_at(kDirectiveNames, row), text_at(kDirectiveMetavars, row));
    rows.pad_to(kHelpColumn);
    say(rows.line(), "%", packed_at(kDirectiveHelps, row));
  }
}

void print_help() {
  Rows rows;
  say(rows.line(), LL_USAGE ""_packed);
  list_options(rows);
  list_directives(rows);
  rows.heading(
      "Exit status: the command's; 125 nothing ran, 126 not runnable, 127 not found."_packed);
  rows.end();
}

}  // namespace ll
