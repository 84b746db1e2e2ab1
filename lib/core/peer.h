// The host or network of a line: `connect HOST:PORT`, `noconnect ADDR/LEN`.
#pragma once

#include "core/policy/policy.h"

namespace ll {

constexpr size_t kAddressSize = 16;
constexpr uint8_t kAddressBits = 128;
constexpr uint8_t kMappedBits = 96;  // length of the prefix ::ffff:0:0/96
constexpr size_t kMaxName = 253;     // RFC 1035: letters and dots, without the last dot

// An IPv6 address; an IPv4 address is mapped, ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
struct IpAddress {
  uint8_t bytes[kAddressSize];
};
bool is_ipv4(const IpAddress &address);
bool operator==(const IpAddress &a, const IpAddress &b);

struct Peer {
  enum Kind : uint8_t { Name, Zone, Addresses };
  Kind kind = Name;
  Text name;  // as it is written, without "*." and the last dot
  IpAddress address = {};
  uint8_t bits = 0;  // prefix length
};

// "api.example.com", "*.example.com", "192.0.2.0/24", "[2001:db8::]" with or without "/32".
bool read_peer(Text host, Peer &peer);
// An IPv4 or IPv6 address, the latter without brackets.
bool read_address(Text text, IpAddress &address);
bool holds(const Peer &addresses, const IpAddress &address);
// Of a Name or Zone.
bool names(const Peer &peer, Text name);

// The offset of the colon before the ports; kNpos if there is none.
size_t end_of_host(Text value);

// Rule::resource of `connect HOST:PORT`.
constexpr uint32_t kToPrivate = 1;  // also at addresses that are not public

// For a rule with Value::Port: it names a host, which only ll-net can enforce.
bool names_host(const Rule &rule);
// Whether connections are decided by ll-net.
bool is_supervised(const Policy &policy);
// `localhost own`.
bool has_own_loopback(const Policy &policy);

}  // namespace ll
