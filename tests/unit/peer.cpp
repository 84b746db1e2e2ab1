// Hosts and addresses in rules, and the decisions of ll-net.
#include "core/peer.h"
#include "check.h"
#include "core/refused_peer.h"
#include "ll-net/judge.h"

namespace ll {
namespace {

IpAddress address_of(Text text) {
  IpAddress address = {};
  CHECK(read_address(text, address));
  return address;
}

bool reads(Text text) {
  Peer peer;
  return read_peer(text, peer);
}

TEST("an IPv4 address has four numbers of one kind") {
  CHECK(is_ipv4(address_of("192.0.2.1"_t)));
  IpAddress address;
  for (const Text text : {"192.0.2"_t, "192.0.2.1.1"_t, "192.0.2.256"_t, "192.0.2.01"_t,
                          "192.0.2."_t, ".0.2.1"_t, "0x7f.0.0.1"_t, ""_t, "1"_t})
    CHECK(!read_address(text, address));
}

TEST("an IPv6 address is accepted in each of its forms, and nothing else is") {
  const IpAddress one = address_of("2001:db8:0:0:0:0:0:1"_t);
  CHECK(one == address_of("2001:db8::1"_t));
  CHECK(one == address_of("2001:DB8::0:1"_t));
  CHECK(address_of("::"_t) == IpAddress{});
  CHECK(address_of("::ffff:192.0.2.1"_t) == address_of("192.0.2.1"_t));
  CHECK(address_of("1::"_t) == address_of("1:0:0:0:0:0:0:0"_t));
  IpAddress address;
  for (const Text text :
       {":"_t, ":::"_t, "1:2:3:4:5:6:7"_t, "1:2:3:4:5:6:7:8:9"_t, "1::2::3"_t, "12345::"_t, "1:"_t,
        ":1"_t, "g::"_t, "1:2:3:4:5:6:7::8"_t, "::1.2.3"_t, "1.2.3.4::"_t, "::1%lo"_t})
    CHECK(!read_address(text, address));
}

TEST("a name has labels of letters, digits and dashes, and cannot look like an address") {
  for (const Text text : {"a"_t, "a.b"_t, "A-b.C1"_t, "_x.y"_t, "*.a.b"_t, "a.b."_t, "1.a"_t})
    CHECK(reads(text));
  for (const Text text : {""_t, "."_t, "a..b"_t, ".a"_t, "-a"_t, "a-"_t, "a-.b"_t, "a.1"_t, "*"_t,
                          "*."_t, "a.*"_t, "a b"_t, "a/24"_t, "[a]"_t})
    CHECK(!reads(text));
}

TEST("a network with bits after its prefix is refused") {
  Peer peer;
  CHECK(read_peer("10.0.0.0/8"_t, peer));
  CHECK(holds(peer, address_of("10.255.0.1"_t)));
  CHECK(!holds(peer, address_of("11.0.0.0"_t)));
  CHECK(!reads("10.0.0.1/8"_t));
  CHECK(!reads("10.0.0.0/33"_t));
  CHECK(read_peer("0.0.0.0/0"_t, peer));
  CHECK(holds(peer, address_of("255.1.2.3"_t)));
  CHECK(!holds(peer, address_of("::1"_t)));
  CHECK(read_peer("[::/0]"_t, peer));
  CHECK(!holds(peer, address_of("192.0.2.1"_t)));
  CHECK(holds(peer, address_of("2001:db8::1"_t)));
}

TEST("addresses are classified as public, private, loopback or link-local") {
  for (const Text text : {"192.0.2.1"_t, "8.8.8.8"_t, "172.32.0.1"_t, "11.0.0.1"_t,
                          "223.255.255.255"_t, "2001:db8::1"_t, "2a00::1"_t})
    CHECK(class_of(address_of(text)) == Class::Public);
  for (const Text text :
       {"10.0.0.1"_t, "100.64.0.1"_t, "172.16.0.1"_t, "172.31.255.255"_t, "192.0.0.1"_t,
        "192.168.1.1"_t, "198.18.0.1"_t, "198.19.255.255"_t, "224.0.0.1"_t, "255.255.255.255"_t,
        "fc00::1"_t, "fd00::1"_t, "ff02::1"_t, "64:ff9b::808:808"_t, "64:ff9b:1::808:808"_t,
        "2002:808:808::1"_t, "::ffff:10.0.0.1"_t})
    CHECK(class_of(address_of(text)) == Class::Private);
  for (const Text text : {"127.0.0.1"_t, "127.255.0.1"_t, "0.0.0.0"_t, "0.1.2.3"_t,
                          "169.254.169.254"_t, "::"_t, "::1"_t, "::10.0.0.1"_t, "fe80::1"_t,
                          "64:ff9b::a9fe:a9fe"_t, "2002:7f00:1::1"_t, "::ffff:127.0.0.1"_t})
    CHECK(class_of(address_of(text)) == Class::Own);
}

TEST("an address is printed as in RFC 5952, and can be parsed again") {
  for (const Text text :
       {"192.0.2.1"_t, "::"_t, "::1"_t, "1::"_t, "2001:db8::1"_t, "2001:db8:0:1:1:1:1:1"_t,
        "2001:0:0:1::1"_t, "1:2:3:4:5:6:7:8"_t, "fe80::a0b:c0d"_t, "64:ff9b::a9fe:a9fe"_t}) {
    FixedString<64> written;
    write_address(written, address_of(text));
    EQUAL(written.text(), text);
  }
}

TEST("the suggested line names the host where it may, and otherwise the address") {
  const auto line_of = [](RefusedPeer::Kind kind, Text address, Text name, bool udp = false) {
    static FixedString<400> line;
    static Policy none{};
    RefusedPeer refused = {.kind = kind, .udp = udp, .port = 443, .address = address_of(address)};
    refused.name_size = static_cast<uint8_t>(name.size);
    for (size_t i = 0; i < name.size; i++) refused.name[i] = name[i];
    line.clear();
    write_line(line, none, refused);
    return line.text();
  };
  using enum RefusedPeer::Kind;
  EQUAL(line_of(Connection, "192.0.2.1"_t, ""_t), "connect 192.0.2.1:443"_t);
  EQUAL(line_of(Connection, "2001:db8::1"_t, ""_t), "connect [2001:db8::1]:443"_t);
  EQUAL(line_of(Connection, "192.0.2.1"_t, "a.test"_t), "connect a.test:443"_t);
  EQUAL(line_of(Connection, "192.0.2.1"_t, "a.test"_t, true), "connect a.test:443/udp"_t);
  EQUAL(line_of(Connection, "10.0.0.1"_t, "a.test"_t), "connect a.test:443/private"_t);
  EQUAL(line_of(Connection, "127.0.0.1"_t, "localhost"_t), "connect localhost:443"_t);
  EQUAL(line_of(Lookup, "::"_t, "a.test"_t), "connect a.test:PORT"_t);
  EQUAL(line_of(Answer, "10.0.0.1"_t, "a.test"_t), "connect a.test:PORT/private"_t);
  EQUAL(line_of(Answer, "127.0.0.1"_t, "a.test"_t), "connect 127.0.0.1:PORT"_t);
}

}  // namespace
}  // namespace ll
