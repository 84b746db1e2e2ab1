#include "core/refused_peer.h"

namespace ll {

namespace {

constexpr size_t kGroups = kAddressSize / 2;

uint32_t group_of(const IpAddress &address, size_t i) {
  return uint32_t{address.bytes[2 * i]} << 8 | address.bytes[2 * i + 1];
}

void write_hexadecimal(Builder &out, uint32_t number) {
  bool begun = false;
  for (uint32_t shift = 16; shift > 0;) {
    shift -= 4;
    const uint32_t digit = number >> shift & 15;
    begun = begun || digit != 0 || shift == 0;
    if (begun) out << "0123456789abcdef"[digit];
  }
}

// The first of the longest runs of zeros, if it has at least two.
void find_gap(const IpAddress &address, size_t &start, size_t &size) {
  start = kGroups;
  size = 1;
  for (size_t i = 0; i < kGroups; i++) {
    size_t zeros = 0;
    while (i + zeros < kGroups && group_of(address, i + zeros) == 0) zeros++;
    if (zeros <= size) continue;
    start = i;
    size = zeros;
  }
}

void write_host(Builder &out, const IpAddress &address) {
  const bool bracketed = !is_ipv4(address);
  if (bracketed) out << '[';
  write_address(out, address);
  if (bracketed) out << ']';
}

bool is_of_name(const RefusedPeer &refused) { return refused.name_size != 0; }

}  // namespace

void write_address(Builder &out, const IpAddress &address) {
  if (is_ipv4(address)) {
    for (size_t i = 12; i < kAddressSize; i++)
      out << (i > 12 ? "."_t : ""_t) << uint32_t{address.bytes[i]};
    return;
  }
  size_t gap = 0;
  size_t size = 0;
  find_gap(address, gap, size);
  for (size_t i = 0; i < kGroups; i++) {
    if (i == gap) {
      out << "::"_t;
      i += size - 1;
      continue;
    }
    if (i > 0 && i != gap + size) out << ':';
    write_hexadecimal(out, group_of(address, i));
  }
}

void write_peer(Builder &out, const RefusedPeer &refused) {
  if (refused.kind == RefusedPeer::Unreadable) {
    out << "a connection of an unreadable program"_t;
    return;
  }
  out << refused.looked_up();
  if (refused.kind == RefusedPeer::Lookup) return;
  out << (is_of_name(refused) ? " ("_t : ""_t);
  write_address(out, refused.address);
  out << (is_of_name(refused) ? ")"_t : ""_t);
  if (refused.kind == RefusedPeer::Connection)
    out << (refused.udp ? ", UDP port "_t : ", TCP port "_t) << uint32_t{refused.port};
}

void write_line(Builder &out, const Policy &policy, const RefusedPeer &refused) {
  const bool connects = refused.kind == RefusedPeer::Connection;
  if (refused.kind == RefusedPeer::Unreadable || rule_against(policy, refused) != nullptr) return;
  const Class kind =
      connects || refused.kind == RefusedPeer::Answer ? class_of(refused.address) : Class::Public;
  // A name never grants this machine's own addresses, whatever a server answers.
  const bool named =
      is_of_name(refused) && (refused.kind != RefusedPeer::Answer || kind == Class::Private);
  out << "connect "_t;
  if (named)
    out << refused.looked_up();
  else
    write_host(out, refused.address);
  out << ':';
  if (connects)
    out << uint32_t{refused.port};
  else
    out << "PORT"_t;
  if (refused.udp) out << "/udp"_t;
  if (named && kind != Class::Public && !(refused.looked_up() == "localhost"_t))
    out << "/private"_t;
}

const Rule *rule_against(const Policy &policy, const RefusedPeer &refused) {
  const bool connects = refused.kind == RefusedPeer::Connection;
  if (!connects && refused.kind != RefusedPeer::Answer) return nullptr;
  const IpAddress &address = refused.address;
  const uint32_t port = connects ? refused.port : kMaxPort;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::NoConnect) continue;
    Peer peer;
    const bool of_addresses =
        read_peer(rule.value.first(end_of_host(rule.value)), peer) && peer.kind == Peer::Addresses;
    if (of_addresses ? rule.low <= port && port <= rule.high && holds(peer, address)
                     : class_of(address) != Class::Public)
      return &rule;
  }
  return nullptr;
}

}  // namespace ll
