#include "core/diagnostic.h"

namespace ll {

namespace {

constexpr size_t kLongestText = 256;  // bytes of an argument
constexpr size_t kWindow = 100;       // bytes of a line that are shown around the caret

}  // namespace

size_t character_size(Text text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return lead < 0x20 || lead == 0x7f ? 0 : 1;
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || size > text.size) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  if (lead == 0xc2 && second < 0xa0) return 0;  // control characters
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90)) return 0;  // too long
  if ((lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f))
    return 0;  // surrogates, too large
  for (size_t i = 1; i < size; i++)
    if (!continues_character(text[i])) return 0;
  return size;
}

uint32_t deceiving_character(Text text) {
  static constexpr struct {
    uint32_t first, last;
  } kRanges[] = {
      {0xad, 0xad},        // soft hyphen
      {0x34f, 0x34f},      // combining grapheme joiner
      {0x61c, 0x61c},      // Arabic letter mark
      {0x115f, 0x1160},    // Hangul fillers
      {0x17b4, 0x17b5},    // Khmer vowels that are not seen
      {0x180b, 0x180f},    // Mongolian selectors and separator
      {0x2000, 0x200f},    // spaces of all widths and of none, marks of direction
      {0x2028, 0x202f},    // line and paragraph separators, embeddings and overrides
      {0x205f, 0x206f},    // isolates, operators that are not seen
      {0x3000, 0x3000},    // ideographic space
      {0x3164, 0x3164},    // Hangul filler
      {0xfe00, 0xfe0f},    // variation selectors
      {0xfeff, 0xfeff},    // byte order mark
      {0xffa0, 0xffa0},    // halfwidth Hangul filler
      {0xfff9, 0xfffb},    // interlinear annotation
      {0xe0000, 0xe0fff},  // tags, more variation selectors
  };
  const size_t size = character_size(text);
  if (size < 2) return 0;
  uint32_t number = static_cast<unsigned char>(text[0]) & (0x7fU >> size);
  for (size_t i = 1; i < size; i++)
    number = number << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  if (number == 0xa0) return number;  // no-break space
  for (const auto &range : kRanges)
    if (number >= range.first && number <= range.last) return number;
  return 0;
}

bool holds_deceiving(Text text) {
  while (!text.empty()) {
    if (deceiving_character(text) != 0) return true;
    const size_t size = character_size(text);
    text = text.from(size == 0 ? 1 : size);
  }
  return false;
}

void format_character(Builder &out, uint32_t number) {
  out << "<U+"_t;
  for (int digit = number > 0xffff ? 4 : 3; digit >= 0; digit--)
    out << "0123456789ABCDEF"[number >> (4 * digit) & 15];
  out << '>';
}

namespace {

void plain(Builder &out, Text text) {
  while (!text.empty()) {
    const size_t size = character_size(text);
    const uint32_t deceiving = deceiving_character(text);
    if (deceiving != 0)
      format_character(out, deceiving);
    else if (size == 0)
      out << (text[0] == '\t' ? ' ' : '?');
    else
      out << text.first(size);
    text = text.from(size == 0 ? 1 : size);
  }
}

// The columns that plain() fills.
size_t width_of(Text text) {
  size_t width = 0;
  for (; !text.empty(); width++) {
    const size_t size = character_size(text);
    const uint32_t deceiving = deceiving_character(text);
    if (deceiving != 0) width += deceiving > 0xffff ? 8 : 7;
    text = text.from(size == 0 ? 1 : size);
  }
  return width;
}

struct Position {
  Text before;  // what precedes the line on the screen: an option of which it is the value
  Text line;
  size_t number;  // of the line, from 1
  size_t column;  // bytes from the start of the line, from 0
};

Position locate_argument(const Policy &policy, SourceSpan where) {
  const Text argument = c_text(policy.arguments[where.argument]);
  Text before;
  if (where.argument > 1) {
    const Text previous = c_text(policy.arguments[where.argument - 1]);
    if (starts_with(previous, "-"_t) && !starts_with(argument, "--"_t)) before = previous;
  }
  return {before, argument, 1, where.offset};
}

Position locate(const Policy &policy, SourceSpan where) {
  if (where.source == 0) return locate_argument(policy, where);
  const Text text = policy.sources[where.source].text;
  const size_t newline = find_last(text.first(where.offset), '\n');
  const size_t start = newline == kNpos ? 0 : newline + 1;
  size_t number = 1;
  for (size_t i = 0; i < start; i++) number += text[i] == '\n' ? 1 : 0;
  const Text rest = text.from(start);
  return {{}, rest.first(find(rest, '\n')), number, where.offset - start};
}

void print_caret(Builder &out, const Policy &policy, SourceSpan where) {
  const Position at = locate(policy, where);
  const size_t start = at.column > kWindow * 3 / 4 ? at.column - kWindow / 2 : 0;
  const Text shown = at.line.from(start).first(kWindow);
  repeat(out, ' ', 4);
  size_t indent = 4;
  if (!at.before.empty()) {
    plain(out, at.before);
    out << ' ';
    indent += width_of(at.before) + 1;
  }
  plain(out, shown);
  out << '\n';
  const size_t column = at.column - start;
  repeat(out, ' ', indent + width_of(shown.first(column)));
  const size_t under = width_of(shown.from(column).first(where.length));
  out << '^';
  repeat(out, '~', under > 1 ? under - 1 : 0);
  out << '\n';
}

}  // namespace

