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

static void list_calls(Rows &rows) {
  for (size_t group = 0;; group++) {
    const Text name = text_at(group_names(), group);
    rows.heading(name.empty() ? "in no group"_packed : name.data);
    const char *call = call_names();
    for (size_t row = 0; *call != '\0'; row++, call += c_text(call).size + 1)
      if (name.empty() ? !is_in_any_group(row) : is_in_group(row, group)) rows.say(call);
    if (name.empty()) break;
  }
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

void name_directives(Rows &rows) {
  rows.end();
  say(rows.line(),
      "Every policy line is an option too; ll-exec --list directives explains:"_packed);
  rows.row();
  constexpr size_t kColumns = 80;
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++) {
    const Text name = text_at(kDirectiveNames, row);
    if (columns_of(rows.line().text()) + name.size + 3 > kColumns) rows.row();
    say(rows.word(), "--%"_packed, name);
  }
}

static void list_directives(Rows &rows) {
  say(rows.line(), "A policy line is an option without its dashes:"_packed);
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++)
    print_row(rows, 0, text_at(kDirectiveNames, row), text_at(kDirectiveMetavars, row),
              packed_at(kDirectiveHelps, row));
}

static void list_rights(Rows &rows) {
  say(rows.line(), "Rights of Landlock, and the ABI that each came with:"_packed);
  for (const Right &right : kRights) {
    rows.say("%", name_of(right));
    rows.pad_to(22);
    say(rows.line(), "%", uint64_t{right.abi});
    rows.pad_to(25);
    say(rows.line(), "%", help_of(right));
  }
}

void print_list(Listed listed) {
  Rows rows;
  switch (listed) {
    case Listed::Directives: list_directives(rows); break;
    case Listed::Rights: list_rights(rows); break;
    case Listed::Syscalls: list_calls(rows); break;
    case Listed::Nothing: break;
  }
  rows.end();
}

void print_help() {
  Rows rows;
  say(rows.line(), LL_USAGE ""_packed);
  list_options(rows);
  name_directives(rows);
  rows.end();
  say(rows.line(),
      "Exit status: the command's; 125 nothing ran, 126 not runnable, 127 not found."_packed);
  rows.end();
}

}  // namespace ll
