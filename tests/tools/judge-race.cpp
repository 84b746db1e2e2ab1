// Races against a supervisor that asks a judge:
//   judge-race judge FOLDER PORT
//     a judge: yes to what is in that folder, and to connections to that port
//   judge-race path|link|descriptor TRIES FOLDER
//     opens FOLDER/pub/f while another thread makes it FOLDER/priv/f: the bytes of the path; the
//     link FOLDER/work/link, on the way there; the directory's number
//   judge-race address TRIES ALLOWED DENIED
//     connects to 127.0.0.1 at the first port while another thread makes it the second
//   judge-race naive KIND ...
//     the same under a supervisor of its own, which looks at the path or the port, and lets the
//     call go on; nothing stands behind it: the control, which must leak
// What is denied holds "secret" as its first word; who serves the second port says it. Prints how
// often that was had; the status is 0 if it never was.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

namespace {

[[noreturn]] void fail(const char *what) {
  perror(what);
  exit(2);
}

// ---- the judge

int judge(const std::string &folder, const char *port) {
  const std::string opens = "\"path\":\"" + folder + "/";
  const std::string connects = std::string("\"port\":") + port + ",";
  char *line = nullptr;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    if (strncmp(line, "{\"id\":", 6) != 0) continue;
    const bool yes =
        strstr(line, opens.c_str()) != nullptr || strstr(line, connects.c_str()) != nullptr;
    printf("{\"id\":%ld,\"allow\":%s}\n", atol(line + 6), yes ? "true" : "false");
    fflush(stdout);
  }
  return 0;
}

// ---- the races

std::atomic<bool> over = false;
struct Counts {
  long had = 0, secret = 0, refused = 0;
};

void count_file(int file, Counts &counts) {
  if (file < 0) {
    counts.refused++;
    return;
  }
  char word[6] = {};
  const bool secret = read(file, word, sizeof word) == 6 && memcmp(word, "secret", 6) == 0;
  (secret ? counts.secret : counts.had)++;
  close(file);
}

void race_path(long tries, const std::string &folder, Counts &counts) {
  static char path[PATH_MAX];
  const std::string one = folder + "/pub/f";
  const std::string other = folder + "/priv/f";
  std::thread flips([&] {
    while (!over) {
      strcpy(path, one.c_str());
      for (int i = 0; i < 4000; i++) asm volatile("");
      strcpy(path, other.c_str());
      for (int i = 0; i < 4000; i++) asm volatile("");
    }
  });
  for (long i = 0; i < tries; i++) count_file(open(path, O_RDONLY | O_CLOEXEC), counts);
  over = true;
  flips.join();
}

void race_link(long tries, const std::string &folder, Counts &counts) {
  const std::string link = folder + "/work/link";
  const std::string next = folder + "/work/next";
  const std::string file = link + "/f";
  std::thread flips([&] {
    for (bool first = true; !over; first = !first) {
      if (symlink((folder + (first ? "/pub" : "/priv")).c_str(), next.c_str()) != 0 ||
          rename(next.c_str(), link.c_str()) != 0)
        fail("judge-race: the link");
    }
  });
  for (long i = 0; i < tries; i++) count_file(open(file.c_str(), O_RDONLY | O_CLOEXEC), counts);
  over = true;
  flips.join();
}

void race_descriptor(long tries, const std::string &folder, Counts &counts) {
  constexpr int kNumber = 100;
  const int one = open((folder + "/pub").c_str(), O_PATH | O_CLOEXEC);
  const int other = open((folder + "/priv").c_str(), O_PATH | O_CLOEXEC);
  if (one < 0 || other < 0 || dup2(one, kNumber) < 0) fail("judge-race: the directories");
  std::thread flips([&] {
    for (bool first = false; !over; first = !first) dup2(first ? one : other, kNumber);
  });
  for (long i = 0; i < tries; i++) count_file(openat(kNumber, "f", O_RDONLY | O_CLOEXEC), counts);
  over = true;
  flips.join();
}

