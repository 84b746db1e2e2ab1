#include "judge.h"

#include "core/mem.h"

namespace ll {

namespace {

bool is_port(uint32_t low, uint32_t high, uint32_t port) { return low <= port && port <= high; }

bool is_in_zone(Text name, Text zone) {
  return name.size > zone.size + 1 && name[name.size - zone.size - 1] == '.' &&
         same_but_case(name.from(name.size - zone.size), zone);
}

bool is_named(const Peer &peer, Text name) {
  if (peer.kind == Peer::Name) return same_but_case(peer.name, name);
  return peer.kind == Peer::Zone && is_in_zone(name, peer.name);
}

size_t hash_of(const IpAddress &address) {
  uint64_t halves[2];
  memcpy(halves, address.bytes, sizeof halves);
  const uint64_t mixed = (halves[0] ^ (halves[1] * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
  return static_cast<size_t>(mixed >> 40);
}

}  // namespace

bool fold_name(Text name, Builder &out) {
  Peer peer;
  if (!read_peer(name, peer) || peer.kind != Peer::Name) return false;
  for (size_t i = 0; i < peer.name.size; i++) {
    const char c = peer.name[i];
    out << (c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
  }
  return true;
}

void Judge::read(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    const bool never = rule.directive == Directive::NoConnect;
    if (rule.directive != Directive::Connect && !never) continue;
    Line &line = lines_[line_count_++];
    line = {.low = rule.low,
            .high = rule.high,
            .kind = Line::AnyHost,
            .privately = rule.resource != 0,
            .udp = rule.udp};
    if (!rule.any) continue;
    line.kind = never ? Line::Never : Line::Host;
    // What was read once is read again: nothing else can be there.
    if (!read_peer(rule.value.first(end_of_host(rule.value)), line.peer) ||
        (never && line.peer.kind != Peer::Addresses))
      line.kind = Line::NeverPrivate;
  }
}

bool Judge::may_look_up(Text name) const {
  for (size_t i = 0; i < line_count_; i++)
    if (lines_[i].kind == Line::AnyHost ||
        (lines_[i].kind == Line::Host && is_named(lines_[i].peer, name)))
      return true;
  return false;
}

bool Judge::may_answer(Text name, const IpAddress &address) const {
  const Class kind = class_of(address);
  for (size_t i = 0; i < line_count_; i++) {
    const Line &line = lines_[i];
    if (line.kind == Line::AnyHost) return true;
    if (line.kind != Line::Host || !is_named(line.peer, name)) continue;
    if (kind == Class::Public || (kind == Class::Private && line.privately)) return true;
  }
  return false;
}

// The line that says most of a name: all that match the one match the other.
uint32_t Judge::line_of(Text name) const {
  size_t best = kNone;
  for (size_t i = 0; i < line_count_; i++) {
    const Line &line = lines_[i];
    if (line.kind != Line::Host || !is_named(line.peer, name)) continue;
    if (best == kNone || line.peer.kind == Peer::Name ||
        (lines_[best].peer.kind == Peer::Zone && line.peer.name.size > lines_[best].peer.name.size))
      best = i;
  }
  return static_cast<uint32_t>(best + 1);
}

bool Judge::covers(const Line &line, const Line &of_pin) {
  if (of_pin.peer.kind == Peer::Name) return is_named(line.peer, of_pin.peer.name);
  return line.peer.kind == Peer::Zone && (same_but_case(line.peer.name, of_pin.peer.name) ||
                                          is_in_zone(of_pin.peer.name, line.peer.name));
}

// In the first free or forgotten place behind its hash; else instead of what is forgotten next.
bool Judge::add(Text name, const IpAddress &address, uint64_t now, uint64_t until, bool trusted) {
  const uint32_t line = line_of(name);
  if (line == 0) return true;
  Pin *free = nullptr;
  for (size_t i = 0; i < kProbes; i++) {
    Pin &pin = pins_[(hash_of(address) + i) % kMaxPins];
    if (pin.line == line && pin.address == address) {
      if (pin.until < until) pin.until = until;
      pin.trusted = pin.trusted || trusted;
      return true;
    }
    const bool is_free = pin.line == 0 || pin.until < now;
    if (free == nullptr || (pin.until < free->until && free->line != 0 && free->until >= now) ||
        (is_free && free->line != 0 && free->until >= now))
      free = &pin;
  }
  if (free->until == UINT64_MAX) return false;
  *free = {address, line, trusted, until};
  return true;
}

bool Judge::pin(Text name, const IpAddress &address, uint64_t now, uint64_t until) {
  return add(name, canonical(address), now, until, false);
}

bool Judge::pin_for_ever(Text name, const IpAddress &address) {
  return add(name, canonical(address), 0, UINT64_MAX, true);
}

bool Judge::grants_by_name(const Line &line, const Pin &pin) const {
  const Line &of_pin = lines_[pin.line - 1];
  if (!covers(line, of_pin)) return false;
  const Class kind = class_of(pin.address);
  const bool own = of_pin.peer.kind == Peer::Name && same_but_case(of_pin.peer.name, "localhost"_t);
  if (kind == Class::Public || (pin.trusted && own)) return true;
  return line.privately && (kind == Class::Private || pin.trusted);
}

bool Judge::is_never(const IpAddress &address, uint32_t port) const {
  for (size_t i = 0; i < line_count_; i++) {
    const Line &line = lines_[i];
    if (line.kind == Line::NeverPrivate && class_of(address) != Class::Public) return true;
    if (line.kind == Line::Never && is_port(line.low, line.high, port) && holds(line.peer, address))
      return true;
  }
  return false;
}

bool Judge::may_connect(const IpAddress &address, uint32_t port, uint64_t now) const {
  return grants(address, port, false, now);
}

bool Judge::may_send(const IpAddress &address, uint32_t port, uint64_t now) const {
  return grants(address, port, true, now);
}

bool Judge::grants(const IpAddress &address, uint32_t port, bool udp, uint64_t now) const {
  if (is_never(address, port)) return false;
  bool by_name = false;
  for (size_t i = 0; i < line_count_; i++) {
    const Line &line = lines_[i];
    if (line.udp != udp || !is_port(line.low, line.high, port)) continue;
    if (line.kind == Line::AnyHost) return true;
    if (line.kind != Line::Host) continue;
    if (line.peer.kind == Peer::Addresses && holds(line.peer, address)) return true;
    by_name = by_name || line.peer.kind != Peer::Addresses;
  }
  if (!by_name) return false;
  for (size_t i = 0; i < kProbes; i++) {
    const Pin &pin = pins_[(hash_of(address) + i) % kMaxPins];
    if (pin.line == 0 || !(pin.address == address) || pin.until < now) continue;
    for (size_t j = 0; j < line_count_; j++) {
      const Line &line = lines_[j];
      if (line.udp == udp && line.kind == Line::Host && line.peer.kind != Peer::Addresses &&
          is_port(line.low, line.high, port) && grants_by_name(line, pin))
        return true;
    }
  }
  return false;
}

}  // namespace ll
