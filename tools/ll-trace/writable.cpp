#include "writable.h"

namespace ll {

namespace {

constexpr size_t kRoomForDirective = 64;  // bytes of a line

// In quotes of whichever kind: option.h, write_value.
size_t size_in_quotes(Text value) {
  size_t size = 2;
  const bool literal = find(value, '\'') == kNpos;
  for (size_t i = 0; i < value.size; i++) size += literal ? 1 : 3;
  return size;
}

}  // namespace

bool is_shown_as_is(Text text) {
  while (!text.empty()) {
    const size_t size = character_size(text);
    if (size == 0 || deceiving_character(text) != 0) return false;
    text = text.from(size);
  }
  return true;
}

bool can_be_written(Text value) {
  for (Text rest = value; !rest.empty(); rest = rest.from(1)) {
    const auto byte = static_cast<unsigned char>(rest[0]);
    if (byte < 0x20 || byte == 0x7f || deceiving_character(rest) != 0) return false;
  }
  return size_in_quotes(value) + kRoomForDirective <= kMaxLine;
}

bool are_lines(Text lines, const Environment &environment, Diagnostic &problem) {
  static constinit Policy policy{};
  policy.source_count = 2;
  policy.rule_count = 0;
  policy.arena.used = 0;
  policy.sources[1] = {.text = lines};
  if (!check_text(policy, 1, problem)) return false;
  Cursor cursor = {.source = 1};
  for (;;) {
    Word use;
    switch (parse_more(policy, environment, cursor, use, problem)) {
      case ParseResult::End: return true;
      case ParseResult::Error: return false;
      case ParseResult::Use: break;
    }
  }
}

}  // namespace ll
