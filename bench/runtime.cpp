// Makes one system call, or two, over and over, and prints what they take: nanoseconds.
//
//   runtime getpid         the cheapest call that there is: what a filter adds to every call
//   runtime read FILE      one byte each time
//   runtime open FILE      open and close: what Landlock adds to the way to a file
//   runtime clock          the time of day, by the vDSO: what ll-repeat puts in its place
//   runtime raw-clock      the same by a system call
//   runtime compute        a step of a computation, and no call
//   runtime spawn FILE     a process that executes a file and ends, by the clock on the wall
//
// The time is this process's own on the processor, in short slices whose median is printed: who
// else runs on this machine is not in it.
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "freestanding.h"

namespace {

// How many make a slice: many enough for the clock's own cost, and no more.
constexpr long quick_calls = 2000;
constexpr long slow_calls = 500;
constexpr long steps = 200000;
using Slices = std::array<double, 21>;

[[noreturn]] void fail(const char *what) {
  std::fprintf(stderr, "runtime: %s\n", what);
  std::exit(2);
}

double cpu_in_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

template <typename Call>
double time_slice(long calls, Call call) {
  const double start = cpu_in_nanoseconds();
  for (long i = 0; i < calls; ++i) {
    call();
  }
  return (cpu_in_nanoseconds() - start) / static_cast<double>(calls);
}

template <typename Call>
double time_calls(long calls, Call call) {
  Slices slices{};
  time_slice(calls, call);  // warms up
  for (double &slice : slices) {
    slice = time_slice(calls, call);
  }
  std::sort(slices.begin(), slices.end());
  return slices[slices.size() / 2];
}

long address_of(const char *text) {
  return static_cast<long>(reinterpret_cast<std::intptr_t>(text));
}

long open_to_read(const char *path) {
  const long descriptor = system_call(SYS_openat, AT_FDCWD, address_of(path), O_RDONLY);
  if (descriptor < 0) fail("cannot open the file");
  return descriptor;
}

double time_getpid() {
  return time_calls(quick_calls, [] { system_call(SYS_getpid, 0); });
}

double time_read(const char *path) {
  const long descriptor = open_to_read(path);
  char byte = 0;
  return time_calls(quick_calls, [&] {
    if (system_call(SYS_read, descriptor, address_of(&byte), 1) != 1) fail("cannot read the file");
  });
}

double time_open(const char *path) {
  return time_calls(slow_calls, [&] { system_call(SYS_close, open_to_read(path)); });
}

double time_clock() {
  timespec now{};
  return time_calls(quick_calls, [&] { clock_gettime(CLOCK_REALTIME, &now); });
}

double time_raw_clock() {
  timespec now{};
  return time_calls(quick_calls, [&] { syscall(SYS_clock_gettime, CLOCK_REALTIME, &now); });
}

double time_steps() {
  volatile std::uint64_t sum = 1;
  return time_calls(steps, [&] { sum = sum * 6364136223846793005 + 1442695040888963407; });
}

double wall_in_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double time_spawn(const char *path) {
  Slices slices{};
  for (double &slice : slices) {
    const double start = wall_in_nanoseconds();
    const pid_t child = vfork();
    if (child == 0) {
      execl(path, path, nullptr);
      _exit(127);
    }
    int status = -1;
    if (waitpid(child, &status, 0) != child || status != 0) fail("cannot run the file");
    slice = wall_in_nanoseconds() - start;
  }
  std::sort(slices.begin(), slices.end());
  return slices[slices.size() / 2];
}

}  // namespace

int main(int argc, char **argv) {
  const std::string_view loop = argc > 1 ? argv[1] : "";
  double nanoseconds = 0;
  if (loop == "getpid" && argc == 2) {
    nanoseconds = time_getpid();
  } else if (loop == "read" && argc == 3) {
    nanoseconds = time_read(argv[2]);
  } else if (loop == "open" && argc == 3) {
    nanoseconds = time_open(argv[2]);
  } else if (loop == "clock" && argc == 2) {
    nanoseconds = time_clock();
  } else if (loop == "raw-clock" && argc == 2) {
    nanoseconds = time_raw_clock();
  } else if (loop == "compute" && argc == 2) {
    nanoseconds = time_steps();
  } else if (loop == "spawn" && argc == 3) {
    nanoseconds = time_spawn(argv[2]);
  } else {
    fail(
        "usage: runtime getpid | read FILE | open FILE | clock | raw-clock | compute | spawn FILE");
  }
  std::printf("%.2f\n", nanoseconds);
}
