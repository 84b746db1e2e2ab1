#include "core/policy/withheld.h"

namespace ll {

namespace {

alignas(char) constexpr char kPatterns[] =
#define WITHHELD(pattern, why) pattern "\0"
#include "core/policy/withheld.def"
    ;
constexpr Withheld kReasons[] = {
#define WITHHELD(pattern, why) Withheld::why,
#include "core/policy/withheld.def"
};

// A byte's low bits, which are the same for a letter in both cases.
constexpr size_t kLetters = 32;
constexpr uint8_t letter_of(char c) { return static_cast<unsigned char>(c) % kLetters; }

// The patterns by their first two letters, so that most of a name is compared with none.
struct Entry {
  uint16_t start;  // in kPatterns
  uint8_t second;
  Withheld why;
};
struct Index {
  uint32_t seconds[kLetters];  // a bit for each that follows this first letter
  uint8_t starts[kLetters + 1];
  Entry entries[sizeof kReasons / sizeof *kReasons];
};
consteval Index index_patterns() {
  Index index = {};
  uint8_t count = 0;
  for (size_t letter = 0; letter < kLetters; letter++) {
    const char *pattern = kPatterns;
    for (const Withheld why : kReasons) {
      const char *part = *pattern == '*' ? pattern + 1 : pattern;
      if (letter_of(part[0]) == letter) {
        index.seconds[letter] |= 1U << letter_of(part[1]);
        index.entries[count++] = {static_cast<uint16_t>(pattern - kPatterns), letter_of(part[1]),
                                  why};
      }
      while (*pattern++ != '\0') {
      }
    }
    index.starts[letter + 1] = count;
  }
  return index;
}
constexpr Index kIndex = index_patterns();

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool matches_at(Text name, size_t at, const char *pattern) {
  if (*pattern == '*')
    pattern++;
  else if (at > 0)
    return false;
  for (; *pattern != '\0' && *pattern != '*'; pattern++, at++)
    if (at == name.size || upper(name[at]) != *pattern) return false;
  return *pattern == '*' || at == name.size;
}

[[gnu::noinline]] Withheld find_pattern_at(Text name, size_t at) {
  const uint8_t *start = kIndex.starts + letter_of(name[at]);
  const uint8_t second = letter_of(name[at + 1]);
  for (size_t i = start[0]; i < start[1]; i++) {
    const Entry &entry = kIndex.entries[i];
    if (entry.second == second && matches_at(name, at, kPatterns + entry.start)) return entry.why;
  }
  return Withheld::No;
}

// No pattern is shorter than two letters.
Withheld find_pattern(Text name) {
  uint32_t seconds = 0;
  for (size_t at = 0; at < name.size; at++) {
    const uint8_t letter = letter_of(name[at]);
    const bool begins = (seconds >> letter & 1) != 0;
    seconds = kIndex.seconds[letter];
    const Withheld why = begins ? find_pattern_at(name, at - 1) : Withheld::No;
    if (why != Withheld::No) return why;
  }
  return Withheld::No;
}

bool names_file(Text name) {
  constexpr Text kEnd = "_FILE"_t;
  return name.size >= kEnd.size && matches_at(name, name.size - kEnd.size, "*_FILE");
}

// Bytes. A shorter word before a host is a user name, as in ssh://git@host; the shortest tokens
// have 20 bytes.
constexpr size_t kToken = 20;

// Of what is behind "scheme://": "user:password@host", "token@host"
bool is_login(Text rest) {
  const Text authority = rest.first(find(rest, '/'));
  const size_t end = find_last(authority, '@');
  return end != kNpos && (end >= kToken || find(authority.first(end), ':') != kNpos);
}

bool holds_password(Text value) {
  for (size_t at = 2; at < value.size; at++)
    if (value[at] == '/' && value[at - 1] == '/' && value[at - 2] == ':' &&
        is_login(value.from(at + 1)))
      return true;
  return false;
}

}  // namespace

Withheld is_withheld(Text variable) {
  const Text name = variable.first(find(variable, '='));
  const Withheld why = find_pattern(name);
  if (why != Withheld::No && !names_file(name)) return why;
  return holds_password(variable.from(name.size + 1)) ? Withheld::Secret : Withheld::No;
}

Text withheld_pattern(size_t row) { return nth(kPatterns, row); }

}  // namespace ll
