// escape-fixture [OPTION]... BASE READWRITE COMMAND...
// escape-fixture --loopback-up
//
// Builds the world outside a sandbox, runs one command in it, and takes the world down again: a
// fresh one for each probe, because a probe that succeeds breaks things. BASE holds what no policy
// grants (BASE/outside) and what it grants for reading (BASE/readonly); READWRITE is granted for
// writing, and its file `targets` tells where everything is. The command gets a terminal of its own
// as standard input (or DEVICE, if it can be opened), and descriptors that a sandbox should not
// pass on. The exit status is the command's, 128+N if signal N ended it, 124 after a timeout.
// Options, in this order: --terminal DEVICE, --input KIND, --without-namespaces, --sandbox N.
// --without-namespaces: no process in other namespaces, which only setns-user attacks.
// --sandbox N: the command's first N words are a sandbox. A probe that it refused has changed
// nothing: it is tried once more in the same world, without it. After what each has said stands a
// line `=STATUS`. The other form is for a new network namespace.
#include "numbers.h"
#include "ring.h"
#include "targets.h"
#include "victim.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

namespace {

namespace fs = std::filesystem;

constexpr int timeout_status = 124;
constexpr int timeout_seconds = 20;

struct Inherited {
  int here;   // out of the way of every number below
  int there;  // what the sandbox finds
};

struct Fixture {
  fs::path base;
  fs::path outside;
  fs::path readonly;
  fs::path readwrite;
  int terminal = -1;
  int input = -1;  // else the terminal is standard input
  bool namespaces = true;
  pid_t victim = -1;
  std::map<std::string, std::string> targets;
  std::vector<Inherited> descriptors;
};

int out_of_the_way(int descriptor) {
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 200);
  if (moved < 0) {
    broken("a descriptor of the fixture");
  }
  close(descriptor);
  return moved;
}

std::string hexadecimal(const void *bytes, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<const unsigned char *>(bytes)[i]);
    text += digits;
  }
  return text;
}

void make_file(const fs::path &path, const char *content) {
  std::ofstream(path) << content;
  if (chmod(path.c_str(), 0600) != 0) {
    broken(path.c_str());
  }
  // Not every file system has them; the probes then say so.
  setxattr(path.c_str(), "user.escape", secret, sizeof secret - 1, 0);
}

void empty(const fs::path &directory) {
  for (const fs::directory_entry &entry : fs::directory_iterator(directory)) {
    fs::remove_all(entry);
  }
}

// BASE/program is a copy of the probe. Not a link to the one that is granted: Landlock grants
// inodes.
void make_directories(const Fixture &fixture) {
  fs::create_directory(fixture.outside);
  fs::create_directory(fixture.readonly);
  empty(fixture.outside);
  empty(fixture.readonly);
  empty(fixture.readwrite);
  make_file(fixture.outside / "secret", secret);
  make_file(fixture.outside / "writable", "x");
  fs::create_directory(fixture.outside / "directory");
  fs::create_symlink("secret", fixture.outside / "link");
  fs::create_hard_link(fixture.base / "program", fixture.outside / "program");
  fs::create_hard_link(fixture.base / "program", fixture.readonly / "program");
  make_file(fixture.readonly / "file", "x");
  make_file(fixture.readonly / "granted", secret);
  make_file(fixture.readwrite / "own", "x");
  fs::create_directory(fixture.readwrite / "directory");
}

void remove_directories(const Fixture &fixture) {
  fs::remove_all(fixture.outside);
  empty(fixture.readonly);
  empty(fixture.readwrite);
}

// Where the kernel finds the arguments and the environment that /proc shows of a process.
struct Words {
  char *begin;
  char *end;
};

Words words_of(char **list) {
  char **last = list;
  while (last[1] != nullptr) {
    ++last;
  }
  return {list[0], *last + std::strlen(*last) + 1};
}

void replace(Words words, const std::string &by) {
  const auto room = static_cast<std::size_t>(words.end - words.begin);
  if (room <= by.size()) {
    broken("no room for the secret in the words of the victim");
  }
  std::memset(words.begin, 0, room);
  std::memcpy(words.begin, by.data(), by.size());
}

// A copy of this process, with words of its own. Not executed anew: where a processor is emulated,
// starting a program is dear.
[[noreturn]] void become_victim(const Fixture &fixture, char **argv) {
  replace(words_of(argv), secret);
  replace(words_of(environ), std::string("SECRET=") + secret);
  close(fixture.terminal);
  close(fixture.input);
  be_victim(fixture.outside, fixture.readwrite, fixture.namespaces);
}

void start_victim(Fixture &fixture, char **argv) {
  int report[2];
  if (pipe(report) != 0) {
    broken("pipe");
  }
  fixture.victim = fork();
  if (fixture.victim == 0) {
    dup2(report[1], STDOUT_FILENO);
    close(report[0]);
    close(report[1]);
    become_victim(fixture, argv);
  }
  close(report[1]);
  FILE *lines = fdopen(report[0], "r");
  char line[512];
  while (std::fgets(line, sizeof line, lines) != nullptr) {
    line[std::strcspn(line, "\n")] = '\0';
    if (std::strcmp(line, "ready") == 0) {
      std::fclose(lines);
      return;
    }
    if (char *equals = std::strchr(line, '=')) {
      fixture.targets[std::string(line, equals)] = equals + 1;
    } else {
      broken(line);
    }
  }
  broken("the victim did not start");
}

