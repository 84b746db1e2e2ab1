#include "os/probe.h"

#include "os/privileges.h"
#include "os/process.h"
#include "os/sys.h"

namespace ll {

namespace {

uint64_t &word_of(uapi::RulesetAttr &attr, Field field) {
  switch (field) {
    case Field::Net: return attr.handled_access_net;
    case Field::Scope: return attr.scoped;
    default: return attr.handled_access_fs;
  }
}

// landlock_create_ruleset(2): EINVAL is the answer to a bit that the kernel does not know.
bool accepts(const Policy &policy, const uapi::RulesetAttr &attr) {
  const long ruleset = sys::create_ruleset(attr);
  if (ruleset >= 0) sys::close(static_cast<int>(ruleset));
  if (ruleset < 0 && ruleset != -uapi::kEINVAL && ruleset != -uapi::kE2BIG)
    die_of(policy, "create a Landlock ruleset", ruleset);
  return ruleset >= 0;
}

// An ABI's number promises its rights, but some distributors' kernels have the number without
// one of them: RHEL 9 says 6 and refuses the signal scope. Then each is asked for alone.
void drop_unaccepted(const Policy &policy, Kernel &kernel) {
  const auto rights = [&](Field field) { return kernel.rights[static_cast<size_t>(field)]; };
  if (accepts(policy, {rights(Field::Fs), rights(Field::Net), rights(Field::Scope)})) return;
  for (const Right &right : kRights) {
    if (right.field == Field::Flags || (rights(right.field) & right.mask()) == 0) continue;
    uapi::RulesetAttr attr = {};
    word_of(attr, right.field) = right.mask();
    if (!accepts(policy, attr)) kernel.rights[static_cast<size_t>(right.field)] &= ~right.mask();
  }
}

}  // namespace

Kernel probe_kernel(const Policy &policy, const Request &request) {
  Kernel kernel;
  kernel.exempt_from_nproc = last_rule(policy, Directive::Limit) != nullptr && exempt_from_nproc();
  const bool only_asked = request.explain || !request.why_right.empty();
  if (request.no_landlock) {
    kernel.landlock = Landlock::Unused;
    return kernel;
  }
  if (only_asked && request.abi_given) return kernel_of_abi(request.abi);
  const long abi = sys::landlock_abi();
  if (abi == -uapi::kENOSYS || abi == -uapi::kEOPNOTSUPP) {
    kernel.landlock = abi == -uapi::kENOSYS ? Landlock::Absent : Landlock::Off;
    return kernel;
  }
  if (abi <= 0) die_of(policy, "ask for the Landlock ABI", abi);
  const int most = abi < request.abi ? static_cast<int>(abi) : request.abi;
  const bool exempt = kernel.exempt_from_nproc;
  kernel = kernel_of_abi(most);
  kernel.exempt_from_nproc = exempt;
  drop_unaccepted(policy, kernel);
  return kernel;
}

}  // namespace ll
