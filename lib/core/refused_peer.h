// What ll-net refused, as it says it and as others are told by it.
#pragma once

#include "core/address_class.h"

namespace ll {

// Written whole by one write(2) to a pipe; whoever is told reads as much.
struct RefusedPeer {
  enum Kind : uint8_t {
    Connection,
    Lookup,      // of a name that no line names
    Answer,      // of a name that a line names: it has this address alone, which is no public one
    Unreadable,  // of a process whose memory ll-net cannot read, so that it does not know where to
    UnixPeer,    // not decided: what Landlock says of a path or an abstract name is not seen
    Connected    // let through: of who records what a command does (ll-trace --report)
  };
  Kind kind;
  bool udp;
  bool cut;  // there are more, which are not told
  uint8_t name_size;
  uint16_t port;
  char process[16];  // proc_pid_comm(5); empty: not known
  IpAddress address;
  char name[kMaxName];  // that was looked up; empty: none

  [[nodiscard]] Text looked_up() const { return {name, name_size}; }
};

// RFC 5952; an IPv4 address as such.
void write_address(Builder &out, const IpAddress &address);
// "api.example.com (192.0.2.1), TCP port 80"
void write_peer(Builder &out, const RefusedPeer &refused);
// "connect api.example.com:80"; nothing where no line helps.
void write_line(Builder &out, const Policy &policy, const RefusedPeer &refused);
// The `noconnect` in the way of it; null: there is none.
const Rule *rule_against(const Policy &policy, const RefusedPeer &refused);

}  // namespace ll
