// What goes to standard output: rows for a person, JSON for a program.
#pragma once

#include "core/host.h"
#include "core/message.h"

namespace ll {

// Rows on standard output. A row is cut at its buffer's end: a path may be longer than a screen,
// but not than PATH_MAX.
class Rows {
 public:
  Builder &row() {
    flush();
    return line_ << "  "_t;
  }
  void heading(Text text) {
    flush();
    line_ << '\n' << text << '\n';
  }
  void pad_to(size_t column) {
    while (line_.text().size < column) line_ << ' ';
    line_ << ' ';
  }
  Builder &line() { return line_; }
  void end() { line_ << '\n'; }
  void flush() {
    host_write(1, line_.text());
    line_.clear();
  }

 private:
  Line<8192> line_;
};

// JSON, with the commas where they belong.
class Json {
 public:
  Json &open(char bracket, Text name = {}) {
    key(name);
    line_ << bracket;
    first_ = true;
    return *this;
  }
  Json &close(char bracket) {
    line_ << bracket;
    first_ = false;
    return *this;
  }
  Json &text(Text name, Text value) {
    key(name);
    quote(value);
    return *this;
  }
  Json &number(Text name, uint64_t value) {
    key(name);
    line_ << value;
    return *this;
  }
  Json &truth(Text name, bool value) {
    key(name);
    line_ << (value ? "true"_t : "false"_t);
    return *this;
  }
  void end_row() {
    host_write(1, line_.text());
    line_.clear();
  }

 private:
  void key(Text name) {
    if (!first_) line_ << ',';
    first_ = false;
    if (name.data == nullptr) return;
    quote(name);
    line_ << ':';
  }
  // RFC 8259. Bytes that are not UTF-8 are passed on: a path may be any.
  void quote(Text value) {
    constexpr char kHex[] = {'0', '1', '2', '3', '4', '5', '6', '7',
                             '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    line_ << '"';
    for (size_t i = 0; i < value.size; i++) {
      const auto byte = static_cast<unsigned char>(value[i]);
      if (byte < 0x20)
        line_ << "\\u00"_t << kHex[byte >> 4] << kHex[byte & 15];
      else if (byte == '"' || byte == '\\')
        line_ << '\\' << value[i];
      else
        line_ << value[i];
    }
    line_ << '"';
  }

  Line<32768> line_;
  bool first_ = true;
};

}  // namespace ll
