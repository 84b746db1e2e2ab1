#include "core/help.h"

#include "core/filter.h"
#include "core/rows.h"

namespace ll {

constexpr size_t kHelpColumn = 28;

static bool is_in_any_group(size_t row) {
  for (size_t group = 0; !text_at(group_names(), group).empty(); group++)
    if (is_in_group(row, group)) return true;
  return false;
}

void print_calls() {
  Rows rows;
  for (size_t group = 0;; group++) {
    const Text name = text_at(group_names(), group);
    rows.heading(name.empty() ? "in no group"_packed : name.data);
    const char *call = call_names();
    for (size_t row = 0; *call != '\0'; row++, call += c_text(call).size + 1)
      if (name.empty() ? !is_in_any_group(row) : is_in_group(row, group)) rows.say(call);
    if (name.empty()) break;
  }
  rows.end();
}

static void print_row(Rows &rows, char letter, Text name, Text metavar, PackedText help) {
  rows.say(letter != 0 ? "-%, --% %"_packed : " %   --% %"_packed,
           Text{&letter, letter != 0 ? 1U : 0U}, name, metavar);
  rows.pad_to(kHelpColumn);
  say_all(rows.line(), help.bytes);
}

void list_options(Rows &rows) {
  for (size_t row = 0; row < sizeof kOptionLetters; row++)
    print_row(rows, kOptionLetters[row], text_at(kOptionNames, row), text_at(kOptionMetavars, row),
              packed_at(kOptionHelps, row));
}

void list_directives(Rows &rows) {
  rows.end();
  say(rows.line(), "A policy line is an option without its dashes:"_packed);
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++)
    print_row(rows, 0, text_at(kDirectiveNames, row), text_at(kDirectiveMetavars, row),
              packed_at(kDirectiveHelps, row));
}

void print_help() {
  Rows rows;
  say(rows.line(), LL_USAGE ""_packed);
  list_options(rows);
  list_directives(rows);
  rows.end();
  say(rows.line(),
      "Exit status: the command's; 125 nothing ran, 126 not runnable, 127 not found."_packed);
  rows.end();
}

}  // namespace ll
