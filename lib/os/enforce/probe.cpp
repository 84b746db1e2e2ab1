#include "os/enforce/probe.h"

#include "os/enforce/privileges.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

uint64_t &word_of(uapi::RulesetAttr &attr, Field field) {
  switch (field) {
    case Field::Net: return attr.handled_access_net;
    case Field::Scope: return attr.scoped;
    default: return attr.handled_access_fs;
  }
}

// landlock_create_ruleset(2) fails with EINVAL for an unknown bit and with E2BIG for an unknown
// field.
int try_ruleset(const Policy &policy, const uapi::RulesetAttr &attr) {
  const long ruleset = sys::create_ruleset(attr);
  if (ruleset < 0 && ruleset != -uapi::kEINVAL && ruleset != -uapi::kE2BIG)
    die_errno(policy, "create a Landlock ruleset", ruleset);
  return static_cast<int>(ruleset);
}

int try_all(const Policy &policy, const Kernel &kernel) {
  const auto rights = [&](Field field) { return kernel.rights[static_cast<size_t>(field)]; };
  return try_ruleset(policy, {rights(Field::Fs), rights(Field::Net), rights(Field::Scope)});
}

// An ABI implies its rights, but some distributions' kernels report an ABI without one of them:
// RHEL 9 reports 6 and rejects the signal scope. Then each right is probed alone.
void drop_unaccepted(const Policy &policy, Kernel &kernel) {
  for (const Right &right : kRights) {
    uint64_t &rights = kernel.rights[static_cast<size_t>(right.field)];
    if (right.field == Field::Flags || (rights & right.mask()) == 0) continue;
    uapi::RulesetAttr attr = {};
    word_of(attr, right.field) = right.mask();
    const int ruleset = try_ruleset(policy, attr);
    // If a right of ABI 1 is rejected, it is not Landlock that answers.
    if (ruleset < 0 && right.abi == 1)
      die_errno(policy, "handle the rights of Landlock ABI 1", ruleset);
    if (ruleset < 0)
      rights &= ~right.mask();
    else
      sys::close(ruleset);
  }
}

}  // namespace

Probe probe_kernel(const Policy &policy, const EnforceOptions &options, bool only_asked) {
  Probe probe;
  Kernel &kernel = probe.kernel;
  kernel.exempt_from_nproc = last_rule(policy, Directive::Limit) != nullptr && exempt_from_nproc();
  if (options.no_landlock) {
    kernel.landlock = Landlock::Unused;
    return probe;
  }
  if (only_asked && options.abi != 0) {
    kernel = kernel_of_abi(options.abi);
    return probe;
  }
  const long abi = sys::landlock_abi();
  if (abi == -uapi::kENOSYS || abi == -uapi::kEOPNOTSUPP) {
    kernel.landlock = abi == -uapi::kENOSYS ? Landlock::Absent : Landlock::Off;
    return probe;
  }
  if (abi <= 0) die_errno(policy, "query the Landlock ABI", abi);
  const int known = options.abi != 0 ? options.abi : kNewestAbi;
  const bool exempt = kernel.exempt_from_nproc;
  kernel = kernel_of_abi(abi < known ? static_cast<int>(abi) : known);
  kernel.exempt_from_nproc = exempt;
  probe.ruleset = try_all(policy, kernel);
  if (probe.ruleset < 0) drop_unaccepted(policy, kernel);
  return probe;
}

}  // namespace ll
