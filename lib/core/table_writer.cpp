#include "core/table_writer.h"

#include "core/host.h"

namespace ll {

constexpr size_t kIndent = 4;  // of what a row is broken into

Text fit(Text text, size_t columns) {
  bool escape = false;
  for (size_t i = 0; i < text.size; i++) {
    escape = escape || text[i] == '\033';
    if (!escape && !continues_character(text[i])) {
      if (columns == 0) return text.first(i);
      columns--;
    }
    escape = escape && text[i] != 'm';
  }
  return text;
}

size_t columns_of(Text text) {
  size_t columns = 0;
  for (; !text.empty(); text = text.from(fit(text, 1).size)) columns++;
  return columns;
}

Builder &TableWriter::row() {
  end();
  indent_ = kIndent;
  return line_ << "  "_t;
}

void TableWriter::format_row(const char *pattern, ...) {
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  format_list(row(), pattern, arguments);
  __builtin_va_end(arguments);
}

void TableWriter::heading(const char *pattern, const char *code) {
  end();
  line_ << '\n';
  colour(code);
  format_all(line_, pattern);
  colour(kPlain);
}

void TableWriter::pad_to(size_t column) {
  const size_t at = columns_of(line_.text());
  repeat(line_, ' ', at < column ? column - at + 1 : 1);
  indent_ = column + 1;
}

Builder &TableWriter::word() { return columns_of(line_.text()) > indent_ ? line_ << ' ' : line_; }

void TableWriter::colour(const char *code) {
  if (screen_.colours) line_ << "\033[0;"_t << c_text(code) << 'm';
}

void TableWriter::squeeze(Text text, size_t columns) {
  const size_t whole = columns_of(text);
  if (whole <= columns) {
    line_ << text;
    return;
  }
  const Text gap = screen_.utf8 ? "…"_t : "~"_t;
  const size_t head = columns / 2;
  const size_t tail = columns - 1 - head;
  line_ << fit(text, head) << gap << text.from(fit(text, whole - tail).size);
}

void TableWriter::end() {
  static char bytes[65536];
  Builder broken(bytes, sizeof bytes);
  size_t indent = 0;
  for (Text rest = line_.text(); !rest.empty();) {
    const Text line = rest.first(find(rest, '\n'));
    Text piece = fit(line, screen_.width - indent);
    size_t skipped = 1;
    repeat(broken, ' ', indent);
    if (piece.size == line.size) {
      indent = 0;
    } else {
      const size_t blank = find_last(line.first(piece.size + 1), ' ');
      if (blank != kNpos && indent + columns_of(line.first(blank)) > indent_)
        piece = line.first(blank);
      else
        skipped = 0;
      indent = indent_ < screen_.width / 2 ? indent_ : kIndent;
    }
    broken << piece << '\n';
    rest = rest.from(piece.size + skipped);
  }
  host_write(1, broken.text());
  line_.clear();
}

void JsonWriter::format_item(const char *pattern, ...) {
  const Text before = line_.text();
  if (!ends_with(before, "["_t) && !ends_with(before, "{"_t)) line_ << ',';
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  format_list(line_, pattern, arguments);
  __builtin_va_end(arguments);
}

void JsonWriter::flush() {
  host_write(1, line_.text());
  line_.clear();
}

}  // namespace ll
