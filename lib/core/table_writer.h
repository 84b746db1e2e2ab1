// What goes to standard output: rows for a person, JSON for a program.
#pragma once

#include "core/diagnostic.h"

namespace ll {

// Where the rows are read.
struct Screen {
  size_t width = kNpos;  // columns; kNpos: it is no terminal, and nothing is broken or cut
  bool colours = false;
  bool utf8 = false;
};

// console_codes(4): what follows "0;" in a colour's escape.
inline constexpr char kPlain[] = "";
inline constexpr char kBold[] = "1";
inline constexpr char kDim[] = "2";
inline constexpr char kRed[] = "31";
inline constexpr char kGreen[] = "32";
inline constexpr char kBoldRed[] = "1;31";
inline constexpr char kBoldGreen[] = "1;32";
inline constexpr char kBoldCyan[] = "1;36";

// The start of a text that fits in so many columns. Escapes of colours take none.
Text fit(Text text, size_t columns);
size_t columns_of(Text text);

// TableWriter on standard output. A row is cut at its buffer's end: a path may be longer than a
// screen, but not than PATH_MAX. On a terminal it is broken at blanks to the window's width.
class TableWriter {
 public:
  explicit TableWriter(const Screen &screen = {}) : screen_(screen) {}

  // Ends the row before, if there is one. What it begins with is a message.
  Builder &row();
  template <typename... Arguments>
  [[gnu::always_inline]] void format(const char *pattern, const Arguments &...arguments) {
    format_row(pattern, Argument(arguments)...);
  }
  void format_row(const char *pattern, ...);
  void heading(const char *pattern, const char *code = kBold);
  // Where the row is broken, it goes on there.
  void pad_to(size_t column);
  // For one more of the words behind such a column.
  Builder &word();
  void colour(const char *code);
  // In so many columns; what is too much is left out in the middle.
  void squeeze(Text text, size_t columns);
  Builder &line() { return line_; }
  void end();

 private:
  const Screen screen_;
  size_t indent_ = 0;
  Builder line_ = output_line();
};

// What is written of a JSON document goes out now and then: all of it need not fit.
class JsonWriter {
 public:
  template <typename... Arguments>
  [[gnu::always_inline]] void format(const char *pattern, const Arguments &...arguments) {
    format_all(line_, pattern, Argument(arguments)...);
  }
  // One more item of an array or object: with a comma, unless it is the first.
  template <typename... Arguments>
  [[gnu::always_inline]] void item(const char *pattern, const Arguments &...arguments) {
    format_item(pattern, Argument(arguments)...);
  }
  void flush();

 private:
  void format_item(const char *pattern, ...);

  Builder line_ = output_line();
};

constexpr Text truth(bool value) { return value ? "true"_t : "false"_t; }

}  // namespace ll
