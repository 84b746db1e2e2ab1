// Texts in less than two thirds of their room: messages and help are a quarter of this program. A
// byte that no text has stands for a pair of others, as in the names of the kernel's symbols
// (scripts/kallsyms.c): one from 0x80 up, or a control character besides the newline. The compiler
// packs; a text without such bytes is its own packed form.
#pragma once

#include "core/text.h"

namespace ll {

// What is put together in pairs.def: of letters the letters themselves, of rows their bytes.
struct PairText {
  const char *halves[2];
};
inline constexpr PairText kPairTexts[] = {
#define PAIR(first, second) {{first, second}},
#include "core/pairs.def"
};
constexpr size_t kPairCount = sizeof kPairTexts / sizeof *kPairTexts;
constexpr size_t kHighCodes = 128;
constexpr size_t kLowCodes = 30;
static_assert(kPairCount <= kHighCodes + kLowCodes);

constexpr unsigned char kFirstHigh = 0x80;
constexpr unsigned char code_of_pair(size_t row) {
  if (row < kHighCodes) return static_cast<unsigned char>(kFirstHigh + row);
  const size_t low = row - kHighCodes + 1;
  return static_cast<unsigned char>(low < '\n' ? low : low + 1);
}
// kNone: the byte is a letter.
constexpr size_t pair_of_code(unsigned char byte) {
  if (byte >= kFirstHigh) return byte - size_t{kFirstHigh};
  if (byte >= ' ' || byte == '\n') return kNone;
  return kHighCodes + byte - (byte < '\n' ? 1 : 2);
}

struct Pairs {
  unsigned char halves[kPairCount][2];
};

constexpr bool is_joined(const char *whole, const PairText &pair) {
  for (const char *half : pair.halves)
    while (*half != '\0')
      if (*half++ != *whole++) return false;
  return *whole == '\0';
}

consteval Pairs work_out_pairs() {
  Pairs pairs = {};
  for (size_t row = 0; row < kPairCount; row++)
    for (size_t half = 0; half < 2; half++) {
      const char *text = kPairTexts[row].halves[half];
      size_t byte = static_cast<unsigned char>(*text);
      for (size_t earlier = 0; earlier < row; earlier++)
        if (is_joined(text, kPairTexts[earlier])) byte = code_of_pair(earlier);
      pairs.halves[row][half] = static_cast<unsigned char>(byte);
    }
  return pairs;
}
inline constexpr Pairs kPairs = work_out_pairs();

// An argument of a message, or a row of a packed column.
struct PackedText {
  const char *bytes;
};

// The letters of a packed text.
void unpack(Builder &out, const char *packed);
Text unpack_to(char *buffer, size_t capacity, const char *packed);
// The same of all rows of a column, each with its NUL; once.
const char *unpacked_column(char *buffer, size_t capacity, const char *column);

template <size_t N>
struct Literal {
  consteval Literal(const char (&text)[N]) {
    for (size_t i = 0; i < N; i++) bytes[i] = text[i];
  }
  char bytes[N];
  size_t size = N;
};

// Each row's pair in place of its letters, in the order of the rows.
template <size_t N>
consteval Literal<N> pack(Literal<N> text) {
  for (size_t row = 0; row < kPairCount; row++) {
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++, size++) {
      const bool pair = i + 1 < text.size &&
                        text.bytes[i] == static_cast<char>(kPairs.halves[row][0]) &&
                        text.bytes[i + 1] == static_cast<char>(kPairs.halves[row][1]);
      text.bytes[size] = pair ? static_cast<char>(code_of_pair(row)) : text.bytes[i];
      if (pair) i++;
    }
    text.size = size;
  }
  return text;
}

// As many bytes as are left of a text, wherever they fall.
template <auto packed>
struct Packed {
  struct Bytes {
    char bytes[packed.size];
  };
  static constexpr Bytes cut() {
    Bytes cut = {};
    for (size_t i = 0; i < packed.size; i++) cut.bytes[i] = packed.bytes[i];
    return cut;
  }
  [[gnu::aligned(1)]] static constexpr Bytes kBytes = cut();
};

// One text behind the other, each with a NUL, stays that.
template <Literal text>
inline constexpr const char *kPacked = Packed<pack(text)>::kBytes.bytes;

template <Literal text>
consteval const char *operator""_packed() {
  return kPacked<text>;
}

}  // namespace ll
