// A connection or lookup that ll-net refused, in the form that it reports.
#pragma once

#include "core/address_class.h"

namespace ll {

// Written by one write(2) to a pipe, and read whole.
struct RefusedPeer {
  enum Kind : uint8_t {
    Connection,
    Lookup,      // a name that no line grants
    Answer,      // a granted name that has only this address, which is not public
    Unreadable,  // by a process whose memory ll-net cannot read: the destination is unknown
    UnixPeer,    // not decided by ll-net; Landlock's decision is not seen
    Connected    // allowed; reported to ll-trace --report
  };
  Kind kind;
  bool udp;
  bool cut;  // there are more, which are not reported
  uint8_t name_size;
  uint16_t port;
  char process[16];  // proc_pid_comm(5); empty: not known
  IpAddress address;
  char name[kMaxName];  // the name that was looked up; empty: none

  [[nodiscard]] Text looked_up() const { return {name, name_size}; }
};

// RFC 5952; an IPv4 address as such.
void write_address(Builder &out, const IpAddress &address);
// "api.example.com (192.0.2.1), TCP port 80"
void write_peer(Builder &out, const RefusedPeer &refused);
// The line that would grant it, "connect api.example.com:80"; nothing if no line would.
void write_line(Builder &out, const Policy &policy, const RefusedPeer &refused);
// The `noconnect` rule that refuses it; null if there is none.
const Rule *rule_against(const Policy &policy, const RefusedPeer &refused);

}  // namespace ll
