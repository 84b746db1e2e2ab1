// Races against a supervisor that decides about connections:
//   race serve ADDRESS:PORT ADDRESS:PORT -- COMMAND...
//     listens at both, runs COMMAND, and says how often the second was reached
//   race address|descriptor|continue TRIES ALLOWED:PORT DENIED:PORT
//     tries to reach the second: by an address that another thread rewrites, by a number that
//     another thread makes another socket, by an address of a unix socket that lets a call pass and
//     is rewritten meanwhile. Says how many connections it made to which.
//   race storm TRIES ADDRESS:PORT [restart][blocking]
//     connects while a signal comes each 150 us; says what came of it, each once, and how often
//   race without-wall TRIES ALLOWED:PORT DENIED:PORT
//     `continue` under a supervisor of its own that lets a unix address pass and has nothing behind
//     it: the control, which must reach it
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>

#include "naive_supervisor.h"

namespace {

sockaddr_in read_place(const char *text) {
  const char *colon = strrchr(text, ':');
  sockaddr_in place = {};
  place.sin_family = AF_INET;
  if (colon == nullptr ||
      inet_pton(AF_INET, std::string(text, colon).c_str(), &place.sin_addr) != 1) {
    fprintf(stderr, "race: %s is not ADDRESS:PORT\n", text);
    exit(2);
  }
  place.sin_port = htons(static_cast<uint16_t>(atoi(colon + 1)));
  return place;
}

[[noreturn]] void fail(const char *what) {
  perror(what);
  exit(2);
}

// ---- the servers

int listen_at(const sockaddr_in &place) {
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(server, reinterpret_cast<const sockaddr *>(&place), sizeof place) != 0 ||
      listen(server, 4096) != 0)
    fail("race: listen");
  return server;
}

std::atomic<long> reached;

void accept_all(int server, bool counts) {
  for (;;) {
    const int link = accept(server, nullptr, nullptr);
    if (link < 0) continue;
    if (counts) reached++;
    close(link);
  }
}

int serve(char **arguments) {
  const int allowed = listen_at(read_place(arguments[0]));
  const int denied = listen_at(read_place(arguments[1]));
  const pid_t child = fork();
  if (child == 0) {
    execvp(arguments[3], arguments + 3);
    fail("race: the command");
  }
  std::thread([=] { accept_all(allowed, false); }).detach();
  std::thread([=] { accept_all(denied, true); }).detach();
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
  }
  // What has been connected is there to be accepted.
  pollfd waiting = {denied, POLLIN, 0};
  while (poll(&waiting, 1, 50) > 0) sched_yield();
  printf("reached %ld\n", reached.load());
  fflush(stdout);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

// ---- the races

union Location {
  sockaddr_in inet;
  sockaddr_un local;
};
Location shared;
std::atomic<bool> over;
long to_allowed;
long to_denied;

bool is_at(int link, const sockaddr_in &place) {
  sockaddr_in peer = {};
  socklen_t size = sizeof peer;
  return getpeername(link, reinterpret_cast<sockaddr *>(&peer), &size) == 0 &&
         peer.sin_addr.s_addr == place.sin_addr.s_addr && peer.sin_port == place.sin_port;
}

int open_socket() {
  const int link = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (link < 0) fail("race: socket");
  // It leaves nothing behind: of ports there are not so many.
  const linger at_once = {1, 0};
  setsockopt(link, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  return link;
}

void note(int link, const sockaddr_in &allowed, const sockaddr_in &denied) {
  if (is_at(link, allowed)) to_allowed++;
  if (is_at(link, denied)) to_denied++;
}

void race_address(long tries, const sockaddr_in &allowed, const sockaddr_in &denied) {
  std::thread writer([&] {
    while (!over) {
      shared.inet = allowed;
      std::atomic_signal_fence(std::memory_order_seq_cst);
      shared.inet = denied;
      std::atomic_signal_fence(std::memory_order_seq_cst);
    }
  });
  for (long i = 0; i < tries; i++) {
    const int link = open_socket();
    connect(link, reinterpret_cast<sockaddr *>(&shared.inet), sizeof shared.inet);
    note(link, allowed, denied);
    close(link);
  }
  over = true;
  writer.join();
}

// One number, which is a TCP socket or one of another kind in turn.
constexpr int kNumber = 100;

void race_descriptor(long tries, const sockaddr_in &allowed, const sockaddr_in &denied,
                     bool by_unix) {
  const int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) fail("race: socketpair");
  const int other = local >= 0 ? local : pair[0];
  std::atomic<int> link{open_socket()};
  sockaddr_un path = {};
  path.sun_family = AF_UNIX;
  memcpy(path.sun_path, "/nothing", 9);
  dup2(other, kNumber);
  std::thread writer([&] {
    while (!over) {
      if (by_unix) {
        shared.local = path;
        dup2(other, kNumber);
        for (int i = 0; i < 50; i++) std::atomic_signal_fence(std::memory_order_seq_cst);
        shared.inet = denied;
        dup2(link, kNumber);
      } else {
        dup2(other, kNumber);
        dup2(link, kNumber);
      }
    }
  });
  for (long i = 0; i < tries && to_denied == 0; i++) {
    if (by_unix)
      connect(kNumber, reinterpret_cast<sockaddr *>(&shared), sizeof shared.inet);
    else
      connect(kNumber, reinterpret_cast<const sockaddr *>(i % 2 == 0 ? &allowed : &denied),
              sizeof allowed);
    if (i % 64 != 63 && !is_at(link, denied) && !is_at(link, allowed)) continue;
    note(link, allowed, denied);
    const int fresh = open_socket();
    const int old = link.exchange(fresh);
    close(old);
  }
  over = true;
  writer.join();
}

