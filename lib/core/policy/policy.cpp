#include "core/policy/policy.h"

#include "core/mem.h"

namespace ll {

bool Arena::push(char byte) { return push(Text{&byte, 1}); }

bool Arena::push(Text text) {
  if (text.size > room()) return false;
  if (!text.empty()) memcpy(bytes + used, text.data, text.size);
  used += text.size;
  return true;
}

bool Arena::finish(size_t start, Text &result) {
  if (!push('\0')) return false;
  result = {bytes + start, used - start - 1};
  return true;
}

bool Arena::keep(Text text, Text &kept) {
  const size_t start = used;
  return push(text) && finish(start, kept);
}

bool is_path(Directive directive) {
  switch (row_of(directive).value) {
    case Value::Path:
    case Value::Socket:
    case Value::Rights: return true;
    default: return false;
  }
}

bool opens_all_ports(const Rule &rule) {
  return host_of(rule).empty() && rule.low == 0 && rule.high == kMaxPort;
}

bool opens_port(const Policy &policy, Directive directive, bool udp) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == directive && policy.rules[i].udp == udp) return true;
  return false;
}

bool opens_all_ports(const Policy &policy, Directive directive, bool udp) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive == directive && rule.udp == udp && opens_all_ports(rule)) return true;
  }
  return false;
}

bool opens_all_unix(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == Directive::Unix && policy.rules[i].any) return true;
  return false;
}

bool is_ipc(const Rule &rule, Text kind) {
  return rule.directive == Directive::Ipc && rule.value == kind;
}

const Rule *last_rule(const Policy &policy, Directive directive) {
  for (size_t i = policy.rule_count; i > 0; i--)
    if (policy.rules[i - 1].directive == directive) return &policy.rules[i - 1];
  return nullptr;
}

bool lookup(const Environment &environment, Text name, Text &value) {
  if (name == "PWD"_t) {
    value = environment.directory;
    return !value.empty();
  }
  if (name == "PID"_t && !environment.process.empty()) {
    value = environment.process;
    return true;
  }
  for (char *const *entry = environment.environment; *entry != nullptr; entry++) {
    const Text variable = c_text(*entry);
    if (!starts_with(variable, name) || variable.size == name.size) continue;
    if (variable[name.size] != '=') continue;
    value = variable.from(name.size + 1);
    if (!value.empty()) return true;
  }
  if (!(name == "TMPDIR"_t)) return false;
  value = "/tmp"_t;
  return true;
}

}  // namespace ll
