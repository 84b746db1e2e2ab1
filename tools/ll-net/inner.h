// The inner network: a namespace of its own in which every address is this machine's, so that a UDP
// socket of it reaches nobody but ll-net. A helper makes its sockets: who enters a user namespace
// may not look into processes outside of it any more.
#pragma once

#include "socket_address.h"

namespace ll {

// A datagram on its way in, or the answer on its way back.
struct Datagram {
  SocketAddress peer;  // of the command's socket
  size_t peer_size;
  IpAddress local;  // to which it was sent
};

class Inner {
 public:
  // Starts the helper, which waits; when it is first asked for a socket, it starts the resolver
  // too, whose end of a pair that is: no command looks up a name without a socket. Minus an errno.
  long start(int resolver);
  // A socket of the command's; minus an errno.
  [[nodiscard]] long open(int domain, int type, int protocol) const;
  // One that has that port of every address, and is told which.
  [[nodiscard]] long listen(int domain, uint16_t port) const;

 private:
  [[nodiscard]] long request(int domain, int type, int protocol, uint16_t port) const;

  int helper_;
};

// The size, or minus an errno.
long receive_datagram(int socket, uint8_t *bytes, size_t size, Datagram &datagram);
long send_datagram(int socket, const uint8_t *bytes, size_t size, const Datagram &datagram);

}  // namespace ll
