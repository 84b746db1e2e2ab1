// Addresses as sockets have them.
#pragma once

#include "calls.h"
#include "core/mem.h"
#include "core/peer.h"

namespace ll {

constexpr uint16_t swapped(uint16_t number) {
  return static_cast<uint16_t>(number >> 8 | number << 8);
}

union SocketAddress {
  uint16_t family;
  uapi::Inet4 inet4;
  uapi::Inet6 inet6;
  uint8_t bytes[uapi::kMaxSockaddr];
};

// For a server: IPv4 where it is such an address. The size.
inline size_t fill(SocketAddress &peer, const IpAddress &address, uint16_t port) {
  peer = {};
  if (is_ipv4(address)) {
    peer.inet4.family = uapi::kAF_INET;
    peer.inet4.port = swapped(port);
    memcpy(peer.inet4.address, address.bytes + 12, 4);
    return sizeof peer.inet4;
  }
  peer.inet6.family = uapi::kAF_INET6;
  peer.inet6.port = swapped(port);
  memcpy(peer.inet6.address, address.bytes, kAddressSize);
  return sizeof peer.inet6;
}

// What a command passed to connect(2). False: too short, or no internet address.
inline bool read_socket_address(const SocketAddress &peer, size_t size, IpAddress &address,
                                uint16_t &port) {
  constexpr size_t kLeast6 = 24;  // SIN6_LEN_RFC2133: without a scope
  if (peer.family == uapi::kAF_INET && size >= sizeof peer.inet4) {
    address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    memcpy(address.bytes + 12, peer.inet4.address, 4);
    port = swapped(peer.inet4.port);
    return true;
  }
  if (peer.family != uapi::kAF_INET6 || size < kLeast6) return false;
  memcpy(address.bytes, peer.inet6.address, kAddressSize);
  port = swapped(peer.inet6.port);
  return true;
}

// Of read(2) and others that pass one descriptor; -1: none came.
inline int passed_descriptor(const uapi::PassedDescriptor &passed, size_t size) {
  const bool came =
      size >= 16 + sizeof(int) && passed.level == 1 && passed.type == uapi::kSCM_RIGHTS;
  return came ? passed.descriptor : -1;
}

}  // namespace ll
