// os/process.h for this program: nothing ends it but main.cpp.
#include "os/kernel/process.h"

#include <unistd.h>

#include "core/host.h"
#include "os/kernel/sys.h"
#include "rejection.h"

namespace ll {

std::string string_of(Text text) { return text.empty() ? "" : std::string(text.data, text.size); }

std::string message_of(const Policy &policy, const Rejection &rejection) {
  Diagnostic problem;
  problem.where = rejection.where;
  problem.message << text_of(rejection.message);
  FixedString<8192> message;
  print_diagnostic(message, policy, problem);
  return string_of(message.text());
}

// What is written is a policy, or what a program reads: half of it must not pass for all.
void host_write(int descriptor, Text bytes) {
  while (!bytes.empty()) {
    const long written = sys::write(descriptor, bytes.data, bytes.size);
    if (written == -uapi::kEINTR) continue;
    if (written < 0) {
      FixedString<256> message;
      format(message, "ll-policy: cannot write: %\n", Error{written});
      sys::write(2, message.text().data, message.text().size);
      _exit(kFailed);
    }
    bytes = bytes.from(static_cast<size_t>(written));
  }
}

void warn(const Policy &policy, const Diagnostic &problem) {
  host_write(2, text_of(message_of(policy, {problem.where, string_of(problem.message.text()), 0})));
}

void die(const Policy & /*policy*/, const Diagnostic &problem, int status) {
  throw Rejection{problem.where, string_of(problem.message.text()), status};
}

void die_all(const Policy &policy, const SourceSpan &where, const char *pattern, ...) {
  Diagnostic problem;
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  problem.fail_list(where, pattern, arguments);
  __builtin_va_end(arguments);
  die(policy, problem);
}

void die_errno(const Policy &policy, const char *what, long error) {
  die_at(policy, {}, "cannot %: %", what, Error{error});
}

}  // namespace ll
