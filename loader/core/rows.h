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
  // RFC 8259. A byte that is not UTF-8 becomes a lone surrogate, as in PEP 383: a path may hold
  // any.
  void quote(Text value) {
    line_ << '"';
    while (!value.empty()) {
      const size_t size = character_size(value);
      if (size == 0)
        escape(static_cast<unsigned char>(value[0]));
      else if (value[0] == '"' || value[0] == '\\')
        line_ << '\\' << value[0];
      else
        line_ << value.first(size);
      value = value.from(size == 0 ? 1 : size);
    }
    line_ << '"';
  }
  void escape(unsigned char byte) {
    const auto digit = [](int value) {
      return static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10);
    };
    line_ << (byte < 0x80 ? "\\u00"_t : "\\udc"_t) << digit(byte >> 4) << digit(byte & 15);
  }

  Line<32768> line_;
  bool first_ = true;
};

}  // namespace ll
