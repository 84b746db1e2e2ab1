#include "record_and_rerun.h"

#include "calls.h"
#include "core/host.h"
#include "generate_policy.h"

namespace ll {

namespace {

constexpr size_t kMostArguments = 8192;

// --learn FILE becomes -p FILE; all else stays.
char **arguments_under(const Process &process, const Policy &policy, const TraceRequest &request,
                       uint8_t tolerated) {
  static char *arguments[kMostArguments];
  constexpr char kTolerate[] = "--tolerate=unix\0--tolerate=udp\0--tolerate=netlink\0";
  const auto count = static_cast<size_t>(process.argument_count);
  if (count + 8 > kMostArguments) die_at(policy, {}, "too many arguments for --learn");
  const size_t value = request.record_at.argument;
  const bool joined = starts_with(c_text(process.arguments[value]), "--"_t);
  size_t filled = 0;
  arguments[filled++] = process.arguments[0];
  arguments[filled++] = const_cast<char *>("-p");
  arguments[filled++] = const_cast<char *>(request.learn.data);
  for (size_t row = 0; row < 3; row++)
    if ((tolerated >> row & 1) != 0)
      arguments[filled++] = const_cast<char *>(nth(kTolerate, row).data);
  for (size_t i = 1; i < count; i++) {
    const bool own = i == value || (!joined && i + 1 == value) ||
                     (i < request.command && (c_text(process.arguments[i]) == "--learn-env"_t ||
                                              c_text(process.arguments[i]) == "--calls"_t));
    if (!own) arguments[filled++] = process.arguments[i];
  }
  arguments[filled] = nullptr;
  return arguments;
}

}  // namespace

int record_and_rerun(const Process &process, const Policy &policy, const TraceRequest &request) {
  int ends[2] = {-1, -1};
  long result = sys::make_pipe(ends);
  if (result < 0) die_errno(policy, "make a pipe", result);
  const long child = sys::fork();
  if (child < 0) die_errno(policy, "start the command", child);
  if (child == 0) {
    sys::close(ends[0]);
    return ends[1];
  }
  sys::close(ends[1]);
  // A terminal's signals are for the command.
  const uint64_t all = UINT64_MAX;
  uint64_t before = 0;
  sys::set_signal_mask(uapi::kSIG_SETMASK, &all, &before);
  int status = 0;
  do result = sys::wait_for(static_cast<int>(child), status);
  while (result == -uapi::kEINTR);
  if (result < 0) die_errno(policy, "wait for the command", result);
  sys::set_signal_mask(uapi::kSIG_SETMASK, &before, nullptr);
  uint8_t tolerated = 0;
  const long got = sys::read(ends[0], &tolerated, 1);
  if (got != 1 || tolerated == kNotWritten)
    sys::exit(got != 1 && (status & 0x7f) == 0 ? status >> 8 & 0xff : kFailed);
  if (!request.quiet) {
    FixedString<2 * kMaxLine> message;
    format(message, "ll-trace: % is written; the command runs again under it\n", request.learn);
    host_write(2, message.text());
  }
  char **arguments = arguments_under(process, policy, request, tolerated);
  result = sys::execute("/proc/self/exe", arguments, process.environment);
  die_errno(policy, "run under the policy that was written", result);
}

}  // namespace ll
