#include "line.h"

#include <algorithm>

#include "core/policy/serialize.h"
#include "os/kernel/process.h"
#include "rejection.h"

namespace ll {

std::string quoted(const std::string &value) {
  if (!value.empty() && value[0] == '-') return "'-'" + quoted(value.substr(1));
  FixedString<3 * kMaxLine> out;
  write_value(out, text_of(value));
  return string_of(out.text());
}

bool is_writable(const std::string &value) {
  return std::ranges::none_of(
      value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string whole_path(const Policy &policy, Text path) {
  if (path[0] == '/') return string_of(path);
  while (starts_with(path, "./"_t)) path = path.from(2);
  std::string whole = string_of(policy.directory);
  if (path.empty() || path == "."_t) return whole;
  if (whole.back() != '/') whole += '/';
  return whole + string_of(path);
}

std::string line_of(Policy &policy, const Rule &rule) {
  Text option;
  if (!write_option(policy.arena, rule, option)) die_at(policy, rule.where, kTooMuchText, kMaxText);
  const bool path = (is_path(rule.directive) && !rule.any) || rule.directive == Directive::Chdir;
  std::string line = string_of(option.from(2).first(option.size - 2 - rule.value.size));
  line[line.find('=')] = ' ';
  // `env -` is a dash that is not quoted.
  if (rule.any) return line + string_of(rule.value);
  return line + quoted(path ? whole_path(policy, rule.value) : string_of(rule.value));
}

}  // namespace ll
