#include "victim.h"

#include "targets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

enum class Service {
  greet_stream,      // accepts and sends the secret
  greet_and_pass,    // the same on a unix socket, with the secret file itself along
  answer_datagrams,  // sends the secret back to whoever wrote
  drop_datagrams,    // unix: that they arrive is enough
};

struct Endpoint {
  int socket;
  Service service;
};

struct Victim {
  std::vector<Endpoint> endpoints;
  int secret_file = -1;
};

// In memory that can be written and found by its address.
char secret_in_memory[4096] __attribute__((aligned(4096)));

// For the handlers, which may only call what signal-safety(7) lists.
std::string signalled_path;
std::string queue_name;
std::string shared_memory_name;
int segment = -1;
int semaphores = -1;
int messages = -1;

template <class Value>
void announce(const char *name, const Value &value) {
  if constexpr (std::is_arithmetic_v<Value>) {
    std::printf("%s=%s\n", name, std::to_string(value).c_str());
  } else {
    std::printf("%s=%s\n", name, std::string(value).c_str());
  }
}

void note_signal(int) { close(open(signalled_path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)); }

// What outlives a process unless somebody removes it.
void clean_up() {
  mq_unlink(queue_name.c_str());
  shm_unlink(shared_memory_name.c_str());
  shmctl(segment, IPC_RMID, nullptr);
  semctl(semaphores, 0, IPC_RMID);
  msgctl(messages, IPC_RMID, nullptr);
}

void leave(int) {
  clean_up();
  _exit(0);
}

void handle_signals() {
  std::signal(SIGIO, note_signal);
  std::signal(SIGTERM, leave);
  std::signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  // Where Yama restricts it: the sandbox shall be what refuses, not the victim.
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
}

// Announces its port. What this kernel does not have is not announced.
void serve_internet(Victim &victim, const char *name, int family, int type, int protocol,
                    Service service) {
  const int server = socket(family, type | SOCK_CLOEXEC, protocol);
  if (server < 0) {
    return;
  }
  sockaddr_storage address{};
  socklen_t size = 0;
  if (family == AF_INET6) {
    auto *six = reinterpret_cast<sockaddr_in6 *>(&address);
    six->sin6_family = AF_INET6;
    six->sin6_addr = in6addr_loopback;
    size = sizeof *six;
  } else {
    auto *four = reinterpret_cast<sockaddr_in *>(&address);
    four->sin_family = AF_INET;
    four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    size = sizeof *four;
  }
  if (bind(server, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
      getsockname(server, reinterpret_cast<sockaddr *>(&address), &size) != 0 ||
      (type == SOCK_STREAM && listen(server, 8) != 0)) {
    close(server);
    return;
  }
  // In the same place for IPv4 and IPv6.
  announce(name, ntohs(reinterpret_cast<sockaddr_in *>(&address)->sin_port));
  victim.endpoints.push_back({server, service});
}

// A name that begins with @ is an abstract one.
void serve_unix(Victim &victim, const std::string &name, int type, Service service) {
  sockaddr_un address{AF_UNIX, {}};
  name.copy(address.sun_path, sizeof address.sun_path - 1);
  socklen_t size = sizeof address;
  if (name[0] == '@') {
    address.sun_path[0] = '\0';
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  }
  const int server = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  if (bind(server, reinterpret_cast<sockaddr *>(&address), size) != 0 ||
      (type != SOCK_DGRAM && listen(server, 8) != 0)) {
    broken(name.c_str());
  }
  victim.endpoints.push_back({server, service});
}

void serve_network(Victim &victim) {
  const Service greet = Service::greet_stream;
  serve_internet(victim, "tcp-port", AF_INET, SOCK_STREAM, 0, greet);
  serve_internet(victim, "tcp6-port", AF_INET6, SOCK_STREAM, 0, greet);
  serve_internet(victim, "mptcp-port", AF_INET, SOCK_STREAM, IPPROTO_MPTCP, greet);
  serve_internet(victim, "sctp-port", AF_INET, SOCK_STREAM, IPPROTO_SCTP, greet);
  serve_internet(victim, "udp-port", AF_INET, SOCK_DGRAM, 0, Service::answer_datagrams);
  serve_internet(victim, "udp6-port", AF_INET6, SOCK_DGRAM, 0, Service::answer_datagrams);
}

void serve_unix_sockets(Victim &victim, const std::string &outside, const std::string &readwrite) {
  serve_unix(victim, outside + "/stream", SOCK_STREAM, Service::greet_and_pass);
  serve_unix(victim, outside + "/packets", SOCK_SEQPACKET, Service::greet_and_pass);
  serve_unix(victim, outside + "/datagram", SOCK_DGRAM, Service::drop_datagrams);
  serve_unix(victim, readwrite + "/stream", SOCK_STREAM, Service::greet_and_pass);
  serve_unix(victim, readwrite + "/datagram", SOCK_DGRAM, Service::drop_datagrams);
  const std::string process = std::to_string(getpid());
  serve_unix(victim, "@escape-stream-" + process, SOCK_STREAM, Service::greet_and_pass);
  serve_unix(victim, "@escape-datagram-" + process, SOCK_DGRAM, Service::drop_datagrams);
  announce("abstract-stream", "escape-stream-" + process);
  announce("abstract-datagram", "escape-datagram-" + process);
}

void share_system_v() {
  const key_t key = 0x45000000 + getpid();
  segment = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600);
  semaphores = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
  messages = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
  if (segment >= 0) {
    void *memory = shmat(segment, nullptr, 0);
    std::memcpy(memory, secret, sizeof secret);
  }
  struct {
    long type = 1;
    char text[sizeof secret];
  } message;
  std::memcpy(message.text, secret, sizeof secret);
  msgsnd(messages, &message, sizeof secret, IPC_NOWAIT);
  announce("shm-key", key);
  announce("shm-id", segment);
  announce("sem-id", semaphores);
  announce("msg-id", messages);
}

