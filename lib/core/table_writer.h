// Standard output: rows of text, or JSON.
#pragma once

#include "core/diagnostic.h"

namespace ll {

// The terminal, if standard output is one.
struct Screen {
  size_t width = kNpos;  // columns; kNpos: not a terminal, nothing is wrapped or cut
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

// The longest prefix that fits in `columns`. Colour escapes take no column.
Text fit(Text text, size_t columns);
size_t columns_of(Text text);

// Rows on standard output. A row is at most as long as the buffer, which holds PATH_MAX. On a
// terminal it is wrapped at blanks to the width of the window.
class TableWriter {
 public:
  explicit TableWriter(const Screen &screen = {}) : screen_(screen) {}

  // Ends the previous row, if there is one, and begins a new one.
  Builder &row();
  template <typename... Arguments>
  [[gnu::always_inline]] void format(const char *pattern, const Arguments &...arguments) {
    format_row(pattern, Argument(arguments)...);
  }
  void format_row(const char *pattern, ...);
  void heading(const char *pattern, const char *code = kBold);
  // Continuation lines of a wrapped row start at that column.
  void pad_to(size_t column);
  // Begins one more word after such a column.
  Builder &word();
  void colour(const char *code);
  // Shortened in the middle to at most `columns`.
  void squeeze(Text text, size_t columns);
  Builder &line() { return line_; }
  void end();

 private:
  const Screen screen_;
  size_t indent_ = 0;
  Builder line_ = output_line();
};

// JSON on standard output, flushed as the buffer fills: a document may be larger than the buffer.
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