void race_address(long tries, const char *allowed, const char *denied, Counts &counts) {
  static sockaddr_in place = {};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const in_port_t one = htons(static_cast<uint16_t>(atoi(allowed)));
  const in_port_t other = htons(static_cast<uint16_t>(atoi(denied)));
  std::atomic_ref<in_port_t> port(place.sin_port);
  port = one;
  std::thread flips([&] {
    while (!over) {
      port = other;
      port = one;
    }
  });
  for (long i = 0; i < tries; i++) {
    const int link = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link < 0) fail("judge-race: socket");
    const linger at_once = {1, 0};
    setsockopt(link, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    sockaddr_in peer = {};
    socklen_t size = sizeof peer;
    const bool made = connect(link, reinterpret_cast<sockaddr *>(&place), sizeof place) == 0 &&
                      getpeername(link, reinterpret_cast<sockaddr *>(&peer), &size) == 0;
    if (!made)
      counts.refused++;
    else
      (peer.sin_port == other ? counts.secret : counts.had)++;
    close(link);
  }
  over = true;
  flips.join();
}

// COUNT of arguments behind the kind.
int run_race(const std::string &kind, int count, char **arguments) {
  Counts counts;
  if (count < 2) return 2;
  const long tries = atol(arguments[0]);
  if (kind == "path")
    race_path(tries, arguments[1], counts);
  else if (kind == "link")
    race_link(tries, arguments[1], counts);
  else if (kind == "descriptor")
    race_descriptor(tries, arguments[1], counts);
  else if (kind == "address" && count == 3)
    race_address(tries, arguments[1], arguments[2], counts);
  else
    return 2;
  printf("had %ld, refused %ld, secret %ld\n", counts.had, counts.refused, counts.secret);
  return counts.secret == 0 ? 0 : 1;
}

// ---- the control

int install_listener(long number) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program = {4, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return static_cast<int>(
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

// Of what the child has now: where it would lead, as a judge of names would see it.
bool looks_allowed(const seccomp_notif &call, in_port_t allowed) {
  const auto task = static_cast<pid_t>(call.pid);
  const bool connects = call.data.nr == SYS_connect;
  char bytes[PATH_MAX] = {};
  iovec to = {bytes, connects ? sizeof(sockaddr_in) : 256};
  iovec from = {reinterpret_cast<void *>(call.data.args[1]), to.iov_len};
  if (process_vm_readv(task, &to, 1, &from, 1, 0) <= 0) return false;
  if (connects) return reinterpret_cast<sockaddr_in *>(bytes)->sin_port == allowed;
  std::string path = bytes;
  if (path[0] != '/')
    path = "/proc/" + std::to_string(task) + "/fd/" +
           std::to_string(static_cast<int>(call.data.args[0])) + "/" + path;
  char real[PATH_MAX];
  return realpath(path.c_str(), real) != nullptr && strstr(real, "/priv/") == nullptr;
}

void decide(int listener, pid_t child, in_port_t allowed) {
  for (;;) {
    pollfd waiting = {listener, POLLIN, 0};
    if (poll(&waiting, 1, 100) == 0 && waitpid(child, nullptr, WNOHANG | WNOWAIT) != 0) return;
    if ((waiting.revents & POLLIN) == 0) {
      if ((waiting.revents & POLLHUP) != 0) return;
      continue;
    }
    seccomp_notif call = {};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) continue;
    seccomp_notif_resp answer = {};
    answer.id = call.id;
    if (looks_allowed(call, allowed))
      answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else
      answer.error = -EACCES;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
}

// The listener's number is the same in the child, which shares its table of descriptors until then.
int run_naively(const std::string &kind, int count, char **arguments) {
  int ends[2];
  if (pipe(ends) != 0) fail("judge-race: pipe");
  const pid_t child = fork();
  if (child == 0) {
    const int listener = install_listener(kind == "address" ? SYS_connect : SYS_openat);
    if (listener < 0) fail("judge-race: the listener");
    write(ends[1], &listener, sizeof listener);
    const int status = run_race(kind, count, arguments);
    fflush(stdout);
    _exit(status);
  }
  int number = -1;
  if (read(ends[0], &number, sizeof number) != sizeof number) return 2;
  const int process = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  const int listener = static_cast<int>(syscall(SYS_pidfd_getfd, process, number, 0));
  if (listener < 0) fail("judge-race: the listener");
  const in_port_t allowed =
      kind == "address" ? htons(static_cast<uint16_t>(atoi(arguments[1]))) : 0;
  decide(listener, child, allowed);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

}  // namespace

int main(int count, char **arguments) {
  signal(SIGPIPE, SIG_IGN);
  const std::string verb = count > 1 ? arguments[1] : "";
  if (verb == "judge" && count == 4) return judge(arguments[2], arguments[3]);
  if (verb == "naive" && count > 4) return run_naively(arguments[2], count - 3, arguments + 3);
  if (count < 4) return 2;
  return run_race(verb, count - 2, arguments + 2);
}
