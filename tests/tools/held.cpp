// All that ll-repeat controls, by every call, for its tests; linked statically and dynamically.
//
//   held times    the time of day in seconds, a line a way
//   held waits    waits for 50 ms by the time of day, a line a way, and what came of it
//   held bytes    random bytes, a line a source
//   held tree     random bytes of three children that run at once
//   held rdrand   a number of the processor's
//   held threads  random bytes of a thread, and of the first one
//   held trace    whether this process may be traced
//   held closed   random bytes of a process that forbids others to look into it
//   held spin     computes, and prints what it came to
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string_view>

namespace {

void print(const char *way, long seconds) { std::printf("%s %ld\n", way, seconds); }

long clock_of(int clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec;
}

long raw_clock_of(int clock) {
  timespec time{};
  syscall(SYS_clock_gettime, clock, &time);
  return time.tv_sec;
}

int print_times() {
  timeval day{};
  gettimeofday(&day, nullptr);
  print("clock_gettime", clock_of(CLOCK_REALTIME));
  print("coarse", clock_of(CLOCK_REALTIME_COARSE));
  print("tai", clock_of(CLOCK_TAI));
  print("time", time(nullptr));
  print("gettimeofday", day.tv_sec);
  print("raw", raw_clock_of(CLOCK_REALTIME));
  print("raw coarse", raw_clock_of(CLOCK_REALTIME_COARSE));
  print("raw tai", raw_clock_of(CLOCK_TAI));
  syscall(SYS_gettimeofday, &day, nullptr);
  print("raw gettimeofday", day.tv_sec);
#ifdef SYS_time
  print("raw time", syscall(SYS_time, nullptr));
#endif
  timespec none{};
  errno = 0;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, 8);
  std::printf("bad address %s\n", errno == EFAULT ? "EFAULT" : "?");
  errno = 0;
  clock_gettime(12345, &none);
  std::printf("bad clock %s\n", errno == EINVAL ? "EINVAL" : "?");
  return 0;
}

constexpr long kWait = 50'000'000;  // nanoseconds

timespec after_wait() {
  timespec end{};
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += kWait;
  if (end.tv_nsec < 1'000'000'000) return end;
  return {end.tv_sec + 1, end.tv_nsec - 1'000'000'000};
}

long monotonic() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

// A deadline that was taken by another clock is over at once, or never.
template <typename Wait>
void print_wait(const char *way, Wait wait) {
  const long before = monotonic();
  const timespec end = after_wait();
  const timespec kept = end;
  const char *result = wait(end);
  const bool early = monotonic() - before < kWait;
  const bool changed = std::memcmp(&end, &kept, sizeof end) != 0;
  std::printf("%s %s%s%s\n", way, result, early ? " early" : "", changed ? " changed" : "");
}

int print_waits() {
  print_wait("nanosleep", [](const timespec &end) {
    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, nullptr) == 0 ? "slept" : "failed";
  });
  print_wait("condition", [](const timespec &end) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_lock(&mutex);
    return pthread_cond_timedwait(&condition, &mutex, &end) == ETIMEDOUT ? "slept" : "failed";
  });
  print_wait("semaphore", [](const timespec &end) {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    return sem_timedwait(&semaphore, &end) < 0 && errno == ETIMEDOUT ? "slept" : "failed";
  });
#ifdef SYS_futex_waitv
  print_wait("futexes", [](const timespec &end) {
    uint32_t word = 0;
    const struct {
      uint64_t value, address;
      uint32_t flags, reserved;
    } waiter = {0, reinterpret_cast<uint64_t>(&word), 2, 0};
    const long result = syscall(SYS_futex_waitv, &waiter, 1, 0, &end, CLOCK_REALTIME);
    if (result < 0 && errno == ENOSYS) return usleep(kWait / 1000) == 0 ? "slept" : "failed";
    return result < 0 && errno == ETIMEDOUT ? "slept" : "failed";
  });
#endif
  print_wait("timerfd", [](const timespec &end) {
    const itimerspec when = {{}, end};
    const int timer = timerfd_create(CLOCK_REALTIME, 0);
    uint64_t count = 0;
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, nullptr) == 0 &&
                   read(timer, &count, sizeof count) == sizeof count
               ? "slept"
               : "failed";
  });
  print_wait("monotonic timerfd", [](const timespec &) {
    const long end = monotonic() + kWait;
    const itimerspec when = {{}, {end / 1'000'000'000, end % 1'000'000'000}};
    const int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    uint64_t count = 0;
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, nullptr) == 0 &&
                   read(timer, &count, sizeof count) == sizeof count
               ? "slept"
               : "failed";
  });
  print_wait("timer", [](const timespec &end) {
    sigevent none{};
    none.sigev_notify = SIGEV_NONE;
    timer_t timer;
    const itimerspec when = {{}, end};
    itimerspec left{};
    if (timer_create(CLOCK_REALTIME, &none, &timer) < 0 ||
        timer_settime(timer, TIMER_ABSTIME, &when, nullptr) < 0)
      return "failed";
    const long before = monotonic();
    do timer_gettime(timer, &left);
    while ((left.it_value.tv_sec | left.it_value.tv_nsec) != 0 &&
           monotonic() - before < 20 * kWait);
    return left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0 ? "slept" : "failed";
  });
  print_wait("usleep",
             [](const timespec &) { return usleep(kWait / 1000) == 0 ? "slept" : "failed"; });
  return 0;
}

