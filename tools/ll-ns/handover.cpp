#include "handover.h"

#include "devices.h"

namespace ll {

namespace {

constexpr size_t kMaxArguments = 262144;  // more than execve(2) takes with a stack of 8 MiB

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

class Writer {
 public:
  explicit Writer(Policy &policy) : policy_(policy) {}

  void add(const char *argument) {
    if (count_ == kMaxArguments) die_at(policy_, {}, "too many arguments"_packed);
    arguments_[count_++] = const_cast<char *>(argument);
  }

  void add(const Rule &rule) {
    Text option;
    if (!write_option(policy_.arena, rule, option))
      die_at(policy_, rule.where, kTooMuchText, kMaxText);
    add(option.data);
  }

  void grant(Directive directive, Text path) { add(Rule{.directive = directive, .value = path}); }

  void grant_devices() {
    size_t row = 0;
    for (const char *name = kDeviceNames; *name != '\0'; name += c_text(name).size + 1, row++) {
      Line<32> path;
      path << "/dev/"_t << c_text(name);
      add(Rule{.directive = row < kWritableDevices ? Directive::Dev : Directive::Ro,
               .optional = true,
               .value = path.text()});
    }
  }

  char **finish() {
    add(nullptr);
    return arguments_;
  }

 private:
  Policy &policy_;
  size_t count_ = 0;
  static inline char *arguments_[kMaxArguments];
};

}  // namespace

bool write_option(Arena &arena, const Rule &rule, Text &option) {
  // What is denied may not be there at all, inside.
  const bool hidden = rule.directive == Directive::Deny;
  const size_t start = arena.used;
  const bool written = arena.push("--"_t) && arena.push(name_of(rule.directive)) &&
                       arena.push('=') &&
                       (rule.directive != Directive::Syscall || arena.push(verb_of(rule))) &&
                       (rule.directive != Directive::Fs || push_rights(arena, rule.rights)) &&
                       (!(rule.optional || hidden) || arena.push('-')) && arena.push(rule.value);
  return written && arena.finish(start, option);
}

char **loader_arguments(const Process &process, Policy &policy, const Request &request) {
  Writer writer(policy);
  writer.add("ll-exec");
  if (request.best_effort) writer.add("--best-effort");
  if (request.quiet) writer.add("--quiet");
  if (request.verbose) writer.add("--verbose");
  for (size_t i = 0; i < policy.rule_count; i++) writer.add(policy.rules[i]);
  if (request.proc) writer.grant(Directive::Ro, "/proc"_t);
  if (request.dev) writer.grant_devices();
  for (size_t i = 0; i < request.extra_count; i++) {
    const Extra &extra = request.extras[i];
    writer.grant(extra.kind == Extra::RoBind ? Directive::Ro : Directive::Rw, extra.target);
  }
  writer.add("--");
  for (char **argument = process.arguments + request.command; *argument != nullptr; argument++)
    writer.add(*argument);
  return writer.finish();
}

}  // namespace ll
