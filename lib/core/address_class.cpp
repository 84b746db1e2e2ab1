#include "core/address_class.h"

namespace ll {

namespace {

struct Block {
  Class kind;
  uint8_t bits;
  IpAddress address;
};

constexpr IpAddress ipv4(uint8_t a, uint8_t b, uint8_t c) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, 0}};
}
constexpr IpAddress ipv6(uint8_t a, uint8_t b, uint8_t c = 0, uint8_t d = 0) {
  return {{a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
}

// IANA's registries of special addresses; what embeds an IPv4 address is as private as that could
// be.
constexpr Block kBlocks[] = {
    {Class::Own, 96 + 8, ipv4(0, 0, 0)},
    {Class::Private, 96 + 8, ipv4(10, 0, 0)},
    {Class::Private, 96 + 10, ipv4(100, 64, 0)},
    {Class::Own, 96 + 8, ipv4(127, 0, 0)},
    {Class::Own, 96 + 16, ipv4(169, 254, 0)},
    {Class::Private, 96 + 12, ipv4(172, 16, 0)},
    {Class::Private, 96 + 24, ipv4(192, 0, 0)},
    {Class::Private, 96 + 16, ipv4(192, 168, 0)},
    {Class::Private, 96 + 15, ipv4(198, 18, 0)},
    {Class::Private, 96 + 3, ipv4(224, 0, 0)},
    {Class::Own, 96, ipv6(0, 0)},  // ::, ::1, ::a.b.c.d
    {Class::Private, 96, ipv6(0, 0x64, 0xff, 0x9b)},
    {Class::Private, 48, {{0, 0x64, 0xff, 0x9b, 0, 1}}},
    {Class::Private, 16, ipv6(0x20, 0x02)},
    {Class::Private, 7, ipv6(0xfc, 0)},
    {Class::Own, 10, ipv6(0xfe, 0x80)},
    {Class::Private, 10, ipv6(0xfe, 0xc0)},
    {Class::Private, 8, ipv6(0xff, 0)},
};

// The offset of the IPv4 address in one of 64:ff9b::/96 (NAT64) or 2002::/16 (6to4); 0: none.
size_t embedded_in(const IpAddress &address) {
  if (address.bytes[0] == 0 && address.bytes[1] == 0x64) return 12;
  return address.bytes[0] == 0x20 && address.bytes[1] == 0x02 ? 2 : 0;
}

}  // namespace

Class class_of(const IpAddress &address) {
  for (const Block &block : kBlocks) {
    const Peer peer = {.kind = Peer::Addresses, .address = block.address, .bits = block.bits};
    if (!holds(peer, address)) continue;
    const size_t embedded = embedded_in(address);
    if (embedded == 0) return block.kind;
    const uint8_t *bytes = address.bytes + embedded;
    const IpAddress inner = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, bytes[0], bytes[1], bytes[2], bytes[3]}};
    return class_of(inner) == Class::Own ? Class::Own : block.kind;
  }
  return Class::Public;
}

IpAddress canonical(const IpAddress &address) {
  constexpr IpAddress kNone4 = ipv4(0, 0, 0);
  constexpr IpAddress kNone6 = {};
  IpAddress result = address;
  if (address == kNone4) result.bytes[12] = 127;
  if (address == kNone4 || address == kNone6) result.bytes[15] = 1;
  return result;
}

}  // namespace ll
