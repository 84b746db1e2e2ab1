// A name server with servers for the guest, and a client. Static, without the libc resolver:
//   names serve             answers DNS at 127.0.0.1:53: api.test is 203.0.113.10, other.test is
//                           203.0.113.11; listens on port 8080 and 8081 of all addresses;
//                           prints a line when it is ready
//   names reach HOST PORT   HOST is a name or an address: "reached", "no such name", or why not
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace {

sockaddr_in place(const char *address, uint16_t port) {
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  inet_pton(AF_INET, address, &at.sin_addr);
  return at;
}

int open_at(int type, const char *address, uint16_t port) {
  const int one = socket(AF_INET, type, 0);
  const int on = 1;
  setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in at = place(address, port);
  if (bind(one, reinterpret_cast<const sockaddr *>(&at), sizeof at) != 0 ||
      (type == SOCK_STREAM && listen(one, 16) != 0)) {
    perror("names");
    exit(2);
  }
  return one;
}

std::string packed(const std::string &name) {
  std::string bytes;
  for (size_t start = 0; start < name.size();) {
    const size_t end =
        name.find('.', start) == std::string::npos ? name.size() : name.find('.', start);
    bytes += static_cast<char>(end - start);
    bytes += name.substr(start, end - start);
    start = end + 1;
  }
  return bytes + '\0';
}

std::string answer(const std::string &asked) {
  std::string bytes = asked;
  if (bytes.size() < 17) return {};
  const char *address = bytes.find(packed("api.test")) == 12     ? "203.0.113.10"
                        : bytes.find(packed("other.test")) == 12 ? "203.0.113.11"
                                                                 : nullptr;
  const bool four = bytes[bytes.size() - 3] == 1;
  bytes[2] = static_cast<char>(0x81);
  bytes[3] = static_cast<char>(address == nullptr ? 0x83 : 0x80);
  if (address == nullptr || !four) return bytes;
  bytes[7] = 1;
  bytes += std::string("\xc0\x0c\0\1\0\1\0\0\0\x1e\0\4", 12);
  const sockaddr_in at = place(address, 0);
  bytes.append(reinterpret_cast<const char *>(&at.sin_addr), 4);
  return bytes;
}

[[noreturn]] void serve() {
  pollfd all[] = {{open_at(SOCK_DGRAM, "127.0.0.1", 53), POLLIN, 0},
                  {open_at(SOCK_STREAM, "0.0.0.0", 8080), POLLIN, 0},
                  {open_at(SOCK_STREAM, "0.0.0.0", 8081), POLLIN, 0}};
  puts("there");
  fflush(stdout);
  for (;;) {
    poll(all, 3, -1);
    for (int i = 1; i < 3; i++)
      if (all[i].revents != 0) close(accept(all[i].fd, nullptr, nullptr));
    if (all[0].revents == 0) continue;
    char bytes[512];
    sockaddr_in peer = {};
    socklen_t size = sizeof peer;
    const ssize_t got =
        recvfrom(all[0].fd, bytes, sizeof bytes, 0, reinterpret_cast<sockaddr *>(&peer), &size);
    if (got <= 0) continue;
    const std::string said = answer({bytes, static_cast<size_t>(got)});
    sendto(all[0].fd, said.data(), said.size(), 0, reinterpret_cast<sockaddr *>(&peer), size);
  }
}

// 0: there is none.
in_addr look_up(const char *name) {
  in_addr found = {};
  const int one = socket(AF_INET, SOCK_DGRAM, 0);
  const std::string asked =
      std::string("\x12\x34\1\0\0\1\0\0\0\0\0\0", 12) + packed(name) + std::string("\0\1\0\1", 4);
  const sockaddr_in server = place("127.0.0.1", 53);
  sendto(one, asked.data(), asked.size(), 0, reinterpret_cast<const sockaddr *>(&server),
         sizeof server);
  pollfd waiting = {one, POLLIN, 0};
  char bytes[512];
  if (poll(&waiting, 1, 20000) <= 0) return found;
  const ssize_t got = recv(one, bytes, sizeof bytes, 0);
  if (got > static_cast<ssize_t>(asked.size()) + 4 && bytes[7] != 0)
    memcpy(&found, bytes + got - 4, 4);
  return found;
}

int reach(const char *host, uint16_t port) {
  sockaddr_in at = place(host, port);
  if (at.sin_addr.s_addr == 0) at.sin_addr = look_up(host);
  if (at.sin_addr.s_addr == 0) return puts("no such name"), 1;
  const int one = socket(AF_INET, SOCK_STREAM, 0);
  if (one < 0 || connect(one, reinterpret_cast<sockaddr *>(&at), sizeof at) != 0)
    return puts(strerrorname_np(errno)), 1;
  return puts("reached"), 0;
}

}  // namespace

int main(int count, char **arguments) {
  if (count == 2 && strcmp(arguments[1], "serve") == 0) serve();
  if (count == 4) return reach(arguments[2], static_cast<uint16_t>(atoi(arguments[3])));
  return 2;
}
