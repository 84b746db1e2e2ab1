#include "relay.h"

#include "os/kernel/process.h"

namespace ll {

namespace {

constexpr size_t kMostBytes = 65536;
uint8_t bytes[kMostBytes];

bool same_peer(const Datagram &one, const Datagram &other) {
  return one.local == other.local && one.peer_size == other.peer_size &&
         memcmp(one.peer.bytes, other.peer.bytes, one.peer_size) == 0;
}

}  // namespace

void Relay::listen(const Policy &policy, const Rule &rule, const Inner &inner, int domain,
                   uint16_t port) {
  const bool six = domain == uapi::kAF_INET6;
  for (size_t i = 0; i < port_count_; i++)
    if (ports_[i].number == port && (i % 2 == 1) == six) return;
  if (port_count_ == 2 * kMaxPorts)
    die_at(policy, rule.where, "more than % UDP ports in a policy with hosts\nname fewer of them",
           kMaxPorts);
  const long made = inner.listen(domain, port);
  // The place of IPv6 stays empty on a machine without it.
  if (made < 0 && !six)
    die_at(policy, rule.where,
           "'%' needs user namespaces: %\n"
           "check user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns and the"
           " container's profile",
           rule, Error{made});
  ports_[port_count_] = {made < 0 ? 0 : static_cast<int>(made), port};
  if (made >= 0 && sys::watch(epoll_, static_cast<int>(made), uapi::kEPOLLIN,
                              watched(Watched::Relay, port_count_)) < 0)
    die_errno(policy, "watch a socket", -uapi::kENOMEM);
  port_count_++;
}

void Relay::start(const Policy &policy, const Judge &judge, const Lookups &lookups, Report &report,
                  int epoll) {
  judge_ = &judge;
  lookups_ = &lookups;
  report_ = &report;
  epoll_ = epoll;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Connect || !rule.udp) continue;
    for (uint32_t port = rule.low; port <= rule.high; port++) {
      listen(policy, rule, lookups.inner(), uapi::kAF_INET, static_cast<uint16_t>(port));
      listen(policy, rule, lookups.inner(), uapi::kAF_INET6, static_cast<uint16_t>(port));
    }
  }
}

Relay::Flow *Relay::find(size_t port, const Datagram &datagram) {
  for (Flow &flow : flows_)
    if (flow.socket != 0 && flow.port == port && same_peer(flow.ends, datagram)) return &flow;
  return nullptr;
}

// In the place of what was not used for longest, where there are as many as there can be.
Relay::Flow *Relay::make(size_t port, const Datagram &datagram) {
  SocketAddress peer;
  const size_t size = fill(peer, canonical(datagram.local), ports_[port].number);
  const long made = sys::open_socket(peer.family, uapi::kSOCK_DGRAM | uapi::kO_NONBLOCK, 0);
  if (made < 0) return nullptr;
  const int socket = static_cast<int>(made);
  Flow *oldest = flows_;
  for (Flow &flow : flows_)
    if (oldest->socket != 0 && (flow.socket == 0 || flow.used < oldest->used)) oldest = &flow;
  const auto index = static_cast<size_t>(oldest - flows_);
  if (sys::connect(socket, &peer, size) < 0 ||
      sys::watch(epoll_, socket, uapi::kEPOLLIN, watched(Watched::Flow, index)) < 0) {
    sys::close(socket);
    return nullptr;
  }
  if (oldest->socket != 0) sys::close(oldest->socket);
  *oldest = {.socket = socket, .port = port, .used = 0, .ends = datagram};
  return oldest;
}

// Decided each time: what a name grants ends.
void Relay::on_datagram(size_t index) {
  Datagram datagram = {};
  const long got = receive_datagram(ports_[index].socket, bytes, sizeof bytes, datagram);
  if (got < 0) return;
  const IpAddress address = canonical(datagram.local);
  const uint16_t port = ports_[index].number;
  if (!judge_->may_send(address, port, sys::milliseconds())) {
    if (report_->is_wanted()) report_->refuse(address, port, true, lookups_->name_of(address), 0);
    return;
  }
  Flow *flow = find(index, datagram);
  if (flow == nullptr) flow = make(index, datagram);
  if (flow == nullptr) return;
  if (report_->is_reported() && flow->used == 0)
    report_->note_connected(address, port, true, lookups_->name_of(address), 0);
  flow->used = ++uses_;
  // As on a network, what does not go through is lost.
  sys::write(flow->socket, bytes, static_cast<size_t>(got));
}

void Relay::on_answer(size_t index) {
  const Flow &flow = flows_[index];
  if (flow.socket == 0) return;
  const long got = sys::read(flow.socket, bytes, sizeof bytes);
  if (got >= 0) send_datagram(ports_[flow.port].socket, bytes, static_cast<size_t>(got), flow.ends);
}

}  // namespace ll
