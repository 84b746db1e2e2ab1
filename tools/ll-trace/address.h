// The address of a socket call, and what a policy calls it.
#pragma once

#include "core/refused_peer.h"
#include "needs.h"

namespace ll {

struct Address {
  enum Kind : uint8_t { None, Inet, Unix, Abstract, Other };
  Kind kind = None;
  bool udp = false;
  uint32_t port = 0;
  IpAddress host = {};  // of Inet
  Text path;            // of a unix socket, as the program wrote it
  int descriptor = 0;
};

// sockaddr(3type), at that place in the task.
Address read_address(int tid, int descriptor, uint64_t from, uint64_t size);
// The `index`-th address that the call names; None: there is no more.
Address address_of_call(int tid, const TracedSyscall &traced, const Syscall &call, size_t index);

}  // namespace ll
