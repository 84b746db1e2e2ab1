#include "core/policy/serialize.h"

namespace ll {

namespace {

Text verb_of(const Rule &rule) {
  switch (static_cast<SyscallVerb>(rule.resource)) {
    case SyscallVerb::Allow: return "allow "_t;
    case SyscallVerb::Deny: return "deny "_t;
    case SyscallVerb::Only: return "only "_t;
    case SyscallVerb::Action: return "action "_t;
  }
  return {};
}

bool push_rights(Arena &arena, uint64_t rights) {
  for (const Right &right : kRights) {
    if (right.field != Field::Fs || (right.mask() & rights) == 0) continue;
    rights &= ~right.mask();
    if (!arena.push(name_of(right)) || !arena.push(rights != 0 ? ',' : ' ')) return false;
  }
  return true;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80 || find("/._-+@%:,=^[]"_t, c) != kNpos;
}

}  // namespace

void write_value(Builder &out, Text value) {
  bool plain = true;
  bool literal = true;
  for (size_t i = 0; i < value.size; i++) {
    plain = plain && is_plain(value[i]);
    literal = literal && value[i] != '\'';
  }
  if (plain) {
    out << value;
    return;
  }
  // A value that neither kind of quotes can hold alone is split between both.
  if (literal) {
    out << '\'' << value << '\'';
    return;
  }
  for (size_t i = 0; i < value.size; i++) {
    if (value[i] == '\'')
      out << "\"'\""_t;
    else
      out << '\'' << value[i] << '\'';
  }
}

bool write_option(Arena &arena, const Rule &rule, Text &option) {
  const size_t start = arena.used;
  const bool written = arena.push("--"_t) && arena.push(name_of(rule.directive)) &&
                       arena.push('=') &&
                       (rule.directive != Directive::Syscall || arena.push(verb_of(rule))) &&
                       (rule.directive != Directive::Fs || push_rights(arena, rule.rights)) &&
                       (!rule.optional || arena.push('-')) && arena.push(rule.value);
  return written && arena.finish(start, option);
}

}  // namespace ll
