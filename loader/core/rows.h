// What goes to standard output: rows for a person, JSON for a program.
#pragma once

#include "core/message.h"

namespace ll {

// Rows on standard output. A row is cut at its buffer's end: a path may be longer than a screen,
// but not than PATH_MAX.
class Rows {
 public:
  // Ends the row before, if there is one. What it begins with is a message.
  Builder &row();
  template <typename... Arguments>
  [[gnu::always_inline]] void say(const char *format, const Arguments &...arguments) {
    say_all(row(), format, Argument(arguments)...);
  }
  void heading(const char *format);
  void pad_to(size_t column);
  Builder &line() { return line_; }
  void end();

 private:
  Line<8192> line_;
};

// What is written of a JSON document goes out now and then: all of it need not fit.
class Json {
 public:
  template <typename... Arguments>
  [[gnu::always_inline]] void say(const char *format, const Arguments &...arguments) {
    say_all(line_, format, Argument(arguments)...);
  }
  // One more item of an array.
  template <typename... Arguments>
  [[gnu::always_inline]] void item(bool &any, const char *format, const Arguments &...arguments) {
    begin_item(any);
    say_all(line_, format, Argument(arguments)...);
  }
  void flush();

 private:
  void begin_item(bool &any);

  Line<32768> line_;
};

constexpr Text truth(bool value) { return value ? "true"_t : "false"_t; }

}  // namespace ll