int run_race(const char *kind, char **arguments) {
  const long tries = atol(arguments[0]);
  const sockaddr_in allowed = read_place(arguments[1]);
  const sockaddr_in denied = read_place(arguments[2]);
  shared.inet = allowed;
  if (strcmp(kind, "address") == 0)
    race_address(tries, allowed, denied);
  else
    race_descriptor(tries, allowed, denied, strcmp(kind, "continue") == 0);
  printf("%s: %ld tries, %ld to the one, %ld to the other\n", kind, tries, to_allowed, to_denied);
  return to_denied == 0 ? 0 : 1;
}

// ---- signals

long handled;

int run_storm(char **arguments) {
  const long tries = atol(arguments[0]);
  const sockaddr_in place = read_place(arguments[1]);
  const bool restarts = strstr(arguments[2], "restart") != nullptr;
  const bool waits = strstr(arguments[2], "blocking") != nullptr;
  struct sigaction action = {};
  action.sa_handler = [](int) { handled++; };
  action.sa_flags = restarts ? SA_RESTART : 0;
  sigaction(SIGALRM, &action, nullptr);
  const itimerval every = {{0, 150}, {0, 150}};
  setitimer(ITIMER_REAL, &every, nullptr);
  std::map<std::string, long> results;
  for (long i = 0; i < tries; i++) {
    int link;
    while ((link = socket(AF_INET, SOCK_STREAM | (waits ? 0 : SOCK_NONBLOCK), 0)) < 0)
      if (errno != EINTR) fail("race: socket");
    const linger at_once = {1, 0};
    setsockopt(link, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    const int result = connect(link, reinterpret_cast<const sockaddr *>(&place), sizeof place);
    int error = result == 0 ? 0 : errno;
    if (!waits && error == EINPROGRESS) {
      pollfd ready = {link, POLLOUT, 0};
      while (poll(&ready, 1, -1) < 0) {
      }
      socklen_t size = sizeof error;
      getsockopt(link, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    results[error == 0 ? "connected" : strerrorname_np(error)]++;
    close(link);
  }
  setitimer(ITIMER_REAL, nullptr, nullptr);
  if (handled == 0) return 2;
  for (const auto &[name, times] : results) printf("%s ", name.c_str());
  printf("\n");
  for (const auto &[name, times] : results) fprintf(stderr, "%s %ld\n", name.c_str(), times);
  return 0;
}

// ---- the control: a supervisor that looks at the family alone, and nothing behind it

bool is_unix(const seccomp_notif &call) {
  sa_family_t family = 0;
  return naive::read_argument(call, 1, &family, sizeof family) && family == AF_UNIX;
}

int run_without_wall(char **arguments) {
  return naive::supervise(SYS_connect, is_unix, [&] { return run_race("continue", arguments); });
}

}  // namespace

int main(int count, char **arguments) {
  signal(SIGPIPE, SIG_IGN);
  const std::string verb = count > 1 ? arguments[1] : "";
  if (verb == "serve" && count > 5) return serve(arguments + 2);
  if (count != 5) return 2;
  if (verb == "storm") return run_storm(arguments + 2);
  if (verb == "without-wall") return run_without_wall(arguments + 2);
  return run_race(verb.c_str(), arguments + 2);
}
