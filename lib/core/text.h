// Text: a view of bytes. Lines and numbers are built in fixed buffers: nothing here allocates.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ll {

struct Text {
  const char *data = nullptr;
  size_t size = 0;

  constexpr Text() = default;
  constexpr Text(const char *bytes, size_t count) : data(bytes), size(count) {}

  [[nodiscard]] constexpr bool empty() const { return size == 0; }
  constexpr char operator[](size_t i) const { return data[i]; }
  [[nodiscard]] constexpr Text from(size_t start) const;
  [[nodiscard]] constexpr Text first(size_t count) const;
};

// Taking a Text by value keeps it in registers also where these are not inlined.
constexpr Text part_from(Text text, size_t start) {
  const size_t skipped = start < text.size ? start : text.size;
  return {text.data + skipped, text.size - skipped};
}
constexpr Text part_first(Text text, size_t count) {
  return {text.data, count < text.size ? count : text.size};
}
[[gnu::always_inline]] constexpr Text Text::from(size_t start) const {
  return part_from(*this, start);
}
[[gnu::always_inline]] constexpr Text Text::first(size_t count) const {
  return part_first(*this, count);
}

constexpr Text operator""_t(const char *bytes, size_t count) { return {bytes, count}; }

constexpr size_t kNpos = SIZE_MAX;

Text c_text(const char *terminated);
// A column of a table is its texts one after another, each with its NUL.
Text nth(const char *column, size_t row);
bool operator==(Text a, Text b);
bool starts_with(Text text, Text prefix);
bool ends_with(Text text, Text suffix);
size_t find(Text text, char wanted);
size_t find_last(Text text, char wanted);
bool same_but_case(Text a, Text b);
bool contains(Text whole, Text part);
// For absolute paths, or paths relative to the same directory. Nothing is beneath an empty text.
bool is_beneath(Text path, Text directory);
bool is_in(Text path, Text directory);  // beneath it, or the directory itself
// Absolute, and called as the kernel would: no dots, no slash too many. Opened without following a
// link, just this is the path of what it names.
bool is_plain_path(Text path);
// '*' matches any run of bytes; there are no other wildcards.
bool matches_glob(Text text, Text pattern);
// Insertions, deletions, substitutions and swaps of bytes; limit + 1 if there are more.
size_t edit_distance(Text a, Text b, size_t limit);

// All of `text` as a decimal number up to `most`.
bool parse_number(Text text, uint64_t most, uint64_t &number);

// Appends until the buffer is full, then truncates and marks the text: for messages only.
class Builder {
 public:
  // Not constexpr: one in a static buffer would be a constant with a pointer in it.
  Builder(char *buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) {}
  Builder &operator<<(Text text);
  Builder &operator<<(uint64_t number);
  Builder &operator<<(uint32_t number) { return *this << uint64_t{number}; }
  Builder &operator<<(char byte) { return *this << Text{&byte, 1}; }
  [[nodiscard]] Text text() const { return {buffer_, size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

 private:
  char *buffer_;
  size_t capacity_;
  size_t size_ = 0;
};

void repeat(Builder &out, char byte, size_t count);

template <size_t N>
class FixedString : public Builder {
 public:
  FixedString() : Builder(bytes_, N) {}
  FixedString(const FixedString &) = delete;
  FixedString &operator=(const FixedString &) = delete;

 private:
  char bytes_[N];
};

struct Digits {
  char bytes[20];
  size_t size;
};
Digits decimal(uint64_t number);

}  // namespace ll
