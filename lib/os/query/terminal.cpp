#include "os/query/terminal.h"

#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr size_t kUsualWidth = 80;
constexpr size_t kLeastWidth = 40;

// A variable's value; empty where there is none.
Text value_of(char *const *environment, Text name) {
  Text value;
  lookup({.environment = environment}, name, value);
  return value;
}

// locale(7): the first of these that is set; what it says of the encoding.
bool is_utf8(char *const *environment) {
  Text locale = value_of(environment, "LC_ALL"_t);
  if (locale.empty()) locale = value_of(environment, "LC_CTYPE"_t);
  if (locale.empty()) locale = value_of(environment, "LANG"_t);
  const Text encoding = locale.from(find(locale, '.') + 1);
  return same_but_case(encoding.first(5), "UTF-8"_t) || same_but_case(encoding.first(4), "UTF8"_t);
}

}  // namespace

Screen detect_terminal(char *const *environment) {
  Screen screen;
  uapi::WindowSize size = {};
  if (sys::get_window_size(1, size) < 0) return screen;
  uint64_t width = size.columns;
  if (width == 0 && !parse_number(value_of(environment, "COLUMNS"_t), 9999, width))
    width = kUsualWidth;
  screen.width = width < kLeastWidth ? kLeastWidth : width;
  screen.utf8 = is_utf8(environment);
  screen.colours =
      value_of(environment, "NO_COLOR"_t).empty() && !(value_of(environment, "TERM"_t) == "dumb"_t);
  return screen;
}

}  // namespace ll
