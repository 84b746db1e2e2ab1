#include "os/input/sources.h"

#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr size_t kSourceCount = 0
#define SOURCE(file, program, instead) +1
#include "core/policy/sources.def"
    ;
alignas(char) constexpr char kFiles[] =
#define SOURCE(file, program, instead) file "\0"
#include "core/policy/sources.def"
    ;
alignas(char) constexpr char kPrograms[] =
#define SOURCE(file, program, instead) program "\0"
#include "core/policy/sources.def"
    ;
alignas(char) constexpr char kInstead[] =
#define SOURCE(file, program, instead) instead "\0"
#include "core/policy/sources.def"
    ;

// Beneath the current directory.
bool is_of_project(const Policy &policy, Text path) {
  return path[0] != '/' || is_beneath(path, policy.directory);
}

bool ends_with_name(Text path, Text name) {
  if (!ends_with(path, name)) return false;
  return path.size == name.size || path[path.size - name.size - 1] == '/';
}

// The file of that row which the rule denies, itself or with its directory; empty: none.
bool denied_file(Text path, Text file, Builder &denied) {
  const size_t slash = find(file, '/');
  denied << path;
  if (ends_with_name(path, file)) return true;
  if (slash == kNpos || !ends_with_name(path, file.first(slash))) return false;
  denied << file.from(slash);
  return true;
}

bool same_file(const uapi::Statx &one, const uapi::Statx &other) {
  return one.ino == other.ino && uapi::device_of(one) == uapi::device_of(other);
}

bool is_denied_knowingly(const Policy &policy, const uapi::Statx &denied) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    uapi::Statx stat;
    if (rule.directive == Directive::Deny && !rule.optional &&
        sys::stat_at(uapi::kAT_FDCWD, rule.value.data, 0, stat) == 0 && same_file(stat, denied))
      return true;
  }
  return false;
}

void check_rule(const Policy &policy, const Rule &rule, size_t row) {
  FixedString<kMaxLine + 64> path;
  if (rule.value.size > kMaxLine || !denied_file(rule.value, nth(kFiles, row), path)) return;
  path << '\0';
  uapi::Statx stat;
  // What this user cannot look at, the command could not read without a sandbox either.
  if (sys::stat_at(uapi::kAT_FDCWD, path.text().data, 0, stat) < 0) return;
  uapi::Statx named;
  const bool known = is_denied_knowingly(policy, stat) ||
                     (sys::stat_at(uapi::kAT_FDCWD, rule.value.data, 0, named) == 0 &&
                      is_denied_knowingly(policy, named));
  if (known) return;
  die_at(policy, rule.where,
         "% is denied: % would run without it, and may fetch code from elsewhere\n"
         "to deny it anyway: --deny %, and instead of what it sets: % --connect HOST:443",
         c_text(path.text().data), nth(kPrograms, row), rule.value, nth(kInstead, row));
}

}  // namespace

void check_sources(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    // An option is the user's own word.
    const bool of_policy = rule.directive == Directive::Deny && rule.where.source != 0;
    if (!of_policy || !rule.optional || !is_of_project(policy, rule.value)) continue;
    for (size_t row = 0; row < kSourceCount; row++) check_rule(policy, rule, row);
  }
}

}  // namespace ll
