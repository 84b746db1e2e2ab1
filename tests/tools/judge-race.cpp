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
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <atomic>
#include <string>
#include <thread>

#include "naive_supervisor.h"

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

// Where the file would be, as a judge of names would see it now.
bool leads_to_allowed(const seccomp_notif &call) {
  char bytes[PATH_MAX] = {};
  if (!naive::read_argument(call, 1, bytes, 256)) return false;
  std::string path = bytes;
  if (path[0] != '/')
    path = "/proc/" + std::to_string(call.pid) + "/fd/" +
           std::to_string(static_cast<int>(call.data.args[0])) + "/" + path;
  char real[PATH_MAX];
  return realpath(path.c_str(), real) != nullptr && strstr(real, "/priv/") == nullptr;
}

int run_naively(const std::string &kind, int count, char **arguments) {
  const auto race = [&] { return run_race(kind, count, arguments); };
  if (kind != "address") return naive::supervise(SYS_openat, leads_to_allowed, race);
  const in_port_t allowed = htons(static_cast<uint16_t>(atoi(arguments[1])));
  const auto is_allowed = [&](const seccomp_notif &call) {
    sockaddr_in place = {};
    return naive::read_argument(call, 1, &place, sizeof place) && place.sin_port == allowed;
  };
  return naive::supervise(SYS_connect, is_allowed, race);
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
