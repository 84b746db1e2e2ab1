#include "os/enforce/seccomp.h"

#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

void write_filter(const Policy &policy, const Filter &filter, Program &program) {
  if (!compile(filter, program)) die_at(policy, kNoLocation, "the system call filter is too long");
}

void install_filter(const Policy &policy, const Program &program) {
  const uapi::SockFprog loaded = {.length = static_cast<uint16_t>(kMaxInstructions - program.start),
                                  .code = program.code + program.start};
  // seccomp(2): with SECCOMP_FILTER_FLAG_LOG refusals are in the audit log.
  const bool audit = last_rule(policy, Directive::Audit) != nullptr;
  const long result = sys::set_filter(audit ? uapi::kSECCOMP_FILTER_FLAG_LOG : 0, loaded);
  if (result < 0) die_errno(policy, "install the system call filter", result);
}

}  // namespace ll
