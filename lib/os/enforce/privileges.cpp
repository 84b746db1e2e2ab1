#include "os/enforce/privileges.h"

#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr int kMostCapabilities = 64;

// capabilities(7): 64 bits in two halves.
struct Capabilities {
  uapi::CapabilityHeader header = {uapi::kLINUX_CAPABILITY_VERSION_3, 0};
  uapi::CapabilityData data[2] = {};

  [[nodiscard]] bool holds(int capability) const {
    return (data[capability / 32].permitted >> (capability % 32) & 1) != 0;
  }
  [[nodiscard]] bool uses(int capability) const {
    return (data[capability / 32].effective >> (capability % 32) & 1) != 0;
  }
  [[nodiscard]] bool none() const {
    return (data[0].permitted | data[1].permitted | data[0].inheritable | data[1].inheritable) == 0;
  }
  void keep(int capability) {
    const uint32_t bit = uint32_t{1} << (capability % 32);
    uapi::CapabilityData &half = data[capability / 32];
    half.effective |= bit;
    half.permitted |= bit;
    half.inheritable |= bit;
  }
};

Capabilities kept_capabilities(const Policy &policy, const Capabilities &held) {
  Capabilities kept;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Cap) continue;
    const auto capability = static_cast<int>(rule.number);
    if (!held.holds(capability))
      die_at(policy, rule.where,
             "this process does not have the capability %\nrun ll-exec as root, or drop the rule",
             rule.value);
    kept.keep(capability);
  }
  return kept;
}

void empty_bounding_set(const Policy &policy, const Capabilities &kept) {
  for (int i = 0; i < kMostCapabilities; i++) {
    if (kept.holds(i)) continue;
    const long result = sys::drop_from_bounding_set(i);
    // EINVAL ends the kernel's capabilities: CAP_CHECKPOINT_RESTORE, 40, is the last that all
    // kernels with Landlock have.
    if (result == -uapi::kEINVAL && i > 40) return;
    if (result < 0) die_errno(policy, "drop a capability from the bounding set", result);
  }
}

// An inheritable capability survives the execve of an ordinary user only as an ambient one.
void raise_kept(const Policy &policy, const Capabilities &kept) {
  for (int i = 0; i < kMostCapabilities; i++) {
    if (!kept.holds(i)) continue;
    const long result = sys::raise_ambient(i);
    if (result < 0) die_errno(policy, "keep a capability", result);
  }
}

}  // namespace

void drop_capabilities(const Policy &policy) {
  Capabilities held;
  const long got = sys::get_capabilities(held.header, held.data);
  if (got < 0) die_errno(policy, "read the capabilities", got);
  Capabilities kept = kept_capabilities(policy, held);
  if (held.none()) return;
  // Without CAP_SETPCAP it cannot be emptied, nor need it be: with no_new_privs set, execve gives
  // no capability that was not permitted before (security/commoncap.c, cap_bprm_creds_from_file).
  if (held.uses(uapi::kCAP_SETPCAP)) empty_bounding_set(policy, kept);
  const long cleared = sys::clear_ambient();
  if (cleared < 0) die_errno(policy, "clear the ambient capabilities", cleared);
  const long set = sys::set_capabilities(kept.header, kept.data);
  if (set < 0) die_errno(policy, "drop the capabilities", set);
  raise_kept(policy, kept);
}

// With RLIMIT_CORE 0 a core is still piped to the program of kernel.core_pattern; with 1 it is
// neither piped nor written (fs/coredump.c). So `core=0` sets 1.
static uint64_t least_limit(const Rule &rule) {
  return rule.resource == kCoreLimit && rule.number == 0 ? 1 : rule.number;
}

void set_limits(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Limit) continue;
    const auto resource = static_cast<int>(rule.resource);
    uapi::ResourceLimit now = {};
    long result = sys::get_limit(resource, now);
    // Limits are only lowered: a lower limit in force satisfies the policy.
    const uint64_t wanted = least_limit(rule);
    const uint64_t most = wanted < now.hard ? wanted : now.hard;
    uint64_t soft = most < now.soft ? most : now.soft;
    if (rule.resource == kCoreLimit && rule.number == 0) soft = most;
    if (result >= 0) result = sys::set_limit(resource, {soft, most});
    if (result < 0)
      die_at(policy, rule.where, "cannot set the limit %: %", rule.value, Error{result});
  }
}

void set_modes(const Policy &policy, const Plan &plan) {
  const auto says = [&](Directive directive) { return last_rule(policy, directive) != nullptr; };
  long result = 0;
  if (says(Directive::Aslr)) {
    result = sys::set_personality(uapi::kPersonalityQuery);
    if (result >= 0) result = sys::set_personality(result | uapi::kADDR_NO_RANDOMIZE);
  }
  if (says(Directive::HugePages)) result |= sys::set_mode(uapi::kPR_SET_THP_DISABLE);
  if (says(Directive::NoWriteExecute) && !plan.filters_maps)
    result |= sys::set_mode(uapi::kPR_SET_MDWE);
  if (result < 0) die_errno(policy, "set personality or prctl", result);
}

bool exempt_from_nproc() {
  if (sys::user() != 0) return false;
  const long file = sys::open_at(uapi::kAT_FDCWD, "/proc/self/uid_map", uapi::kO_RDONLY);
  if (file < 0) return true;
  char map[64];
  const long got = sys::read(static_cast<int>(file), map, sizeof map);
  sys::close(static_cast<int>(file));
  // user_namespaces(7): the first two numbers are UID 0 inside and the UID that it maps to.
  size_t zeros = 0;
  for (long i = 0; i < got && zeros < 2; i++) {
    if (map[i] == ' ') continue;
    if (map[i] != '0') return false;
    zeros++;
  }
  return true;
}

}  // namespace ll
