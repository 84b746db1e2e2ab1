#include "os/enforce/ruleset.h"

#include "os/enforce/deny.h"
#include "os/input/follow.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

// The descriptors of the last few rules, which are closed together.
class OpenPaths {
 public:
  ~OpenPaths() { close_all(); }

  long open(const Policy &policy, const Rule &rule, int directory, Stray &stray) {
    if (count_ == kBatch) close_all();
    long descriptor = open_granted(policy, rule, directory, stray);
    if (descriptor == -uapi::kEMFILE && count_ > 0) {
      close_all();
      descriptor = open_granted(policy, rule, directory, stray);
    }
    if (descriptor < 0) return descriptor;
    descriptors_[count_] = static_cast<int>(descriptor);
    // Numbers between them belong to others, such as the supervisor's socket.
    in_a_row_ = in_a_row_ && descriptors_[count_] - descriptors_[0] == static_cast<int>(count_);
    count_++;
    return descriptor;
  }

 private:
  static constexpr size_t kBatch = 128;

  void close_all() {
    if (!(sys::kAlone && in_a_row_ && count_ > 1) ||
        sys::close_range(static_cast<uint32_t>(descriptors_[0]),
                         static_cast<uint32_t>(descriptors_[count_ - 1])) < 0)
      for (size_t i = 0; i < count_; i++) sys::close(descriptors_[i]);
    count_ = 0;
    in_a_row_ = true;
  }

  int descriptors_[kBatch];
  size_t count_ = 0;
  bool in_a_row_ = true;
};

void grant_path(const Policy &policy, Plan &plan, size_t index, const Denials &denials,
                int descriptor, int ruleset) {
  const Rule &rule = policy.rules[index];
  const FileId found = identify(policy, rule, descriptor);
  Diagnostic problem;
  if (!plan_path(policy, index, found, plan, problem)) die(policy, problem);
  Entry &entry = plan.entries[index];
  const uint64_t wanted = entry.access & ~denials.taken_from(found);
  const uint64_t beneath = wanted & denials.taken_beneath(found);
  entry.replaced = (wanted & ~beneath) != entry.access;
  entry.access = wanted & ~beneath;
  add_rule(policy, rule, ruleset, descriptor, entry.access);
  if (beneath == 0) return;
  denials.note(found, beneath, index, plan);
  grant_siblings(policy, index, denials, plan, descriptor, ruleset);
}

// An optional path may be missing, or be reached through a link that is not followed.
bool is_left_out(const Policy &policy, const Rule &rule, long descriptor, const Stray &stray,
                 FileId &found) {
  const bool missing = descriptor == -uapi::kENOENT || descriptor == -uapi::kENOTDIR;
  if (missing) found.kind = Kind::Missing;
  if (descriptor == kStray) found.kind = Kind::Link;
  // `keep` also applies through a link; only its grant to read does not.
  if (descriptor == kStray && rule.directive == Directive::Keep) return true;
  if (rule.optional && (missing || descriptor == kStray)) return true;
  if (descriptor == kStray) {
    Diagnostic problem;
    format_stray(problem, rule.where, rule.value, stray);
    die(policy, problem);
  }
  if (descriptor < 0) fail_to_grant(policy, rule, descriptor);
  return false;
}

void grant_port(const Policy &policy, const Rule &rule, int ruleset, uint64_t access,
                uint64_t port) {
  const long added = sys::add_port_rule(ruleset, {access, port});
  if (added < 0) die_at(policy, rule.where, "cannot grant port %: %", port, Error{added});
}

bool handles_all(const Plan &plan) {
  bool all = true;
  constexpr Field kOfRulesets[] = {Field::Fs, Field::Net, Field::Scope};
  for (const Field field : kOfRulesets)
    all = all && plan.handled[index_of(field)] == plan.kernel.rights[index_of(field)];
  return all;
}

}  // namespace

int create_ruleset(const Policy &policy, const Plan &plan, const Probe &probe) {
  if (plan.kernel.landlock != Landlock::On) return kNoRuleset;
  if (probe.ruleset >= 0 && handles_all(plan)) return probe.ruleset;
  if (probe.ruleset >= 0) sys::close(probe.ruleset);
  const long ruleset =
      sys::create_ruleset({.handled_access_fs = plan.handled[index_of(Field::Fs)],
                           .handled_access_net = plan.handled[index_of(Field::Net)],
                           .scoped = plan.handled[index_of(Field::Scope)]});
  if (ruleset < 0) die_errno(policy, "create a Landlock ruleset", ruleset);
  return static_cast<int>(ruleset);
}

void grant_paths(const Policy &policy, Plan &plan, int directory, int ruleset, PathTables &tables) {
  const Denials denials(policy, directory, tables);
  OpenPaths paths;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (!is_path(rule.directive) || rule.any) continue;
    const long descriptor = paths.open(policy, rule, directory, tables.stray);
    if (is_left_out(policy, rule, descriptor, tables.stray, plan.entries[i].found)) continue;
    grant_path(policy, plan, i, denials, static_cast<int>(descriptor), ruleset);
  }
}

void grant_ports(const Policy &policy, const Plan &plan, int ruleset) {
  if (ruleset == kNoRuleset) return;
  const uint64_t handled = plan.handled[index_of(Field::Net)];
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (row_of(rule.directive).value != Value::Port) continue;
    if (is_supervised(policy, plan, rule)) continue;
    const uint64_t access = port_right(rule) & handled;
    if (access != 0)
      for (uint32_t port = rule.low; port <= rule.high; port++)
        grant_port(policy, rule, ruleset, access, port);
    const uint64_t source = needs_any_source_port(rule) ? mask_of(RightId::bind_udp) & handled : 0;
    if (source != 0) grant_port(policy, rule, ruleset, source, 0);
  }
}

void restrict_self(const Policy &policy, const Plan &plan, int ruleset) {
  if (ruleset == kNoRuleset) return;
  const long result = sys::restrict_self(ruleset, plan.handled[index_of(Field::Flags)]);
  if (result == -uapi::kE2BIG)
    die_at(policy, kNoLocation,
           "cannot restrict this process with Landlock: %\n16 sandboxes are around it already, and"
           " the kernel allows no more: start it outside of one of them",
           Error{result});
  if (result < 0) die_errno(policy, "restrict this process with Landlock", result);
}

}  // namespace ll