void pass(Fixture &fixture, const char *name, int descriptor, int number) {
  if (descriptor < 0) {
    broken(name);
  }
  fixture.descriptors.push_back({out_of_the_way(descriptor), number});
  fixture.targets[name] = std::to_string(number);
}

int highest_descriptor() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<int>(limit.rlim_cur) - 1;
}

int connected_to_port(const std::string &port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0 ? client : -1;
}

int connected_to_path(const fs::path &path) {
  sockaddr_un address{AF_UNIX, {}};
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0 ? client : -1;
}

// Listens, and somebody already waits to be accepted.
int awaited_listener() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
      listen(listener, 1) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
    return -1;
  }
  const int guest = out_of_the_way(connected_to_port(std::to_string(ntohs(address.sin_port))));
  send(guest, secret, sizeof secret, 0);
  return listener;
}

// A socket of that kind with a peer who never answers: what comes is from somebody else.
int connected_input(const std::string &kind) {
  if (kind.rfind("tcp", 0) == 0) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int listener = out_of_the_way(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        listen(listener, 1) != 0 ||
        getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
      return -1;
    }
    return connected_to_port(std::to_string(ntohs(address.sin_port)));
  }
  if (kind.rfind("udp", 0) == 0) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);  // discard
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0 ? client
                                                                                        : -1;
  }
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return -1;
  }
  out_of_the_way(pair[1]);
  return pair[0];
}

void pass_ring(Fixture &fixture) {
  io_uring_params parameters{};
  const int ring = set_up_ring(parameters);
  if (ring < 0) {
    return;
  }
  const long personality =
      syscall(number::io_uring_register, ring, IORING_REGISTER_PERSONALITY, nullptr, 0);
  if (personality > 0) {
    fixture.targets["ring-personality"] = std::to_string(personality);
  }
  fixture.targets["ring-parameters"] = hexadecimal(&parameters, sizeof parameters);
  pass(fixture, "fd-ring", ring, 56);
}

void pass_descriptors(Fixture &fixture) {
  const std::string path = fixture.outside / "secret";
  auto opened = [&path] { return open(path.c_str(), O_RDWR | O_CLOEXEC); };
  pass(fixture, "fd-first", opened(), 3);
  pass(fixture, "fd-last", opened(), highest_descriptor());
  pass(fixture, "fd-file", opened(), 50);
  pass(fixture, "fd-directory", open(fixture.outside.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
       51);
  pass(fixture, "fd-tcp", connected_to_port(fixture.targets["tcp-port"]), 52);
  pass(fixture, "fd-unix", connected_to_path(fixture.outside / "stream"), 53);
  pass(fixture, "fd-listener", awaited_listener(), 54);
  pass(fixture, "fd-process", static_cast<int>(syscall(number::pidfd_open, fixture.victim, 0)), 55);
  pass_ring(fixture);
}

// In a session keyring of the fixture's own, which every child has.
void make_key(Fixture &fixture) {
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr);
  const long key = syscall(SYS_add_key, "user", "escape-fixture", secret, sizeof secret,
                           KEY_SPEC_SESSION_KEYRING);
  constexpr long everything_for_possessor_and_user = 0x3f3f0000;
  syscall(SYS_keyctl, KEYCTL_SETPERM, key, everything_for_possessor_and_user);
  fixture.targets["key"] = std::to_string(key);
}

void note_handle(Fixture &fixture) {
  alignas(file_handle) unsigned char bytes[sizeof(file_handle) + MAX_HANDLE_SZ] = {};
  auto *handle = reinterpret_cast<file_handle *>(bytes);
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount = 0;
  const fs::path path = fixture.outside / "secret";
  if (name_to_handle_at(AT_FDCWD, path.c_str(), handle, &mount, 0) == 0) {
    fixture.targets["handle"] = hexadecimal(bytes, sizeof(file_handle) + handle->handle_bytes);
  }
}

void note_network(Fixture &fixture) {
  const int any = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  getsockopt(any, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size);
  close(any);
  fixture.targets["network-cookie"] = std::to_string(cookie);
}

void write_targets(Fixture &fixture) {
  fixture.targets["outside"] = fixture.outside;
  fixture.targets["readonly"] = fixture.readonly;
  fixture.targets["readwrite"] = fixture.readwrite;
  fixture.targets["probe"] = fixture.base / "bin/escape-probe";
  std::ofstream file(fixture.readwrite / "targets");
  for (const auto &[name, value] : fixture.targets) {
    file << name << '=' << value << '\n';
  }
}

int open_terminal() {
  const int master = out_of_the_way(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (grantpt(master) != 0 || unlockpt(master) != 0) {
    broken("a terminal");
  }
  return out_of_the_way(open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC));
}

