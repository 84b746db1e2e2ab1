#include "os/kernel/process.h"

#include "core/host.h"
#include "os/kernel/sys.h"

namespace ll {

void host_write(int descriptor, Text bytes) {
  while (!bytes.empty()) {
    const long written = sys::write(descriptor, bytes.data, bytes.size);
    if (written == -uapi::kEINTR) continue;
    if (written <= 0) return;
    bytes = bytes.from(static_cast<size_t>(written));
  }
}

void warn(const Policy &policy, const Diagnostic &problem) {
  Builder message = output_line();
  print_diagnostic(message, policy, problem);
  host_write(2, message.text());
}

void die(const Policy &policy, const Diagnostic &problem, int status) {
  Builder message = output_line();
  print_diagnostic(message, policy, problem);
  host_write(2, message.text());
  if (policy.status != 0) {
    FixedString<8> number;
    number << static_cast<uint32_t>(status) << '\n';
    host_write(policy.status, number.text());
    host_write(policy.status, message.text());
  }
  sys::exit(status);
}

void die_all(const Policy &policy, const SourceSpan &where, const char *pattern, ...) {
  Diagnostic problem;
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  problem.fail_list(where, pattern, arguments);
  die(policy, problem);
}

void die_errno(const Policy &policy, const char *what, long error) {
  die_at(policy, kNoLocation, "cannot %: %", what, Error{error});
}

}  // namespace ll
