// The network. All of it stays on the loopback addresses.
#include "attempt.h"
#include "probes.h"

#include <arpa/inet.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <cerrno>
#include <cstdint>
#include <cstdio>

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

namespace {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr *generic() const { return reinterpret_cast<const sockaddr *>(&storage); }
};

Address loopback(int family, long port) {
  Address address;
  if (family == AF_INET6) {
    auto *six = reinterpret_cast<sockaddr_in6 *>(&address.storage);
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(static_cast<std::uint16_t>(port));
    six->sin6_addr = in6addr_loopback;
    address.size = sizeof *six;
  } else {
    auto *four = reinterpret_cast<sockaddr_in *>(&address.storage);
    four->sin_family = AF_INET;
    four->sin_port = htons(static_cast<std::uint16_t>(port));
    four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.size = sizeof *four;
  }
  return address;
}

int open_socket(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}

// A socket in a network namespace of the sandbox's own reaches nobody. Kernels before 5.14 cannot
// tell; there it counts as the outside's.
bool is_outside_network(int socket) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  if (getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) != 0) {
    return true;
  }
  return std::to_string(cookie) == target("network-cookie");
}

Outcome outside_network(const char *act, int socket) {
  return is_outside_network(socket) ? escaped(act) : refused(act, ENETUNREACH);
}

// Asks the outside world to come to this port, and waits for it.
bool someone_comes(int socket, const char *protocol) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  if (getsockname(socket, reinterpret_cast<sockaddr *>(&own), &size) != 0) {
    broken("getsockname");
  }
  // The port is in the same place for IPv4 and IPv6.
  const unsigned port = ntohs(reinterpret_cast<sockaddr_in *>(&own)->sin_port);
  const std::string invitation = std::string(protocol) + " " + std::to_string(port) + "\n";
  const std::string draft = readwrite("meet.draft");
  write_file(draft, invitation.data(), invitation.size(), 0600);
  if (rename(draft.c_str(), readwrite("meet").c_str()) != 0) {
    broken("rename in the directory that the policy grants rw");
  }
  pollfd waiting{socket, POLLIN, 0};
  return poll(&waiting, 1, 700) == 1;
}

msghdr message_to(const Address &address, iovec &bytes) {
  msghdr message{};
  message.msg_name = const_cast<sockaddr_storage *>(&address.storage);
  message.msg_namelen = address.size;
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  return message;
}

long send_to(FastOpen how, int socket, const Address &address) {
  char text[] = "x";
  iovec bytes{text, 1};
  switch (how) {
    case FastOpen::by_sendto:
      return sendto(socket, text, 1, MSG_FASTOPEN, address.generic(), address.size);
    case FastOpen::by_sendmsg: {
      const msghdr message = message_to(address, bytes);
      return sendmsg(socket, &message, MSG_FASTOPEN);
    }
    case FastOpen::by_sendmmsg: {
      mmsghdr message{message_to(address, bytes), 0};
      return sendmmsg(socket, &message, 1, MSG_FASTOPEN);
    }
    case FastOpen::by_connect: {
      const int on = 1;
      if (setsockopt(socket, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on) != 0 ||
          connect(socket, address.generic(), address.size) != 0) {
        return -1;
      }
      return send(socket, text, 1, 0);
    }
  }
  return -1;
}

Outcome echo_from(const char *act, int socket, const Address &address) {
  if (sendto(socket, "x", 1, MSG_NOSIGNAL, address.generic(), address.size) < 0) {
    return failed(act, errno);
  }
  return reads_secret(socket) ? escaped(act) : refused(act, errno);
}

}  // namespace

// Connected only if the server's greeting comes: in a namespace of its own nobody answers.
Outcome connect_stream(int family, int type, int protocol, const char *port) {
  const int client = open_socket(family, type, protocol);
  if (client < 0) {
    return failed("socket", errno);
  }
  if (!has_target(port)) {
    return unavailable("the fixture has no such server", 0);
  }
  const Address address = loopback(family, target_number(port));
  if (connect(client, address.generic(), address.size) != 0) {
    return failed("connect", errno);
  }
  return reads_secret(client) ? escaped("connect") : refused("connect", errno);
}

