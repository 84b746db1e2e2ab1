#include "core/seccomp/syscalls.h"

namespace ll {

namespace {

enum class Group : uint8_t {
  Aio,
  BasicIo,
  Chown,
  Clock,
  CpuEmulation,
  Debug,
  Default,
  FileSystem,
  IoEvent,
  Ipc,
  Keyring,
  Memlock,
  Module,
  Mount,
  NetworkIo,
  Obsolete,
  Pkey,
  Process,
  RawIo,
  Reboot,
  Resources,
  Sandbox,
  Setuid,
  Signal,
  Swap,
  Sync,
  Timer,
  Other
};
// Additional groups of a call, in the order of their names below.
enum More : uint8_t {
  Service = 1,
  Privileged = 2,
  Metadata = 4,
  Namespace = 8,
  Ring = 16,
  Sysv = 32
};

constexpr int16_t kNumbers[] = {
#define SYSCALL(name, x86_64, arm64, group, more) number::name,
#include "core/seccomp/syscalls.def"
};

// Runs of consecutive numbers. A run without numbers: calls that this architecture lacks.
struct Run {
  uint16_t row;
  int16_t number;
};

constexpr int number_in(const Run &run, size_t row) {
  return run.number < 0 ? -1 : run.number + static_cast<int>(row - run.row);
}

// Writes the runs if there is room; returns their number.
constexpr size_t find_runs(Run *runs) {
  size_t count = 0;
  Run run = {0, kNumbers[0]};
  for (size_t row = 0; row < kCallCount; row++) {
    if (row != 0 && number_in(run, row) == kNumbers[row]) continue;
    run = {static_cast<uint16_t>(row), kNumbers[row]};
    if (runs != nullptr) runs[count] = run;
    count++;
  }
  return count;
}

constexpr size_t kRunCount = find_runs(nullptr);
struct Runs {
  Run rows[kRunCount];
};
consteval Runs work_out_runs() {
  Runs runs = {};
  find_runs(runs.rows);
  return runs;
}
constexpr Runs kRuns = work_out_runs();

struct Groups {
  uint8_t group;
  uint8_t more;
};
constexpr Groups kGroups[] = {
#define SYSCALL(name, x86_64, arm64, group, more) {static_cast<uint8_t>(Group::group), more},
#include "core/seccomp/syscalls.def"
};

}  // namespace

static_assert(static_cast<size_t>(Group::Default) == kDefaultGroup);

int number_of_call(size_t row) {
  size_t low = 0;
  for (size_t high = kRunCount; high - low > 1;) {
    const size_t middle = (low + high) / 2;
    if (kRuns.rows[middle].row <= row)
      low = middle;
    else
      high = middle;
  }
  return number_in(kRuns.rows[low], row);
}

bool is_in_group(size_t row, size_t group) {
  constexpr auto kFirstMore = static_cast<size_t>(Group::Other);
  const Groups &call = kGroups[row];
  if (group >= kFirstMore) return (call.more >> (group - kFirstMore) & 1) != 0;
  return call.group == group;
}

}  // namespace ll
