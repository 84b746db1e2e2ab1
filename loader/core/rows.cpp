#include "core/rows.h"

#include "core/host.h"

namespace ll {

Builder &Rows::row() {
  end();
  return line_ << "  "_t;
}

void Rows::heading(const char *format) {
  end();
  line_ << '\n';
  say_all(line_, format);
}

void Rows::pad_to(size_t column) {
  while (line_.text().size < column) line_ << ' ';
  line_ << ' ';
}

void Rows::end() {
  if (!line_.empty()) line_ << '\n';
  host_write(1, line_.text());
  line_.clear();
}

void Json::begin_item(bool &any) {
  if (any) line_ << ',';
  any = true;
}

void Json::flush() {
  host_write(1, line_.text());
  line_.clear();
}

}  // namespace ll
