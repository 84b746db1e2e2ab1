// Who listens on this machine: sock_diag(7).
#pragma once

#include "core/address_class.h"

namespace ll {

class Listeners {
 public:
  // Minus an errno where the kernel does not tell.
  long start();
  // The inode of the TCP socket that listens exactly there, not at any address; 0: there is none.
  // IPv4. Minus an errno.
  [[nodiscard]] long find(const IpAddress &address, uint16_t port) const;

 private:
  int netlink_;
};

}  // namespace ll