using Bytes = uint8_t[16];

void print(const char *source, const Bytes &bytes) {
  std::printf("%s ", source);
  for (const uint8_t byte : bytes) std::printf("%02x", byte);
  std::printf("\n");
}

void fill(Bytes &bytes) {
  if (syscall(SYS_getrandom, bytes, sizeof bytes, 0) != sizeof bytes) std::perror("getrandom");
}

int print_bytes() {
  Bytes bytes;
  std::memcpy(bytes, reinterpret_cast<const void *>(getauxval(AT_RANDOM)), sizeof bytes);
  print("auxiliary", bytes);
  fill(bytes);
  print("raw", bytes);
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) std::perror("getrandom");
  print("getrandom", bytes);
  if (getentropy(bytes, sizeof bytes) != 0) std::perror("getentropy");
  print("getentropy", bytes);
  errno = 0;
  syscall(SYS_getrandom, bytes, sizeof bytes, 1 << 20);
  std::printf("bad flag %s\n", errno == EINVAL ? "EINVAL" : "?");
  errno = 0;
  syscall(SYS_getrandom, 8, sizeof bytes, 0);
  std::printf("bad address %s\n", errno == EFAULT ? "EFAULT" : "?");
  return 0;
}

// Each draws at another moment; what it draws goes through a pipe, so that it is printed in order.
int print_tree() {
  int pipes[3][2];
  for (int i = 0; i < 3; i++) {
    if (pipe(pipes[i]) < 0) return 1;
    if (fork() != 0) continue;
    usleep(static_cast<useconds_t>((getpid() ^ monotonic()) % 3000));
    Bytes bytes;
    fill(bytes);
    if (fork() == 0) {
      fill(bytes);
      _exit(write(pipes[i][1], bytes, sizeof bytes) == sizeof bytes ? 0 : 1);
    }
    wait(nullptr);
    _exit(write(pipes[i][1], bytes, sizeof bytes) == sizeof bytes ? 0 : 1);
  }
  for (auto &ends : pipes) {
    Bytes bytes;
    for (const char *who : {"grandchild", "child"}) {
      if (read(ends[0], bytes, sizeof bytes) != sizeof bytes) return 1;
      print(who, bytes);
    }
  }
  while (wait(nullptr) > 0) {
  }
  return 0;
}

void *print_of_thread(void *) {
  Bytes bytes;
  fill(bytes);
  print("thread", bytes);
  return nullptr;
}

int print_threads() {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, print_of_thread, nullptr) != 0) return 1;
  pthread_join(thread, nullptr);
  Bytes bytes;
  fill(bytes);
  print("first", bytes);
  return 0;
}

int print_number() {
#if defined(__x86_64__)
  unsigned long number = 0;
  unsigned char valid = 0;
  while (valid == 0) __asm__ volatile("rdrand %0; setc %1" : "=r"(number), "=qm"(valid) : : "cc");
  std::printf("%lx\n", number);
  return 0;
#else
  return 2;
#endif
}

int try_trace() {
  const long result = ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  std::printf("%s\n", result < 0 ? std::strerror(errno) : "traced");
  return 0;
}

int print_closed() {
  if (prctl(PR_SET_DUMPABLE, 0) < 0) return 1;
  Bytes bytes;
  fill(bytes);
  print("raw", bytes);
  return 0;
}

int spin() {
  uint64_t sum = 1;
  for (long i = 0; i < 200'000'000; i++) sum = sum * 6364136223846793005 + 1442695040888963407;
  std::printf("%lx\n", static_cast<unsigned long>(sum));
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  const std::string_view verb = argc == 2 ? argv[1] : "";
  if (verb == "times") return print_times();
  if (verb == "waits") return print_waits();
  if (verb == "bytes") return print_bytes();
  if (verb == "tree") return print_tree();
  if (verb == "threads") return print_threads();
  if (verb == "rdrand") return print_number();
  if (verb == "trace") return try_trace();
  if (verb == "closed") return print_closed();
  if (verb == "spin") return spin();
  std::fprintf(stderr, "usage: held times|waits|bytes|tree|threads|rdrand|trace|closed|spin\n");
  return 2;
}