Outcome fast_open(FastOpen how) {
  const int client = open_socket(AF_INET, SOCK_STREAM, 0);
  if (client < 0) {
    return failed("socket", errno);
  }
  if (send_to(how, client, loopback(AF_INET, target_number("tcp-port"))) < 0) {
    return failed("fast open", errno);
  }
  return reads_secret(client) ? escaped("fast open") : refused("fast open", errno);
}

Outcome listen_stream(int protocol) {
  const int listener = open_socket(AF_INET, SOCK_STREAM, protocol);
  if (listener < 0) {
    return failed("socket", errno);
  }
  const Address address = loopback(AF_INET, 0);
  if (bind(listener, address.generic(), address.size) != 0) {
    return failed("bind", errno);
  }
  if (listen(listener, 1) != 0) {
    return failed("listen", errno);
  }
  return someone_comes(listener, "tcp") ? escaped("listen") : refused("listen", ETIMEDOUT);
}

// Without bind(2) the kernel chooses a port itself, and Landlock's bind right is never asked.
Outcome listen_without_bind() {
  const int listener = open_socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0) {
    return failed("socket", errno);
  }
  if (listen(listener, 1) != 0) {
    return failed("listen", errno);
  }
  return someone_comes(listener, "tcp") ? escaped("listen") : refused("listen", ETIMEDOUT);
}

// Standard input is a socket of the caller's that is connected elsewhere. Dissolved (connect(2):
// AF_UNSPEC), it is as good as a new one.
Outcome turn_input_of_tcp(FastOpen how) {
  sockaddr_in nobody{};
  nobody.sin_family = AF_UNSPEC;
  if (connect(STDIN_FILENO, reinterpret_cast<sockaddr *>(&nobody), sizeof nobody) != 0) {
    return failed("connect to AF_UNSPEC", errno);
  }
  if (send_to(how, STDIN_FILENO, loopback(AF_INET, target_number("tcp-port"))) < 0) {
    return failed("fast open", errno);
  }
  return reads_secret(STDIN_FILENO) ? escaped("fast open") : refused("fast open", errno);
}

Outcome connect_input_of_tcp() {
  sockaddr_in nobody{};
  nobody.sin_family = AF_UNSPEC;
  if (connect(STDIN_FILENO, reinterpret_cast<sockaddr *>(&nobody), sizeof nobody) != 0) {
    return failed("connect to AF_UNSPEC", errno);
  }
  const Address address = loopback(AF_INET, target_number("tcp-port"));
  if (connect(STDIN_FILENO, address.generic(), address.size) != 0) {
    return failed("connect", errno);
  }
  return reads_secret(STDIN_FILENO) ? escaped("connect") : refused("connect", errno);
}

Outcome listen_on_input() {
  sockaddr_in nobody{};
  nobody.sin_family = AF_UNSPEC;
  if (connect(STDIN_FILENO, reinterpret_cast<sockaddr *>(&nobody), sizeof nobody) != 0) {
    return failed("connect to AF_UNSPEC", errno);
  }
  if (listen(STDIN_FILENO, 1) != 0) {
    return failed("listen", errno);
  }
  return someone_comes(STDIN_FILENO, "tcp") ? escaped("listen") : refused("listen", ETIMEDOUT);
}

Outcome send_from_input_of_udp(FastOpen how) {
  const Address address = loopback(AF_INET, target_number("udp-port"));
  char text[] = "x";
  if (how == FastOpen::by_connect) {
    if (connect(STDIN_FILENO, address.generic(), address.size) != 0) {
      return failed("connect", errno);
    }
    send(STDIN_FILENO, text, 1, MSG_NOSIGNAL);
    return reads_secret(STDIN_FILENO) ? escaped("connect") : refused("connect", errno);
  }
  if (how == FastOpen::by_sendto) {
    if (sendto(STDIN_FILENO, text, 1, MSG_NOSIGNAL, address.generic(), address.size) < 0) {
      return failed("sendto", errno);
    }
  } else {
    iovec bytes{text, 1};
    mmsghdr message{message_to(address, bytes), 0};
    const long sent = how == FastOpen::by_sendmsg
                          ? sendmsg(STDIN_FILENO, &message.msg_hdr, MSG_NOSIGNAL)
                          : sendmmsg(STDIN_FILENO, &message, 1, MSG_NOSIGNAL);
    if (sent < 0) {
      return failed("sendmsg", errno);
    }
  }
  // Connected to somebody else, it does not take the answer: sent is sent.
  return escaped("send");
}