void share_posix() {
  queue_name = "/escape-" + std::to_string(getpid());
  shared_memory_name = queue_name;
  announce("queue", queue_name);
  const mqd_t queue =
      mq_open(queue_name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, nullptr);
  if (queue >= 0) {
    mq_send(queue, secret, sizeof secret, 0);
  }
  const int memory = shm_open(shared_memory_name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (memory >= 0 && write(memory, secret, sizeof secret) == sizeof secret) {
    announce("posix-shm", shared_memory_name);
  }
}

void hold_file(Victim &victim, const std::string &outside) {
  victim.secret_file = open((outside + "/secret").c_str(), O_RDONLY);
  if (victim.secret_file < 0 || chdir(outside.c_str()) != 0) {
    broken("the victim's file");
  }
  announce("victim-file", victim.secret_file);
}

// A second process in namespaces of its own, for those who would join them.
void start_namespaced() {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) {
    broken("pipe2");
  }
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGTERM, SIG_DFL);
    const bool made = unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
    if (!made || write(ready[1], "x", 1) != 1) {
      _exit(1);
    }
    close(STDOUT_FILENO);
    while (true) {
      pause();
    }
  }
  close(ready[1]);
  char byte;
  if (read(ready[0], &byte, 1) == 1) {
    announce("namespaced", child);
  }
}

void greet_with_file(int connection, int file) {
  iovec bytes{const_cast<char *>(secret), sizeof secret};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof file)] = {};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof file);
  std::memcpy(CMSG_DATA(header), &file, sizeof file);
  sendmsg(connection, &message, MSG_NOSIGNAL);
}

void answer_datagram(int server) {
  char bytes[64];
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  if (recvfrom(server, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr *>(&from), &size) >= 0) {
    sendto(server, secret, sizeof secret, 0, reinterpret_cast<sockaddr *>(&from), size);
  }
}

// Connections stay open: the victim lives for one probe only.
void serve_one(const Victim &victim, const Endpoint &endpoint) {
  char bytes[64];
  switch (endpoint.service) {
    case Service::greet_stream:
      send(accept4(endpoint.socket, nullptr, nullptr, SOCK_CLOEXEC), secret, sizeof secret,
           MSG_NOSIGNAL);
      break;
    case Service::greet_and_pass:
      greet_with_file(accept4(endpoint.socket, nullptr, nullptr, SOCK_CLOEXEC), victim.secret_file);
      break;
    case Service::answer_datagrams: answer_datagram(endpoint.socket); break;
    case Service::drop_datagrams: recv(endpoint.socket, bytes, sizeof bytes, 0); break;
  }
}

[[noreturn]] void serve(const Victim &victim) {
  std::vector<pollfd> waiting;
  for (const Endpoint &endpoint : victim.endpoints) {
    waiting.push_back({endpoint.socket, POLLIN, 0});
  }
  while (true) {
    poll(waiting.data(), waiting.size(), -1);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if ((waiting[i].revents & POLLIN) != 0) {
        serve_one(victim, victim.endpoints[i]);
      }
    }
  }
}

}  // namespace

void be_victim(const std::string &outside, const std::string &readwrite, bool namespaces) {
  Victim victim;
  signalled_path = readwrite + "/signalled";
  handle_signals();
  setpgid(0, 0);
  std::strcpy(secret_in_memory, secret);
  announce("victim", getpid());
  announce("victim-address", reinterpret_cast<std::uintptr_t>(secret_in_memory));
  hold_file(victim, outside);
  serve_network(victim);
  serve_unix_sockets(victim, outside, readwrite);
  share_system_v();
  share_posix();
  std::fflush(stdout);
  if (namespaces) {
    start_namespaced();
  }
  std::puts("ready");
  std::fflush(stdout);
  close(STDOUT_FILENO);
  serve(victim);
}
