#include "os/enforce/environment.h"

#include "core/policy/withheld.h"
#include "os/input/load.h"

namespace ll {

namespace {

// Whether `wanted`, which is NAME, NAME=VALUE or GLOB*, matches the variable.
bool is_named(Text variable, Text wanted) {
  const Text name = variable.first(find(variable, '='));
  return matches_glob(name, wanted.first(find(wanted, '=')));
}

bool is_assignment(const Rule &rule) { return find(rule.value, '=') != kNpos; }

class EnvironmentFilter {
 public:
  explicit EnvironmentFilter(const Policy &policy, char **entries)
      : policy_(policy), entries_(entries) {}

  char **build(char *const *inherited) {
    for (char *const *entry = inherited; *entry != nullptr; entry++)
      if (passes(c_text(*entry))) add(*entry);
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (is_last_assignment(i)) add(const_cast<char *>(policy_.rules[i].value.data));
    entries_[count_] = nullptr;
    return entries_;
  }

 private:
  [[nodiscard]] bool passes(Text variable) const {
    bool named = false;
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      if (rule.directive != Directive::Env || rule.any || !is_named(variable, rule.value)) continue;
      if (is_assignment(rule)) return false;  // has its value from the policy
      named = true;
    }
    return named;
  }

  // Of several values for one name, the last one counts.
  [[nodiscard]] bool is_last_assignment(size_t index) const {
    const Rule &rule = policy_.rules[index];
    if (rule.directive != Directive::Env || !is_assignment(rule)) return false;
    for (size_t i = index + 1; i < policy_.rule_count; i++) {
      const Rule &later = policy_.rules[i];
      if (later.directive == Directive::Env && is_assignment(later) &&
          is_named(rule.value, later.value))
        return false;
    }
    return true;
  }

  void add(char *entry) {
    if (count_ == kMaxVariables)
      die_at(policy_, kNoLocation, "more than % environment variables to pass", kMaxVariables);
    entries_[count_++] = entry;
  }

  const Policy &policy_;
  char **entries_;
  size_t count_ = 0;
};

bool is_passed(Text variable, bool preloads) {
  const Withheld why = is_withheld(variable);
  return why == Withheld::No || (why == Withheld::Preload && preloads);
}

char **withhold(char **entries, bool preloads) {
  char **end = entries;
  for (char **entry = entries; *entry != nullptr; entry++)
    if (is_passed(c_text(*entry), preloads)) *end++ = *entry;
  *end = nullptr;
  return entries;
}

}  // namespace

char **environment_of(const Policy &policy, char **inherited, bool preloads,
                      char *(&entries)[kMaxVariables + 1]) {
  if (last_rule(policy, Directive::Env) == nullptr) return withhold(inherited, preloads);
  return EnvironmentFilter(policy, entries).build(inherited);
}

bool warn_of_withheld(const Policy &policy, char *const *inherited, bool preloads) {
  if (last_rule(policy, Directive::Env) != nullptr) return true;
  Diagnostic problem;
  for (char *const *entry = inherited; *entry != nullptr; entry++) {
    const Text variable = c_text(*entry);
    if (is_passed(variable, preloads)) continue;
    const Text name = variable.first(find(variable, '='));
    if (problem.message.empty())
      problem.fail(kNoLocation, "warning: not passed to the command: %", name);
    else
      format(problem.message, " %", name);
  }
  if (problem.message.empty()) return false;
  format(problem.message,
         "\nthey may be secrets or name agents' sockets; 'env NAME' passes one, and then only "
         "those named");
  warn(policy, problem);
  return true;
}

}  // namespace ll
