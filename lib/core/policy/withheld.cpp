#include "core/policy/withheld.h"

namespace ll {

namespace {

struct Pattern {
  char text[20];
  uint8_t size;
  Withheld why;
};
constexpr Pattern kPatterns[] = {
#define WITHHELD(pattern, why) {pattern, sizeof pattern - 1, Withheld::why},
#include "core/policy/withheld.def"
};

bool contains_in_any_case(Text name, Text part) {
  for (size_t i = 0; i + part.size <= name.size; i++)
    if (((name[i] ^ part[0]) & ~0x20) == 0 && same_but_case(name.from(i).first(part.size), part))
      return true;
  return false;
}

// Bytes. A shorter word before a host is a user name, as in ssh://git@host; the shortest tokens
// have 20 bytes.
constexpr size_t kToken = 20;

// "scheme://user:password@host", "scheme://token@host"
bool holds_password(Text value) {
  size_t at = 0;
  while (at + 3 <= value.size && !(value.from(at).first(3) == "://"_t)) at++;
  const Text authority = value.from(at + 3).first(find(value.from(at + 3), '/'));
  const size_t end = find_last(authority, '@');
  return end != kNpos && (end >= kToken || find(authority.first(end), ':') != kNpos);
}

bool matches(Text name, Text pattern) {
  if (pattern[0] == '*' && pattern[pattern.size - 1] == '*')
    return contains_in_any_case(name, pattern.from(1).first(pattern.size - 2));
  if (pattern[0] == '*') {
    const Text end = pattern.from(1);
    return name.size >= end.size && same_but_case(name.from(name.size - end.size), end);
  }
  const size_t star = find(pattern, '*');
  return star == kNpos ? same_but_case(name, pattern)
                       : same_but_case(name.first(star), pattern.first(star));
}

}  // namespace

Withheld is_withheld(Text variable) {
  const Text name = variable.first(find(variable, '='));
  for (const Pattern &pattern : kPatterns)
    if (matches(name, {pattern.text, pattern.size}) && !matches(name, "*_FILE"_t))
      return pattern.why;
  return holds_password(variable.from(name.size + 1)) ? Withheld::Secret : Withheld::No;
}

Text withheld_pattern(size_t row) {
  if (row >= sizeof kPatterns / sizeof *kPatterns) return {};
  return {kPatterns[row].text, kPatterns[row].size};
}

}  // namespace ll
