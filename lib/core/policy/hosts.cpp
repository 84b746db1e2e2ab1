#include "core/peer.h"
#include "core/policy/value_reader.h"

namespace ll {

namespace {

bool fail_host(const ValueReader &read) {
  return read.fail(
      "'%' is not a host and a port\nas in: % api.example.com:443 *.example.com:443"
      " 192.0.2.0/24:443 [2001:db8::]:443",
      read.word.value, read.name());
}

// "443/udp/private" after a host: the ports and up to two words.
bool read_host_ports(const ValueReader &read, Text text, Rule &rule) {
  const Text ports = text.first(find(text, '/'));
  for (Text rest = text.from(ports.size + 1); !rest.empty();) {
    const Text word = rest.first(find(rest, '/'));
    if (word == "private"_t)
      rule.resource = kToPrivate;
    else if (!read_protocol(read, word, rule.udp))
      return false;
    rest = rest.from(word.size + 1);
  }
  return ports == "any"_t || read_range(read, ports, rule);
}

// ll-net parses the host again.
bool read_connect(const ValueReader &read, size_t colon) {
  const Text value = read.word.value;
  Rule rule = {.any = true, .high = kMaxPort};
  Peer peer;
  if (read.statement.directive != Directive::Connect)
    return read.fail("% takes only a port, as in: % 8080", read.name(), read.name());
  if (!read_peer(value.first(colon), peer)) return fail_host(read);
  if (!read_host_ports(read, value.from(colon + 1), rule)) return false;
  if (rule.resource != 0 && peer.kind == Peer::Addresses)
    return read.fail("/private applies to names; '%' is an address", value);
  return add_rule(read, rule);
}

bool read_no_connect(const ValueReader &read) {
  const Text value = read.word.value;
  Rule rule = {.any = true, .high = kMaxPort};
  if (value == "private"_t) return add_rule(read, rule);
  const size_t colon = end_of_host(value);
  Peer peer;
  if (!read_peer(value.first(colon), peer)) return fail_host(read);
  if (peer.kind != Peer::Addresses)
    return read.fail(
        "'%' is a name; only addresses can be refused\n"
        "write % ADDRESS, or % private",
        value, read.name(), read.name());
  if (colon != kNpos && !(value.from(colon + 1) == "any"_t) &&
      !read_range(read, value.from(colon + 1), rule))
    return false;
  return add_rule(read, rule);
}

bool read_own_loopback(const ValueReader &read) {
  if (read.word.value == "own"_t) return add_rule(read, {});
  return read.fail("'%' is not own\nwrite localhost own", read.word.value);
}

bool read_publish(const ValueReader &read) {
  const Text value = read.word.value;
  const size_t equals = find(value, '=');
  uint64_t port = 0;
  uint64_t outside = 0;
  if (equals == kNpos || !parse_number(value.first(equals), kMaxPort, port) || port == 0 ||
      !parse_number(value.from(equals + 1), kMaxPort, outside) || outside == 0)
    return read.fail("'%' is not N=HOSTPORT\nas in: publish 8080=18080", value);
  return add_rule(read,
                  {.low = static_cast<uint32_t>(port), .high = static_cast<uint32_t>(outside)});
}

}  // namespace

bool read_host(const ValueReader &read) {
  if (read.statement.directive == Directive::Localhost) return read_own_loopback(read);
  if (read.statement.directive == Directive::Publish) return read_publish(read);
  if (read.statement.directive == Directive::NoConnect) return read_no_connect(read);
  const size_t colon = end_of_host(read.word.value);
  return colon != kNpos ? read_connect(read, colon) : fail_host(read);
}

}  // namespace ll
