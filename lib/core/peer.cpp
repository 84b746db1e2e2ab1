#include "core/peer.h"

#include "core/mem.h"
#include "core/policy/judging.h"

namespace ll {

namespace {

constexpr IpAddress kMapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int digit_of(char c) {
  if (is_digit(c)) return c - '0';
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// "192.0.2.1". A leading zero is invalid: some programs would read the number as octal.
bool read_ipv4(Text text, uint8_t *bytes) {
  for (size_t i = 0; i < 4; i++) {
    const Text part = text.first(find(text, '.'));
    uint64_t number = 0;
    if (!parse_number(part, 255, number) || (part.size > 1 && part[0] == '0')) return false;
    bytes[i] = static_cast<uint8_t>(number);
    if ((part.size == text.size) != (i == 3)) return false;
    text = text.from(part.size + 1);
  }
  return true;
}

// RFC 4291, 2.2. Words before and after "::" are counted separately.
bool read_ipv6(Text text, uint8_t *bytes) {
  constexpr size_t kNoGap = kAddressSize + 1;
  size_t used = 0;
  size_t gap = kNoGap;
  if (starts_with(text, "::"_t)) {
    gap = 0;
    text = text.from(2);
  }
  while (!text.empty()) {
    const Text word = text.first(find(text, ':'));
    if (find(word, '.') != kNpos) {
      if (word.size != text.size || used + 4 > kAddressSize || !read_ipv4(word, bytes + used))
        return false;
      used += 4;
      break;
    }
    if (word.empty() || word.size > 4 || used == kAddressSize) return false;
    int number = 0;
    for (size_t i = 0; i < word.size; i++) {
      const int digit = digit_of(word[i]);
      if (digit < 0) return false;
      number = number << 4 | digit;
    }
    bytes[used++] = static_cast<uint8_t>(number >> 8);
    bytes[used++] = static_cast<uint8_t>(number);
    if (word.size == text.size) break;
    text = text.from(word.size + 1);
    if (text.empty()) return false;
    if (text[0] != ':') continue;
    if (gap != kNoGap) return false;
    gap = used;
    text = text.from(1);
  }
  if (gap == kNoGap) return used == kAddressSize;
  if (used == kAddressSize) return false;
  const size_t behind = used - gap;
  for (size_t i = 0; i < behind; i++) {
    bytes[kAddressSize - 1 - i] = bytes[used - 1 - i];
    bytes[used - 1 - i] = 0;
  }
  return true;
}

// RFC 1123, and the underscore, which some zones have. The last label must not be a number: for
// inet_aton(3) it would be an address.
bool is_name(Text name) {
  if (name.empty() || name.size > kMaxName) return false;
  bool number = true;
  size_t label = 0;
  for (size_t i = 0; i < name.size; i++) {
    const char c = name[i];
    if (c == '.') {
      if (label == 0 || name[i - 1] == '-') return false;
      label = 0;
      number = true;
      continue;
    }
    const char small = static_cast<char>(c | 0x20);
    const bool letter = (small >= 'a' && small <= 'z') || c == '_' || (c == '-' && label != 0);
    if ((!letter && !is_digit(c)) || ++label > 63) return false;
    number = number && is_digit(c);
  }
  return label != 0 && !number && name[name.size - 1] != '-';
}

bool bit_of(const IpAddress &address, size_t bit) {
  return (address.bytes[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

// "/24" after an address; host bits must be zero.
bool read_length(Text length, Peer &peer) {
  const bool ipv4 = is_ipv4(peer.address);
  uint64_t bits = 0;
  if (!parse_number(length, ipv4 ? kAddressBits - kMappedBits : kAddressBits, bits)) return false;
  peer.bits = static_cast<uint8_t>(ipv4 ? bits + kMappedBits : bits);
  for (size_t bit = peer.bits; bit < kAddressBits; bit++)
    if (bit_of(peer.address, bit)) return false;
  return true;
}

bool is_in_zone(Text name, Text zone) {
  return name.size > zone.size + 1 && name[name.size - zone.size - 1] == '.' &&
         same_but_case(name.from(name.size - zone.size), zone);
}

}  // namespace

bool is_ipv4(const IpAddress &address) { return memcmp(address.bytes, kMapped.bytes, 12) == 0; }

bool operator==(const IpAddress &a, const IpAddress &b) {
  return memcmp(a.bytes, b.bytes, kAddressSize) == 0;
}

bool read_address(Text text, IpAddress &address) {
  if (find(text, ':') == kNpos) {
    address = kMapped;
    return read_ipv4(text, address.bytes + 12);
  }
  address = {};
  return read_ipv6(text, address.bytes);
}

bool read_peer(Text host, Peer &peer) {
  const bool bracketed = host.size > 2 && host[0] == '[' && ends_with(host, "]"_t);
  if (bracketed) host = host.from(1).first(host.size - 2);
  const size_t slash = find(host, '/');
  const Text address = host.first(slash);
  if (bracketed == (find(host, ':') != kNpos) && read_address(address, peer.address)) {
    peer.kind = Peer::Addresses;
    peer.bits = kAddressBits;
    return slash == kNpos || read_length(host.from(slash + 1), peer);
  }
  if (bracketed) return false;
  const bool zone = starts_with(host, "*."_t);
  if (zone) host = host.from(2);
  if (ends_with(host, "."_t)) host = host.first(host.size - 1);
  peer.kind = zone ? Peer::Zone : Peer::Name;
  peer.name = host;
  return is_name(host);
}

bool names(const Peer &peer, Text name) {
  if (peer.kind == Peer::Name) return same_but_case(peer.name, name);
  return peer.kind == Peer::Zone && is_in_zone(name, peer.name);
}

bool holds(const Peer &addresses, const IpAddress &address) {
  const bool ipv4 = is_ipv4(addresses.address) && addresses.bits >= kMappedBits;
  if (ipv4 != is_ipv4(address)) return false;
  for (size_t bit = 0; bit < addresses.bits; bit++)
    if (bit_of(address, bit) != bit_of(addresses.address, bit)) return false;
  return true;
}

size_t end_of_host(Text value) {
  if (value.empty() || value[0] != '[') return find(value, ':');
  const size_t bracket = find(value, ']');
  if (bracket == kNpos || bracket + 1 == value.size || value[bracket + 1] != ':') return kNpos;
  return bracket + 1;
}

bool names_host(const Rule &rule) { return rule.directive == Directive::Connect && rule.any; }

bool is_supervised(const Policy &policy) {
  if (judges_network(policy)) return true;
  for (size_t i = 0; i < policy.rule_count; i++)
    if (names_host(policy.rules[i]) || row_of(policy.rules[i].directive).value == Value::NoHost)
      return true;
  return false;
}

bool has_own_loopback(const Policy &policy) {
  return last_rule(policy, Directive::Localhost) != nullptr;
}

}  // namespace ll
