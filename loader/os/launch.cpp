#include "os/launch.h"

#include "core/withheld.h"
#include "os/apply.h"
#include "os/exec_failure.h"
#include "os/load.h"
#include "os/privileges.h"
#include "os/seccomp.h"
#include "os/sys.h"

namespace ll {

namespace {

constexpr size_t kMaxVariables = 4096;  // that `env` can pass

// Whether the name in `wanted`, NAME, NAME=VALUE or GLOB*, is the variable's.
bool is_named(Text variable, Text wanted) {
  const Text name = variable.first(find(variable, '='));
  return matches_glob(name, wanted.first(find(wanted, '=')));
}

bool is_assignment(const Rule &rule) { return find(rule.value, '=') != kNone; }

class Environment {
 public:
  Environment(const Policy &policy, char **entries) : policy_(policy), entries_(entries) {}

  // `preloads`: what is put into every program is to be.
  char **build(char **inherited, bool preloads) {
    const bool named = last_rule(policy_, Directive::Env) != nullptr;
    for (char **entry = inherited; *entry != nullptr; entry++)
      if (named ? passes(c_text(*entry)) : is_harmless(c_text(*entry), preloads)) add(*entry);
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (is_last_assignment(i)) add(const_cast<char *>(policy_.rules[i].value.data));
    entries_[count_] = nullptr;
    return entries_;
  }

  static bool is_harmless(Text variable, bool preloads) {
    const Withheld why = is_withheld(variable);
    return why == Withheld::No || (why == Withheld::Preload && preloads);
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

  // Of several values for one name, the last holds.
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
      die_at(policy_, kNowhere, "more than % environment variables to pass"_packed, kMaxVariables);
    entries_[count_++] = entry;
  }

  const Policy &policy_;
  char **entries_;
  size_t count_ = 0;
};

}  // namespace

int enter_directory(Policy &policy) {
  const Rule *rule = last_rule(policy, Directive::Chdir);
  if (rule == nullptr) return uapi::kAtCwd;
  // `deny` and `protect` have to find relative paths from where they were meant.
  const long known = remember_directory(policy);
  if (known < 0)
    die_at(policy, rule->where,
           "the current directory has no path: %\n"
           "run it from one that has, or leave out chdir"_packed,
           Error{known});
  const long start = sys::open_at(uapi::kAtCwd, ".", uapi::kPathOnly);
  if (start < 0) die_of(policy, "open the current directory"_packed, start);
  const long result = sys::change_directory(rule->value.data);
  if (result < 0)
    die_at(policy, rule->where, "cannot start in %: %"_packed, rule->value, Error{result});
  return static_cast<int>(start);
}

void warn_of_withheld(const Process &process, const Policy &policy, const Request &request) {
  if (last_rule(policy, Directive::Env) != nullptr) return;
  Problem problem;
  for (char **entry = process.environment; *entry != nullptr; entry++) {
    const Text variable = c_text(*entry);
    if (Environment::is_harmless(variable, request.ldd)) continue;
    const Text name = variable.first(find(variable, '='));
    if (problem.message.empty())
      problem.fail(kNowhere, "warning: not passed to the command: %"_packed, name);
    else
      say(problem.message, " %", name);
  }
  if (problem.message.empty()) return;
  say(problem.message,
      "\nthey look like secrets; 'env' lines say which variables pass, and then no others do"_packed);
  warn(policy, problem);
}

void launch(const Process &process, const Policy &policy, const Request &request, const Plan &plan,
            const Program &program, int ruleset, const char *command) {
  static char *entries[kMaxVariables + 1];
  char **variables = Environment(policy, entries).build(process.environment, request.ldd);
  const long result = sys::set_no_new_privileges();
  if (result < 0) die_of(policy, "set no_new_privs"_packed, result);
  drop_capabilities(policy);
  set_limits(policy);
  restrict_self(policy, plan, ruleset);
  install_filter(policy, program);
  const long error = sys::execute(command, process.arguments + request.command, variables);
  explain_exec_failure(policy, plan, command, error);
}

}  // namespace ll
