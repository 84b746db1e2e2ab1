#include "core/text.h"

#include "core/mem.h"

namespace ll {

Text c_text(const char *terminated) {
  size_t size = 0;
  while (terminated[size] != '\0') size++;
  return {terminated, size};
}

Text nth(const char *column, size_t row) {
  Text text = c_text(column);
  for (; row > 0; row--) text = c_text(text.data + text.size + 1);
  return text;
}

bool operator==(Text a, Text b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool starts_with(Text text, Text prefix) { return text.first(prefix.size) == prefix; }

bool ends_with(Text text, Text suffix) {
  return text.size >= suffix.size && text.from(text.size - suffix.size) == suffix;
}

size_t find(Text text, char wanted) {
  for (size_t i = 0; i < text.size; i++)
    if (text[i] == wanted) return i;
  return kNpos;
}

size_t find_last(Text text, char wanted) {
  for (size_t i = text.size; i > 0; i--)
    if (text[i - 1] == wanted) return i - 1;
  return kNpos;
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_but_case(Text a, Text b) {
  if (a.size != b.size) return false;
  for (size_t i = 0; i < a.size; i++)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool contains(Text whole, Text part) {
  for (size_t i = 0; i + part.size <= whole.size; i++)
    if (whole.from(i).first(part.size) == part) return true;
  return false;
}

bool is_beneath(Text path, Text directory) {
  if (directory == "/"_t) return path.size > 1 && path[0] == '/';
  return !directory.empty() && path.size > directory.size && starts_with(path, directory) &&
         path[directory.size] == '/';
}

bool is_plain_path(Text path) {
  if (path.size < 2 || path[0] != '/') return false;
  for (Text rest = path.from(1);;) {
    const Text name = rest.first(find(rest, '/'));
    if (name.empty() || name == "."_t || name == ".."_t) return false;
    if (name.size == rest.size) return true;
    rest = rest.from(name.size + 1);
  }
}

bool is_in(Text path, Text directory) {
  return is_beneath(path, directory) || (path == directory && !path.empty());
}

bool matches_glob(Text text, Text pattern) {
  size_t star = kNpos;
  size_t retry = 0;
  size_t p = 0;
  for (size_t t = 0; t < text.size;) {
    if (p < pattern.size && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size && pattern[p] == text[t]) {
      p++, t++;
    } else if (star != kNpos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size && pattern[p] == '*') p++;
  return p == pattern.size;
}

size_t edit_distance(Text a, Text b, size_t limit) {
  constexpr size_t kLongest = 32;
  if (a.size > kLongest || b.size > kLongest) return limit + 1;
  size_t rows[3][kLongest + 1];
  for (size_t j = 0; j <= b.size; j++) rows[0][j] = j;
  for (size_t i = 1; i <= a.size; i++) {
    size_t *row = rows[i % 3];
    const size_t *above = rows[(i + 2) % 3];
    const size_t *second = rows[(i + 1) % 3];
    row[0] = i;
    for (size_t j = 1; j <= b.size; j++) {
      size_t best = above[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      if (above[j] + 1 < best) best = above[j] + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped && second[j - 2] + 1 < best) best = second[j - 2] + 1;
      row[j] = best;
    }
  }
  const size_t distance = rows[a.size % 3][b.size];
  return distance > limit ? limit + 1 : distance;
}

bool parse_number(Text text, uint64_t most, uint64_t &number) {
  if (text.empty()) return false;
  uint64_t value = 0;
  for (size_t i = 0; i < text.size; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    const auto digit = static_cast<uint64_t>(text[i] - '0');
    if (value > (most - digit) / 10 || digit > most) return false;
    value = value * 10 + digit;
  }
  number = value;
  return true;
}

Builder &Builder::operator<<(Text text) {
  const size_t room = capacity_ - size_;
  const size_t count = text.size < room ? text.size : room;
  if (count != 0) memcpy(buffer_ + size_, text.data, count);
  size_ += count;
  if (count < text.size && capacity_ >= 3) memcpy(buffer_ + capacity_ - 3, "...", 3);
  return *this;
}

Builder &Builder::operator<<(uint64_t number) {
  const Digits digits = decimal(number);
  return *this << Text{digits.bytes, digits.size};
}

void repeat(Builder &out, char byte, size_t count) {
  while (count-- > 0) out << byte;
}

Digits decimal(uint64_t number) {
  Digits digits = {};
  char reversed[20];
  do {
    reversed[digits.size++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  for (size_t i = 0; i < digits.size; i++) digits.bytes[i] = reversed[digits.size - 1 - i];
  return digits;
}

}  // namespace ll
