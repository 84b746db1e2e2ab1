#include "handover.h"

#include "core/policy/serialize.h"
#include "devices.h"
#include "lasting.h"

namespace ll {

namespace {

constexpr size_t kMaxArguments = 262144;  // more than execve(2) takes with a stack of 8 MiB

class Writer {
 public:
  explicit Writer(Policy &policy) : policy_(policy) {}

  void add(const char *argument) {
    if (count_ == kMaxArguments) die_at(policy_, {}, "too many arguments");
    arguments_[count_++] = const_cast<char *>(argument);
  }

  void add(const Rule &rule, bool mounted = false) {
    Text option;
    Rule passed = rule;
    if (mounted && rule.directive == Directive::Keep) passed.directive = Directive::Ro;
    // What is denied may not be there at all, inside.
    if (rule.directive == Directive::Deny) passed.optional = true;
    if (!write_option(policy_.arena, passed, option))
      die_at(policy_, rule.where, kTooMuchText, kMaxText);
    add(option.data);
  }

  void add_descriptor(Text option, int descriptor, int second = 0) {
    Line<32> written;
    written << option << static_cast<uint32_t>(descriptor);
    if (second != 0) written << ',' << static_cast<uint32_t>(second);
    const size_t start = policy_.arena.used;
    Text kept;
    if (!policy_.arena.push(written.text()) || !policy_.arena.finish(start, kept))
      die_at(policy_, {}, kTooMuchText, kMaxText);
    add(kept.data);
  }

  void grant(Directive directive, Text path) { add(Rule{.directive = directive, .value = path}); }

  // Not inlined: a rule of constants would be initialized data, and relocated.
  [[gnu::noinline]] void grant_if_there(Directive directive, Text path) {
    add(Rule{.directive = directive, .optional = true, .value = path});
  }

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

// The policy lets delete nothing in just that overlay.
bool is_protected(const Tree &tree, const Policy &policy, const Extra &extra) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Protect) continue;
    const Node *node = node_of(tree, rule.value);
    if (node != nullptr && node->path == rule.value && node->kind == Node::Overlay &&
        node->where.argument == extra.where.argument)
      return true;
  }
  return false;
}

}  // namespace

char **loader_arguments(const Process &process, Policy &policy, const Request &request,
                        const Tree *tree) {
  const bool mounted = tree != nullptr;
  Writer writer(policy);
  writer.add(request.wrapped ? "sandbox.sh" : "ll-ns");
  // First of all: ll-net and ll-trace look for it there.
  if (policy.supervisor != 0) writer.add_descriptor("--net-fd="_t, policy.supervisor, request.told);
  if (policy.status != 0) writer.add_descriptor("--status-fd="_t, policy.status);
  if (request.best_effort) writer.add("--best-effort");
  if (request.quiet) writer.add("--quiet");
  if (request.verbose) writer.add("--verbose");
  if (request.report != 0) writer.add_descriptor("--json="_t, request.report);
  for (size_t i = 0; i < policy.rule_count; i++)
    if (!mounted || !is_masked_to_the_end(*tree, policy.rules[i]))
      writer.add(policy.rules[i], mounted);
  if (request.proc) writer.grant(Directive::Ro, "/proc"_t);
  if (request.dev) writer.grant_devices();
  // The machine's are other users' and other sessions'.
  if (request.dev && mounted) writer.grant_if_there(Directive::Dev, "/dev/pts"_t);
  for (size_t i = 0; i < request.extra_count; i++) {
    const Extra &extra = request.extras[i];
    const bool protects =
        mounted && extra.kind == Extra::Overlay && is_protected(*tree, policy, extra);
    const Directive writes = protects ? Directive::Protect : Directive::Rw;
    writer.grant(extra.kind == Extra::RoBind ? Directive::Ro : writes, extra.target);
  }
  writer.add("--");
  for (char **argument = process.arguments + request.command; *argument != nullptr; argument++)
    writer.add(*argument);
  return writer.finish();
}

}  // namespace ll
