#include "hosts.h"

#include "core/dns.h"
#include "core/mem.h"
#include "intern.h"
#include "tracee_memory.h"

namespace ll {

constinit RecordedHosts learnt_hosts{};

namespace {

constexpr size_t kMaxKnownHosts = 4096;
constexpr uint32_t kDns = 53;

struct Known {
  IpAddress address;
  Text name;
};
constinit Known known_hosts[kMaxKnownHosts]{};
constinit size_t known_host_count = 0;

// The newest first: an address may be the answer for several.
Text name_of(const IpAddress &address) {
  IpAddress own4;
  IpAddress own6;
  if (read_address("127.0.0.1"_t, own4) && read_address("::1"_t, own6) &&
      (address == own4 || address == own6))
    return "localhost"_t;
  for (size_t back = 1; back <= kMaxKnownHosts && back <= known_host_count; back++) {
    const Known &row = known_hosts[(known_host_count - back) % kMaxKnownHosts];
    if (row.address == address) return row.name;
  }
  return {};
}

}  // namespace

Text name_looked_up(const IpAddress &address) { return name_of(address); }

namespace {

struct Stretch {
  uint64_t start, size;
};

// struct msghdr: the first of its vectors.
bool first_vector(int tid, uint64_t message, Stretch &chunk) {
  constexpr uint64_t kVectors = 16;
  struct {
    uint64_t vectors, count;
  } header;
  return read_bytes(tid, message + kVectors, &header, sizeof header) && header.count > 0 &&
         read_bytes(tid, header.vectors, &chunk, sizeof chunk);
}

bool can_tell_ports(const Kernel &kernel, bool udp) {
  const RightId right = udp ? RightId::connect_send_udp : RightId::connect_tcp;
  return (kernel.rights[index_of(Field::Net)] & mask_of(right)) != 0;
}

// Nothing stands behind ll-net where Landlock cannot tell ports.
bool is_of_hosts(const Policy &policy, const Kernel &kernel) {
  bool any = is_supervised(policy);
  if (!can_tell_ports(kernel, false)) return false;
  for (size_t i = 0; i < learnt_hosts.count; i++) {
    const RecordedHost &host = learnt_hosts.rows[i];
    any = any || (!host.name.empty() && !(host.name == "localhost"_t));
  }
  return any;
}

bool is_granted(const Policy &policy, const RecordedHost &host, bool all_ports) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Connect || rule.udp != host.udp) continue;
    Peer peer;
    if (!names_host(rule) && all_ports && !opens_all_ports(rule)) continue;
    if (host.port < rule.low || rule.high < host.port) continue;
    if (!names_host(rule)) return true;
    if (!read_peer(rule.value.first(end_of_host(rule.value)), peer)) continue;
    if (peer.kind == Peer::Addresses ? holds(peer, host.address) : names(peer, host.name))
      return true;
  }
  return false;
}

}  // namespace

void record_answer(int tid, const TracedSyscall &traced, const Syscall &call, long result) {
  static uint8_t message[4096];
  Stretch chunk = {call.arguments[traced.path], sizeof message};
  if (result <= 0 || static_cast<size_t>(result) > sizeof message) return;
  if (traced.kind == CallKind::ReceiveMessage && !first_vector(tid, chunk.start, chunk)) return;
  size_t size = static_cast<size_t>(result);
  if (size > chunk.size) size = chunk.size;
  NameQuestion question;
  Result outcome;
  static Addresses addresses;
  if (!read_bytes(tid, chunk.start, message, size) ||
      !read_question_of_answer(message, size, question) ||
      (question.type != kTypeA && question.type != kTypeAaaa) ||
      read_answer(message, size, question.id, question.asked(), question.type, outcome,
                  addresses) != Reading::Answer)
    return;
  const Text name = intern(question.asked());
  for (size_t i = 0; i < addresses.count && !name.empty(); i++) {
    const IpAddress address = canonical(addresses.rows[i]);
    if (name_of(address).data != name.data)
      known_hosts[known_host_count++ % kMaxKnownHosts] = {address, name};
  }
}

bool record_host(const Address &address) {
  const RecordedHost host = {name_of(address.host), address.host, address.port, address.udp};
  for (size_t i = 0; i < learnt_hosts.count; i++) {
    const RecordedHost &row = learnt_hosts.rows[i];
    if (row.port == host.port && row.udp == host.udp && row.address == host.address &&
        row.name == host.name)
      return true;
  }
  if (learnt_hosts.count == kMaxHosts) return false;
  learnt_hosts.rows[learnt_hosts.count++] = host;
  return true;
}

namespace {

void write_one(Builder &out, const RecordedHost &host, bool by_host, bool by_port) {
  const Class kind = class_of(host.address);
  const bool own = host.name == "localhost"_t;
  RefusedPeer peer = {.kind = RefusedPeer::Connection,
                      .udp = host.udp,
                      .port = static_cast<uint16_t>(host.port),
                      .address = host.address};
  // No name server can answer with this machine's own.
  if (own || kind != Class::Own) {
    peer.name_size = static_cast<uint8_t>(host.name.size);
    memcpy(peer.name, host.name.data, host.name.size);
  }
  static constinit Policy none{};
  if (by_host) return write_line(out, none, peer);
  out << name_of(Directive::Connect) << ' ';
  if (by_port)
    out << host.port;
  else
    out << "any"_t;
  if (host.udp) out << "/udp"_t;
}

}  // namespace

void write_hosts(Builder &out, const Policy &policy, const Kernel &kernel) {
  const bool by_host = is_of_hosts(policy, kernel);
  FixedString<kMaxFile> written;
  for (size_t i = 0; i < learnt_hosts.count; i++) {
    const RecordedHost &host = learnt_hosts.rows[i];
    // ll-net answers names, and lets nobody ask a server.
    const bool asks = by_host && host.port == kDns;
    const bool by_port = can_tell_ports(kernel, host.udp);
    if (asks || is_granted(policy, host, !by_host && !by_port)) continue;
    FixedString<kMaxName + 100> line;
    line << '\n';
    write_one(line, host, by_host, by_port);
    line << '\n';
    if (contains(written.text(), line.text())) continue;
    written << line.text();
    out << line.text().from(1);
  }
}

}  // namespace ll
