// The filter of ll-trace: which calls stop for the tracer.
#include <memory>

#include "bpf.h"
#include "check.h"
#include "ll-trace/traced_syscalls.h"

using namespace ll;

namespace {

constexpr uint32_t kAllow = 0x7fff0000, kStop = 0x7ff00000;

Data ioctl_of(uint64_t command) {
  const auto number = static_cast<uint32_t>(number_of_call(row_named(kCallNames, c_text("ioctl"))));
  return {number, 0, 0, {3, command, 0, 0, 0, 0}};
}

std::unique_ptr<Program> observer() {
  auto program = std::make_unique<Program>();
  write_trace_filter(*program, false, false);
  return program;
}

}  // namespace

TEST("an ioctl that Landlock may refuse is traced, whatever its other arguments are") {
  const auto program = observer();
  for (const uint64_t command : {0x5401U, 0x5402U, 0x5413U, 0x5441U, 0x80045430U})
    EQUAL(run(*program, ioctl_of(command)), kStop);
  EQUAL(run(*program, ioctl_of(0x100005401)), kStop);
}

TEST("an ioctl that Landlock never refuses is not traced") {
  const auto program = observer();
  for (const uint64_t command : {0x5450U, 0x5451U, 0x5421U, 0x5452U, 0x541bU})
    EQUAL(run(*program, ioctl_of(command)), kAllow);
}

TEST("every call of interest is traced, and send without an address is not") {
  const auto program = observer();
  for (const TracedSyscall &traced : kTracedSyscalls) {
    if (traced.number < 0 || traced.kind == CallKind::Send) continue;
    EQUAL(run(*program, {static_cast<uint32_t>(traced.number), 0, 0, {}}), kStop);
  }
  const auto send = static_cast<uint32_t>(number_of_call(row_named(kCallNames, c_text("sendto"))));
  EQUAL(run(*program, {send, 0, 0, {}}), kAllow);
  EQUAL(run(*program, {send, 0, 0, {0, 0, 0, 0, 0x1000, 0}}), kStop);
}
