// ll-policy: look at policies, check them, and write new ones.
#include <sys/auxv.h>
#include <unistd.h>

#include "commands.h"
#include "core/help.h"
#include "core/host.h"
#include "os/input/load.h"
#include "os/kernel/uapi.h"
#include "reading.h"

namespace ll {

namespace {

constexpr size_t kHelpColumn = 28;

int print_help() {
  TableWriter rows;
  rows.line() << program_info().usage;
  for (size_t row = 0; *nth(kCommandNames, row).data != '\0'; row++) {
    rows.format("% %", nth(kCommandNames, row), nth(kCommandArguments, row));
    rows.pad_to(kHelpColumn);
    format(rows.line(), "%", nth(kCommandHelps, row));
  }
  list_options(rows, program_info().options);
  rows.end();
  format(rows.line(),
         "`why` takes every directive as an option too: see ll-exec --list directives.\n"
         "Exit status: 0; 125 for errors; check --strict: 1 for warnings;\n"
         "why: 0 granted, 1 refused; new: 127 no such program, 126 it cannot be run.");
  rows.end();
  return 0;
}

int answer(const Process &process, Policy &policy, PolicyRequest &request) {
  check_stack(process, policy);
  Diagnostic problem;
  if (!read_command_line(policy, request, problem)) die(policy, problem);
  if (request.help) return print_help();
  if (request.version) return print_version(policy), 0;
  if (!request.operands.empty()) request.command = request.operands[0].where.argument;
  switch (request.asked) {
    case Command::List: return list_policies(process, request);
    case Command::Show: return show_policy(process, request);
    case Command::Check: return check_policies(process, request);
    case Command::Why: return explain_why(process, policy, request);
    case Command::Path: return list_folders(process, request);
    case Command::New: return write_first_policy(process, policy, request);
    case Command::Convert: return convert(process, policy, request);
  }
  return kFailed;
}

}  // namespace

int run(const Process &process) {
  const std::unique_ptr<Policy> policy = empty_policy(process);
  PolicyRequest request;
  try {
    return answer(process, *policy, request);
  } catch (const Rejection &problem) {
    host_write(2, text_of(message_of(*policy, problem)));
    return problem.status;
  }
}

}  // namespace ll

int main(int argc, char **argv) {
  const auto *executable = reinterpret_cast<const char *>(getauxval(ll::uapi::kAT_EXECFN));
  return ll::run({argc, argv, environ, executable});
}
