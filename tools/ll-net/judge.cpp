#include "judge.h"

#include "core/mem.h"

namespace ll {

namespace {

bool is_port(uint32_t low, uint32_t high, uint32_t port) { return low <= port && port <= high; }

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
    JudgeLine &line = lines_[line_count_++];
    line = {.low = rule.low,
            .high = rule.high,
            .kind = JudgeLine::AnyHost,
            .privately = rule.resource != 0,
            .udp = rule.udp};
    if (!rule.any) continue;
    line.kind = never ? JudgeLine::Never : JudgeLine::Host;
    // What was read once is read again: nothing else can be there.
    if (!read_peer(rule.value.first(end_of_host(rule.value)), line.peer) ||
        (never && line.peer.kind != Peer::Addresses))
      line.kind = JudgeLine::NeverPrivate;
  }
}

bool Judge::may_look_up(Text name) const {
  for (size_t i = 0; i < line_count_; i++)
    if (lines_[i].kind == JudgeLine::AnyHost ||
        (lines_[i].kind == JudgeLine::Host && names(lines_[i].peer, name)))
      return true;
  return false;
}

bool Judge::may_answer(Text name, const IpAddress &address) const {
  const Class kind = class_of(address);
  for (size_t i = 0; i < line_count_; i++) {
    const JudgeLine &line = lines_[i];
    if (line.kind == JudgeLine::AnyHost) return true;
    if (line.kind != JudgeLine::Host || !names(line.peer, name)) continue;
    if (kind == Class::Public || (kind == Class::Private && line.privately)) return true;
  }
  return false;
}

// The line that says most of a name: all that match the one match the other.
uint32_t Judge::line_of(Text name) const {
  size_t best = kNpos;
  for (size_t i = 0; i < line_count_; i++) {
    const JudgeLine &line = lines_[i];
    if (line.kind != JudgeLine::Host || !names(line.peer, name)) continue;
    if (best == kNpos || line.peer.kind == Peer::Name ||
        (lines_[best].peer.kind == Peer::Zone && line.peer.name.size > lines_[best].peer.name.size))
      best = i;
  }
  return static_cast<uint32_t>(best + 1);
}

bool Judge::covers(const JudgeLine &line, const JudgeLine &of_pin) {
  if (of_pin.peer.kind == Peer::Name) return names(line.peer, of_pin.peer.name);
  return line.peer.kind == Peer::Zone &&
         (same_but_case(line.peer.name, of_pin.peer.name) || names(line.peer, of_pin.peer.name));
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

bool Judge::grants_by_name(const JudgeLine &line, const Pin &pin) const {
  const JudgeLine &of_pin = lines_[pin.line - 1];
  if (!covers(line, of_pin)) return false;
  const Class kind = class_of(pin.address);
  const bool own = of_pin.peer.kind == Peer::Name && same_but_case(of_pin.peer.name, "localhost"_t);
  if (kind == Class::Public || (pin.trusted && own)) return true;
  return line.privately && (kind == Class::Private || pin.trusted);
}

bool Judge::is_never(const IpAddress &address, uint32_t port, bool own) const {
  for (size_t i = 0; i < line_count_; i++) {
    const JudgeLine &line = lines_[i];
    if (line.kind == JudgeLine::NeverPrivate && !own && class_of(address) != Class::Public)
      return true;
    if (line.kind == JudgeLine::Never && is_port(line.low, line.high, port) &&
        holds(line.peer, address))
      return true;
  }
  return false;
}

bool Judge::may_connect(const IpAddress &address, uint32_t port, uint64_t now, bool own) const {
  return !is_never(address, port, own) && grants(address, port, false, now);
}

bool Judge::may_send(const IpAddress &address, uint32_t port, uint64_t now) const {
  return !is_never(address, port, false) && grants(address, port, true, now);
}

bool Judge::grants(const IpAddress &address, uint32_t port, bool udp, uint64_t now) const {
  bool by_name = false;
  for (size_t i = 0; i < line_count_; i++) {
    const JudgeLine &line = lines_[i];
    if (line.udp != udp || !is_port(line.low, line.high, port)) continue;
    if (line.kind == JudgeLine::AnyHost) return true;
    if (line.kind != JudgeLine::Host) continue;
    if (line.peer.kind == Peer::Addresses && holds(line.peer, address)) return true;
    by_name = by_name || line.peer.kind != Peer::Addresses;
  }
  if (!by_name) return false;
  for (size_t i = 0; i < kProbes; i++) {
    const Pin &pin = pins_[(hash_of(address) + i) % kMaxPins];
    if (pin.line == 0 || !(pin.address == address) || pin.until < now) continue;
    for (size_t j = 0; j < line_count_; j++) {
      const JudgeLine &line = lines_[j];
      if (line.udp == udp && line.kind == JudgeLine::Host && line.peer.kind != Peer::Addresses &&
          is_port(line.low, line.high, port) && grants_by_name(line, pin))
        return true;
    }
  }
  return false;
}

}  // namespace ll