[[noreturn]] void exec_command(const Fixture &fixture, int terminal, int output, char **command) {
  setsid();
  ioctl(terminal, TIOCSCTTY, 0);
  dup2(fixture.input >= 0 ? fixture.input : terminal, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  for (const Inherited &descriptor : fixture.descriptors) {
    dup2(descriptor.here, descriptor.there);
  }
  if (chdir("/") == 0) {
    execvp(command[0], command);
  }
  std::perror(command[0]);
  _exit(127);
}

// A probe that listens wrote "PROTOCOL PORT" to the file meet: go there.
void keep_appointment(const Fixture &fixture) {
  const fs::path meet = fixture.readwrite / "meet";
  std::ifstream file(meet);
  std::string protocol;
  std::uint16_t port = 0;
  if (!(file >> protocol >> port)) {
    return;
  }
  fs::remove(meet);
  if (protocol == "tcp") {
    connected_to_port(std::to_string(port));
    return;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sendto(client, secret, sizeof secret, 0, reinterpret_cast<sockaddr *>(&address), sizeof address);
}

bool is_over(time_t deadline) { return time(nullptr) >= deadline; }

int shell_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Hands on what the command says until it ends; a child that it left behind holds up nothing.
int attend(const Fixture &fixture, pid_t child, int output) {
  const time_t deadline = time(nullptr) + timeout_seconds;
  int status = 0;
  bool ended = false;
  while (true) {
    pollfd waiting{output, POLLIN, 0};
    char bytes[4096];
    if (poll(&waiting, 1, ended ? 0 : 10) == 1) {
      const ssize_t size = read(output, bytes, sizeof bytes);
      if (size > 0 && write(STDOUT_FILENO, bytes, static_cast<std::size_t>(size)) == size) {
        continue;
      }
      output = -1;  // poll ignores it from now on
    } else if (ended) {
      return shell_status(status);
    }
    keep_appointment(fixture);
    ended = ended || waitpid(child, &status, WNOHANG) == child;
    if (!ended && is_over(deadline)) {
      kill(-child, SIGKILL);
      kill(child, SIGKILL);
      return timeout_status;
    }
  }
}

int run(const Fixture &fixture, char **command) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) {
    broken("pipe2");
  }
  const int from_command = out_of_the_way(output[0]);
  const int to_fixture = out_of_the_way(output[1]);
  const int terminal = fixture.terminal >= 0 ? out_of_the_way(fixture.terminal) : open_terminal();
  const pid_t child = vfork();
  if (child == 0) {
    exec_command(fixture, terminal, to_fixture, command);
  }
  close(to_fixture);
  return attend(fixture, child, from_command);
}

int run_and_mark(const Fixture &fixture, char **command) {
  const int status = run(fixture, command);
  std::printf("=%d\n", status);
  std::fflush(stdout);
  return status;
}

// 1: see main.cpp of escape-probe; the other: SIGSYS.
bool is_refusal(int status) { return status == 1 || status == 128 + SIGSYS; }

int run_in_and_without(const Fixture &fixture, char **command, int sandbox_words) {
  const int status = run_and_mark(fixture, command);
  return is_refusal(status) ? run_and_mark(fixture, command + sandbox_words) : status;
}

bool bring_loopback_up() {
  const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP;
  return ioctl(any, SIOCSIFFLAGS, &request) == 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 2 && std::strcmp(argv[1], "--loopback-up") == 0) {
    return bring_loopback_up() ? 0 : 1;
  }
  Fixture fixture;
  int next = 1;
  if (argc > 2 && std::strcmp(argv[1], "--terminal") == 0) {
    fixture.terminal = open(argv[2], O_RDWR | O_NOCTTY | O_CLOEXEC);
    next = 3;
  }
  if (argc > next + 1 && std::strcmp(argv[next], "--input") == 0) {
    fixture.input = out_of_the_way(connected_input(argv[next + 1]));
    next += 2;
  }
  if (argc > next && std::strcmp(argv[next], "--without-namespaces") == 0) {
    fixture.namespaces = false;
    next += 1;
  }
  int sandbox_words = 0;
  if (argc > next + 1 && std::strcmp(argv[next], "--sandbox") == 0) {
    sandbox_words = std::atoi(argv[next + 1]);
    next += 2;
  }
  if (argc < next + 3 + sandbox_words) {
    std::fprintf(stderr, "usage: escape-fixture [OPTION]... BASE READWRITE COMMAND...\n");
    return 125;
  }
  fixture.base = argv[next];
  fixture.outside = fixture.base / "outside";
  fixture.readonly = fixture.base / "readonly";
  fixture.readwrite = argv[next + 1];
  make_directories(fixture);
  start_victim(fixture, argv);
  make_key(fixture);
  note_handle(fixture);
  note_network(fixture);
  pass_descriptors(fixture);
  write_targets(fixture);
  char **command = argv + next + 2;
  const int status = sandbox_words > 0 ? run_in_and_without(fixture, command, sandbox_words)
                                       : run(fixture, command);
  kill(fixture.victim, SIGCONT);
  kill(fixture.victim, SIGTERM);
  waitpid(fixture.victim, nullptr, 0);
  remove_directories(fixture);
  return status;
}
