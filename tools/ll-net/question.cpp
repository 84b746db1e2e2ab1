#include "question.h"

#include "calls.h"
#include "status.h"

namespace ll {

namespace {

void add_unit(Builder &out, uint32_t unit) {
  const auto digits = "0123456789abcdef"_t;
  out << "\\u"_t;
  for (int shift = 12; shift >= 0; shift -= 4) out << digits[unit >> shift & 0xf];
}

// utf-8(7): 0: the text begins with no character.
size_t decode(Text text, uint32_t &character) {
  const auto first = static_cast<unsigned char>(text[0]);
  const size_t size = first < 0x80                    ? 1
                      : first >= 0xc2 && first < 0xe0 ? 2
                      : first >= 0xe0 && first < 0xf0 ? 3
                      : first >= 0xf0 && first < 0xf5 ? 4
                                                      : 0;
  if (size == 0 || size > text.size) return 0;
  character = size == 1 ? first : first & (0x7fU >> size);
  for (size_t i = 1; i < size; i++) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return 0;
    character = character << 6 | (byte & 0x3fU);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xd800 && character < 0xe000;
  return character < kLeast[size] || character > 0x10ffff || surrogate ? 0 : size;
}

void add_quoted(Builder &out, Text text) {
  out << '"';
  while (!text.empty()) {
    uint32_t character = 0;
    size_t size = decode(text, character);
    if (size == 0) {
      size = 1;
      add_unit(out, 0xdc00U | static_cast<unsigned char>(text[0]));
    } else if (character == '"' || character == '\\') {
      out << '\\' << text[0];
    } else if (character >= 0x20 && character < 0x7f) {
      out << text[0];
    } else if (character < 0x10000) {
      add_unit(out, character);
    } else {
      add_unit(out, 0xd800 + ((character - 0x10000) >> 10));
      add_unit(out, 0xdc00 + ((character - 0x10000) & 0x3ff));
    }
    text = text.from(size);
  }
  out << '"';
}

void add_name(Builder &out, Text name) { out << ",\""_t << name << "\":"_t; }

size_t read_file_of(uint32_t task, Text name, char *bytes, size_t size) {
  FixedString<64> path;
  path << "/proc/"_t << task << name << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return 0;
  const long got = sys::read(static_cast<int>(file), bytes, size);
  sys::close(static_cast<int>(file));
  return got > 0 ? static_cast<size_t>(got) : 0;
}

uint64_t number_of(const Status &status, Text field) {
  uint64_t number = 0;
  return parse_number(status.field(field), INT32_MAX, number) ? number : 0;
}

}  // namespace

void add_text(Builder &out, Text name, Text text) {
  add_name(out, name);
  add_quoted(out, text);
}

void add_number(Builder &out, Text name, uint64_t number) {
  add_name(out, name);
  out << number;
}

void add_truth(Builder &out, Text name, bool truth) {
  add_name(out, name);
  out << (truth ? "true"_t : "false"_t);
}

void add_list(Builder &out, Text name, Text list) {
  add_name(out, name);
  out << '[';
  for (bool first = true; !list.empty(); first = false) {
    const Text one = list.first(find(list, '\0'));
    if (!first) out << ',';
    add_quoted(out, one);
    list = list.from(one.size + 1);
  }
  out << ']';
}

void add_process(Builder &out, uint32_t task, Text argv) {
  const Status status(task);
  add_number(out, "pid"_t, number_of(status, "Tgid:"_t));
  add_number(out, "ppid"_t, number_of(status, "PPid:"_t));
  static char bytes[4096];
  FixedString<64> path;
  path << "/proc/"_t << task << "/exe"_t << '\0';
  const long size = sys::read_link(path.text().data, bytes, sizeof bytes);
  add_text(out, "exe"_t, {bytes, size > 0 ? static_cast<size_t>(size) : 0});
  if (argv.empty()) argv = {bytes, read_file_of(task, "/cmdline"_t, bytes, kMostArguments + 1)};
  add_list(out, "argv"_t, argv.first(kMostArguments));
  if (argv.size > kMostArguments) add_truth(out, "cut"_t, true);
}

}  // namespace ll
