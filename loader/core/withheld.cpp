#include "core/withheld.h"

namespace ll {

namespace {

struct Pattern {
  char text[20];
  uint8_t size;
  Withheld why;
};
constexpr Pattern kPatterns[] = {
#define WITHHELD(pattern, why) {pattern, sizeof pattern - 1, Withheld::why},
#include "core/withheld.def"
};

bool matches(Text name, Text pattern) {
  if (pattern[0] == '*') {
    const Text end = pattern.from(1);
    return name.size >= end.size && same_but_case(name.from(name.size - end.size), end);
  }
  const size_t star = find(pattern, '*');
  return star == kNone ? same_but_case(name, pattern)
                       : same_but_case(name.first(star), pattern.first(star));
}

}  // namespace

Withheld is_withheld(Text name) {
  for (const Pattern &pattern : kPatterns)
    if (matches(name, {pattern.text, pattern.size})) return pattern.why;
  return Withheld::No;
}

Text withheld_pattern(size_t row) {
  if (row >= sizeof kPatterns / sizeof *kPatterns) return {};
  return {kPatterns[row].text, kPatterns[row].size};
}

}  // namespace ll