void format_text(Builder &out, Text text) {
  plain(out, text.first(kLongestText));
  if (text.size > kLongestText) out << "..."_t;
}

namespace {

void format_unit(Builder &out, uint32_t number) {
  out << "\\u"_t;
  for (int shift = 12; shift >= 0; shift -= 4) out << "0123456789abcdef"[number >> shift & 15];
}

// RFC 8259. A byte that is not UTF-8 becomes a lone surrogate, as in PEP 383: a path may hold any.
void format_quoted(Builder &out, Text text) {
  out << '"';
  while (!text.empty()) {
    const size_t size = character_size(text);
    const auto byte = static_cast<unsigned char>(text[0]);
    const uint32_t deceiving = deceiving_character(text);
    if (size == 0)
      format_unit(out, byte < 0x80 ? byte : 0xdc00U | byte);
    else if (deceiving > 0xffff)
      format_unit(out, 0xd7c0 + (deceiving >> 10)), format_unit(out, 0xdc00U | (deceiving & 0x3ff));
    else if (deceiving != 0)
      format_unit(out, deceiving);
    else if (byte == '"' || byte == '\\')
      out << '\\' << text[0];
    else
      out << text.first(size);
    text = text.from(size == 0 ? 1 : size);
  }
  out << '"';
}

void format_error(Builder &out, long number) {
  out << errno_text(static_cast<int>(number < 0 ? -number : number));
}

void format_rule(Builder &out, const Rule &rule) {
  out << name_of(rule.directive) << ' ';
  switch (row_of(rule.directive).value) {
    case Value::Port:
      if (!host_of(rule).empty()) return format_text(out, rule.value);
      if (rule.low == 0 && rule.high == kMaxPort)
        out << "any"_t;
      else if (rule.high == rule.low)
        out << rule.low;
      else
        format(out, "%-%", rule.low, rule.high);
      out << (rule.udp ? "/udp"_t : "/tcp"_t);
      break;
    case Value::Rights:
      list_rights(out, rule.rights);
      out << ' ';
      [[fallthrough]];
    default: format_text(out, rule.value);
  }
}

// Arguments added by a wrapper, or by ll-ns for its launcher, are not counted: the user wrote none.
bool is_counted(const Policy &policy, const SourceSpan &where) {
  return where.source != 0 || where.argument > policy.inserted;
}

void format_place(Builder &out, const Location &place) {
  if (!is_counted(place.policy, place.where)) {
    format(out, "the command line");
    return;
  }
  if (place.where.source == 0) {
    out << "argument "_t << place.where.argument - place.policy.inserted;
    return;
  }
  const Position at = locate(place.policy, place.where);
  Text name = place.policy.sources[place.where.source].name;
  if (place.brief) {
    name = name.from(find_last(name, '/') + 1);
    format(out, "%:%", ends_with(name, ".policy"_t) ? name.first(name.size - 7) : name, at.number);
    return;
  }
  format(out, "%:%:%", name, at.number, at.column + 1);
}

void format_one(Builder &out, const Argument &argument) {
  switch (argument.kind) {
    case Argument::kNumber: out << argument.number; break;
    case Argument::kQuoted: format_quoted(out, argument.quoted->text); break;
    case Argument::kError: format_error(out, static_cast<long>(argument.number)); break;
    case Argument::kRule: format_rule(out, *argument.rule); break;
    case Argument::kPlace: format_place(out, *argument.place); break;
    default: format_text(out, {argument.text, argument.kind});
  }
}

}  // namespace

void format_list(Builder &out, const char *pattern, ArgumentList arguments) {
  for (; *pattern != '\0'; pattern++) {
    if (*pattern == '%')
      format_one(out, __builtin_va_arg(arguments, Argument));
    else
      out << *pattern;
  }
}

void format_all(Builder &out, const char *pattern, ...) {
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  format_list(out, pattern, arguments);
  __builtin_va_end(arguments);
}

bool Diagnostic::fail_list(const SourceSpan &at, const char *pattern, ArgumentList arguments) {
  where = at;
  format_list(message, pattern, arguments);
  return false;
}

bool Diagnostic::fail_all(const SourceSpan &at, const char *pattern, ...) {
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  fail_list(at, pattern, arguments);
  __builtin_va_end(arguments);
  return false;
}

Text source_text(const Policy &policy, SourceSpan where) {
  const Text whole = where.source == 0 ? c_text(policy.arguments[where.argument])
                                       : policy.sources[where.source].text;
  return whole.from(where.offset).first(where.length);
}

Text speaker(const Policy &policy) {
  static constexpr char kWrappers[] = "ll-ns\0sandbox.sh\0";
  const char *called = policy.arguments != nullptr ? policy.arguments[0] : nullptr;
  const size_t row = called != nullptr ? row_named(kWrappers, c_text(called)) : kNpos;
  return row != kNpos ? nth(kWrappers, row) : policy.program.name;
}

void print_diagnostic(Builder &out, const Policy &policy, const Diagnostic &problem) {
  const bool placed = problem.where.length != 0;
  const Text message = problem.message.text();
  const Text first = message.first(find(message, '\n'));
  out << speaker(policy) << ": "_t;
  if (placed && is_counted(policy, problem.where))
    format(out, "%: ", Location{policy, problem.where});
  out << first << '\n';
  if (placed) print_caret(out, policy, problem.where);
  const Text advice = message.from(first.size + 1);
  if (!advice.empty()) out << "  "_t << advice << '\n';
}

}  // namespace ll
