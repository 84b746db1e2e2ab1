// ll-repeat: split in two: one becomes the command; the other traces it, and makes its time of day
// and its random bytes what was asked for.
#include "beneath.h"
#include "calls.h"
#include "core/help.h"
#include "core/host.h"
#include "core/mem.h"
#include "os/enforce/launch.h"
#include "os/input/find_command.h"
#include "os/input/load.h"
#include "request.h"
#include "tracer.h"

namespace ll {

namespace {

constexpr char kBeneath[] = "--beneath=";
constinit RepeatRequest request{};
constinit Policy policy{};
constinit Vdso vdso{};
constinit Clock vdso_clock{};

void print_usage() {
  TableWriter rows;
  host_write(1, policy.program.usage);
  list_options(rows, policy.program.options);
  rows.end();
}

// What lies behind the environment, getauxval(3).
uint64_t auxiliary_value(const Process &process, uint64_t key) {
  char **end = process.environment;
  while (*end != nullptr) end++;
  for (auto *entry = reinterpret_cast<uint64_t *>(end + 1); entry[0] != 0; entry += 2)
    if (entry[0] == key) return entry[1];
  return 0;
}

// Every program has the same as this one; where the kernel gives none, all calls are made.
void read_vdso(const Process &process, const Settings &settings) {
  static uint8_t image[kMostImage];
  const auto *bytes = reinterpret_cast<const uint8_t *>(auxiliary_value(process, kAuxVdso));
  if (bytes == nullptr) return;
  Diagnostic problem;
  const size_t size = size_of_image(bytes);
  if (size == 0)
    die_at(policy, kNoLocation, "this kernel's vDSO is not supported: nothing was run");
  memcpy(image, bytes, size);
  if (!change_vdso(image, size, settings, vdso, problem)) die(policy, problem);
}

bool seize(const Split &split) {
  constexpr long kOptions = uapi::kPTRACE_O_TRACESYSGOOD | uapi::kPTRACE_O_TRACEFORK |
                            uapi::kPTRACE_O_TRACEVFORK | uapi::kPTRACE_O_TRACECLONE |
                            uapi::kPTRACE_O_TRACEEXEC | uapi::kPTRACE_O_TRACESECCOMP |
                            uapi::kPTRACE_O_EXITKILL;
  long go = 0;
  if (!send(split.socket, sys::process_id()) || !receive(split.socket, go)) return false;
  const long result = sys::seize(split.traced, kOptions);
  const bool told = send(split.socket, result);
  sys::close(split.socket);
  return told && result >= 0;
}

[[noreturn]] void trace(const Process &process, const Split &split) {
  vdso_clock.start(request);
  read_vdso(process, vdso_clock.settings());
  if (!seize(split)) sys::exit(kFailed);
  trace_all(policy, request, vdso, vdso_clock, static_cast<int>(split.traced));
}

void close_status_at_start() {
  if (policy.status == 0) return;
  const long result = sys::set_descriptor_flags(policy.status, 1);  // FD_CLOEXEC
  if (result < 0) die_errno(policy, "use the descriptor of --status-fd", result);
}

// "--beneath=5,1234", of ll-ns, which is the process that is traced.
[[noreturn]] void trace_other(const Process &process) {
  Text text = c_text(process.arguments[1]).from(sizeof kBeneath - 1);
  uint64_t socket = 0;
  uint64_t traced = 0;
  const size_t comma = find(text, ',');
  if (!parse_number(text.first(comma), INT32_MAX, socket) ||
      !parse_number(text.from(comma + 1), INT32_MAX, traced) || socket < 3 || traced == 0)
    die_at(policy, kNoLocation, "--beneath is for ll-ns");
  Process rest = process;
  rest.arguments[1] = rest.arguments[0];
  rest.arguments++;
  rest.argument_count--;
  load_request(rest, policy, request);
  trace(process, {static_cast<int>(socket), static_cast<long>(traced)});
}

}  // namespace

int run(const Process &process) {
  policy.program = program_info();
  open_standard_descriptors(policy);
  check_stack(process, policy);
  if (process.argument_count > 1 && starts_with(c_text(process.arguments[1]), c_text(kBeneath)))
    trace_other(process);
  load_request(process, policy, request);
  if (request.help) return print_usage(), 0;
  if (request.version) return print_version(policy), 0;
  close_status_at_start();
  char **arguments = process.arguments + request.command;
  const char *command = find_command(process, policy, arguments[0]);
  const Split parts = split(policy, request);
  if (parts.traced != 0) trace(process, parts);
  const long error = sys::execute(command, arguments, process.environment);
  Diagnostic problem;
  problem.fail(kNoLocation, "cannot run '%': %", c_text(command), Error{error});
  die(policy, problem, error == -uapi::kENOENT ? kNotFound : kCannotRun);
}

}  // namespace ll
