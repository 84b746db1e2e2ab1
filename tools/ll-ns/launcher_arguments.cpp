#include "launcher_arguments.h"

#include "core/policy/judging.h"
#include "core/policy/serialize.h"
#include "covered.h"
#include "gathered.h"
#include "lasting.h"

namespace ll {

namespace {

constexpr size_t kMaxArguments = 262144;  // more than execve(2) takes with a stack of 8 MiB

class ArgumentWriter {
 public:
  explicit ArgumentWriter(Policy &policy) : policy_(policy) {}

  void add(const char *argument) {
    if (count_ == kMaxArguments) die_at(policy_, {}, "too many arguments");
    arguments_[count_++] = const_cast<char *>(argument);
  }

  void add(const Rule &rule) {
    Text option;
    if (!write_option(policy_.arena, rule, option))
      die_at(policy_, rule.where, kTooMuchText, kMaxText);
    add(option.data);
  }

  void add_descriptor(Text option, int descriptor, int second = 0) {
    FixedString<32> written;
    written << option << static_cast<uint32_t>(descriptor);
    if (second != 0) written << ',' << static_cast<uint32_t>(second);
    add_text(written.text());
  }

  void add_asks(uint8_t asks) {
    FixedString<32> written;
    written << "--ask="_t;
    write_asks(written, asks);
    add_text(written.text());
  }

  void add_text(Text written) {
    Text kept;
    if (!policy_.arena.keep(written, kept)) die_at(policy_, {}, kTooMuchText, kMaxText);
    add(kept.data);
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

// What is granted inside: the policy's rules, and what is the sandbox's own.
class Grants {
 public:
  void add(const Rule &rule) {
    if (count_ < kMaxGrants) rules_[count_++] = rule;
  }

  void grant(Directive directive, Text path) { add(Rule{.directive = directive, .value = path}); }

  // Not inlined: a rule of constants would be initialized data, and relocated.
  [[gnu::noinline]] void grant_if_there(Directive directive, Text path) {
    add(Rule{.directive = directive, .optional = true, .value = path});
  }

  void write_all(ArgumentWriter &writer) const {
    for (size_t i = 0; i < count_; i++) writer.add(rules_[i]);
  }

  // Those that grant more than others do, and one for all files of a directory.
  void write_needed(ArgumentWriter &writer, const MountTree &tree) const {
    const Covered covered(rules_, count_, tree);
    Gathered gathered(rules_, count_, tree, covered);
    for (size_t i = 0; i < count_; i++)
      if (!covered.has(i) && !gathered.has(i)) writer.add(rules_[i]);
    for (Text directory; gathered.next(directory);) writer.add(reading_files_in(directory));
  }

 private:
  // Not inlined, as above.
  [[gnu::noinline]] static Rule reading_files_in(Text directory) {
    Rule rule = {};
    rule.directive = Directive::Fs;
    rule.rights = mask_of(RightId::read_file);
    rule.value = directory;
    return rule;
  }

  size_t count_ = 0;
  static inline Rule rules_[kMaxGrants];
};

// The policy lets delete nothing in just that overlay.
bool is_protected(const MountTree &tree, const Policy &policy, const MountOption &extra) {
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

// As the launcher has to see it: what is denied may not be there at all, inside.
Rule passed_on(const Rule &rule, bool mounted) {
  Rule passed = rule;
  if (mounted && rule.directive == Directive::Keep) passed.directive = Directive::Ro;
  if (rule.directive == Directive::Deny) passed.optional = true;
  return passed;
}

void grant_devices(Grants &grants, Policy &policy) {
  size_t row = 0;
  for (const char *name = kDeviceNames; *name != '\0'; name += c_text(name).size + 1, row++) {
    FixedString<32> written;
    written << "/dev/"_t << c_text(name);
    Text path;
    if (!policy.arena.keep(written.text(), path)) die_at(policy, {}, kTooMuchText, kMaxText);
    grants.grant_if_there(row < kWritableDevices ? Directive::Dev : Directive::Ro, path);
  }
}

void collect_grants(Grants &grants, Policy &policy, const NsRequest &request,
                    const MountTree *tree) {
  const bool mounted = tree != nullptr;
  for (size_t i = 0; i < policy.rule_count; i++)
    if (!mounted || !is_masked_to_the_end(*tree, policy.rules[i]))
      grants.add(passed_on(policy.rules[i], mounted));
  if (request.proc) grants.grant(Directive::Ro, "/proc"_t);
  if (request.dev) grant_devices(grants, policy);
  // The machine's are other users' and other sessions'.
  if (request.dev && mounted) grants.grant_if_there(Directive::Dev, "/dev/pts"_t);
  for (size_t i = 0; i < request.mount_option_count; i++) {
    const MountOption &extra = request.mount_options[i];
    const bool protects =
        mounted && extra.kind == MountOption::Overlay && is_protected(*tree, policy, extra);
    const Directive writes = protects ? Directive::Protect : Directive::Rw;
    grants.grant(extra.kind == MountOption::RoBind ? Directive::Ro : writes, extra.target);
  }
}

}  // namespace

char **launcher_arguments(const Process &process, Policy &policy, const NsRequest &request,
                          const MountTree *tree) {
  ArgumentWriter writer(policy);
  writer.add(request.wrapped ? "sandbox.sh" : "ll-ns");
  // First of all: ll-net and ll-trace look for it there.
  if (policy.supervisor != 0)
    writer.add_descriptor("--net-fd="_t, policy.supervisor, request.refused_peers);
  if (is_judged(policy)) writer.add_asks(policy.judging.asks);
  if (policy.status != 0) writer.add_descriptor("--status-fd="_t, policy.status);
  if (request.best_effort) writer.add("--best-effort");
  if (request.quiet) writer.add("--quiet");
  if (request.verbose) writer.add("--verbose");
  if (request.report != 0) writer.add_descriptor("--json="_t, request.report);
  if (request.record != 0) writer.add_descriptor("--report="_t, request.record);
  Grants grants;
  collect_grants(grants, policy, request, tree);
  // Only the paths of a root that was made have no links in them; and whoever asks is told of all.
  if (tree == nullptr || !request.rootfs.empty() || request.verbose || request.report != 0 ||
      request.record != 0)
    grants.write_all(writer);
  else
    grants.write_needed(writer, *tree);
  writer.add("--");
  for (char **argument = process.arguments + request.command; *argument != nullptr; argument++)
    writer.add(*argument);
  return writer.finish();
}

}  // namespace ll
