// Unix sockets: the user's desktop, agents and daemons listen on them.
#include "attempt.h"
#include "probes.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <cerrno>
#include <cstddef>

namespace {

struct UnixAddress {
  sockaddr_un raw{AF_UNIX, {}};
  socklen_t size = 0;
  const sockaddr *generic() const { return reinterpret_cast<const sockaddr *>(&raw); }
};

UnixAddress pathname(const std::string &path) {
  UnixAddress address;
  path.copy(address.raw.sun_path, sizeof address.raw.sun_path - 1);
  address.size = sizeof address.raw;
  return address;
}

UnixAddress abstract(const std::string &name) {
  UnixAddress address;
  name.copy(address.raw.sun_path + 1, sizeof address.raw.sun_path - 1);
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  return address;
}

UnixAddress address_of(const char *place, const char *name) {
  return place == std::string("abstract") ? abstract(target(name))
                                          : pathname(target(place) + "/" + name);
}

Outcome connect_and_read(const char *act, int client, const UnixAddress &address) {
  if (client < 0) {
    return failed("socket", errno);
  }
  if (connect(client, address.generic(), address.size) != 0) {
    return failed(act, errno);
  }
  return reads_secret(client) ? escaped(act) : refused(act, errno);
}

// Sending a datagram to a name fails if nobody holds that name, so that success is arrival.
Outcome send_to_name(UnixSend how, int client, const UnixAddress &address) {
  char text[] = "x";
  iovec bytes{text, 1};
  msghdr message{};
  message.msg_name = const_cast<sockaddr_un *>(&address.raw);
  message.msg_namelen = address.size;
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  switch (how) {
    case UnixSend::by_sendto:
      return outcome_of("sendto",
                        sendto(client, text, 1, MSG_NOSIGNAL, address.generic(), address.size));
    case UnixSend::by_sendmsg:
      return outcome_of("sendmsg", sendmsg(client, &message, MSG_NOSIGNAL));
    case UnixSend::by_sendmmsg: {
      mmsghdr messages{message, 0};
      return outcome_of("sendmmsg", sendmmsg(client, &messages, 1, MSG_NOSIGNAL));
    }
    case UnixSend::by_connect:
      if (connect(client, address.generic(), address.size) != 0) {
        return failed("connect", errno);
      }
      return outcome_of("send", send(client, text, 1, MSG_NOSIGNAL));
  }
  return refused("no such way", 0);
}

}  // namespace

Outcome connect_unix(int type, const char *place, const char *name) {
  return connect_and_read("connect", socket(AF_UNIX, type | SOCK_CLOEXEC, 0),
                          address_of(place, name));
}

Outcome send_unix(UnixSend how, const char *place, const char *name) {
  const int client = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return client < 0 ? failed("socket", errno) : send_to_name(how, client, address_of(place, name));
}

// Standard input is one end of a datagram pair of the caller's.
Outcome send_from_input(UnixSend how, const char *place, const char *name) {
  return send_to_name(how, STDIN_FILENO, address_of(place, name));
}

// A filter that refuses socket(AF_UNIX) but keeps socketpair(2): an end of a datagram pair still
// can be given a name to send to (net/unix/af_unix.c, unix_dgram_sendmsg and unix_dgram_connect).
// SOCK_RAW is the same (unix_create).
Outcome send_from_pair(UnixSend how, const char *place, const char *name, int type) {
  int pair[2];
  if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0) {
    return failed("socketpair", errno);
  }
  return send_to_name(how, pair[0], address_of(place, name));
}