Outcome put_protocol_on_socket(int level, int option, const char *protocol) {
  return outcome_of("setsockopt", setsockopt(STDIN_FILENO, level, option, protocol,
                                             static_cast<socklen_t>(std::strlen(protocol))));
}

Outcome send_datagram(int family) {
  const int client = open_socket(family, SOCK_DGRAM, 0);
  if (client < 0) {
    return failed("socket", errno);
  }
  if (family == AF_INET6 && !has_target("udp6-port")) {
    return unavailable("the fixture has no such server", 0);
  }
  const char *port = family == AF_INET6 ? "udp6-port" : "udp-port";
  return echo_from("sendto", client, loopback(family, target_number(port)));
}

Outcome connect_datagram() {
  const int client = open_socket(AF_INET, SOCK_DGRAM, 0);
  if (client < 0) {
    return failed("socket", errno);
  }
  const Address address = loopback(AF_INET, target_number("udp-port"));
  if (connect(client, address.generic(), address.size) != 0) {
    return failed("connect", errno);
  }
  if (send(client, "x", 1, MSG_NOSIGNAL) < 0) {
    return failed("send", errno);
  }
  return reads_secret(client) ? escaped("send") : refused("send", errno);
}

Outcome receive_datagram() {
  const int server = open_socket(AF_INET, SOCK_DGRAM, 0);
  if (server < 0) {
    return failed("socket", errno);
  }
  const Address address = loopback(AF_INET, 0);
  if (bind(server, address.generic(), address.size) != 0) {
    return failed("bind", errno);
  }
  return someone_comes(server, "udp") ? escaped("bind") : refused("bind", ETIMEDOUT);
}

Outcome ping(int family, int type, int protocol) {
  const int client = open_socket(family, type, protocol);
  if (client < 0) {
    return failed("socket", errno);
  }
  icmphdr request{};
  request.type = family == AF_INET6 ? 128 : ICMP_ECHO;  // 128: ICMPv6 echo request, RFC 4443
  request.checksum = htons(0xf7ff);                     // only a raw IPv4 socket needs it done
  const Address address = loopback(family, 0);
  if (sendto(client, &request, sizeof request, 0, address.generic(), address.size) < 0) {
    return failed("sendto", errno);
  }
  return outside_network("ping", client);
}

Outcome open_network_socket(int family, int type, int protocol) {
  const int opened = open_socket(family, type, protocol);
  return opened < 0 ? failed("socket", errno) : outside_network("socket", opened);
}

// For a family that belongs to no network namespace.
Outcome open_global_socket(int family, int type, int protocol) {
  return outcome_of("socket", open_socket(family, type, protocol));
}

Outcome netlink_route() {
  const int client = open_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  if (client < 0) {
    return failed("socket", errno);
  }
  struct {
    nlmsghdr header;
    rtgenmsg body;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  if (send(client, &request, sizeof request, 0) < 0) {
    return failed("send", errno);
  }
  char reply[8192];
  if (recv(client, reply, sizeof reply, 0) < 0) {
    return failed("recv", errno);
  }
  return outside_network("RTM_GETLINK", client);
}

Outcome hash_in_kernel() {
  const int opened = open_socket(AF_ALG, SOCK_SEQPACKET, 0);
  if (opened < 0) {
    return failed("socket", errno);
  }
  sockaddr_alg address{};
  address.salg_family = AF_ALG;
  std::strcpy(reinterpret_cast<char *>(address.salg_type), "hash");
  std::strcpy(reinterpret_cast<char *>(address.salg_name), "sha256");
  const long bound = bind(opened, reinterpret_cast<sockaddr *>(&address), sizeof address);
  // The code that is not there is the hash; the family already answered.
  return bound < 0 && errno != ENOENT ? failed("bind", errno) : escaped("bind");
}

// Nobody need listen: that the kernel looks for a peer is enough. Without waiting for it.
Outcome connect_vsock() {
  const int client = open_socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (client < 0) {
    return failed("socket", errno);
  }
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_cid = VMADDR_CID_LOCAL;
  address.svm_port = 1;
  if (connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) {
    return escaped("connect");
  }
  switch (errno) {
    case EPERM:
    case EACCES: return failed("connect", errno);
    default: return escaped("connect was tried");
  }
}
