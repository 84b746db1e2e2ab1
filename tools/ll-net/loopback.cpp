#include "loopback.h"

#include "calls.h"
#include "core/mem.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

constexpr IpAddress ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}};
}
constexpr IpAddress kFirst = ipv4(127, 0, 0, 1);
constexpr IpAddress kFirst6 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

// An abstract unix socket of that name is who holds it: unix(7).
bool claim(const IpAddress &address) {
  struct {
    uint16_t family;
    char name[40];
  } name = {uapi::kAF_UNIX, {}};
  Builder text(name.name + 1, sizeof name.name - 1);
  text << "ll-net 127"_t;
  for (size_t i = 13; i < kAddressSize; i++) text << '.' << uint32_t{address.bytes[i]};
  const long socket = sys::open_socket(uapi::kAF_UNIX, uapi::kSOCK_DGRAM, 0);
  if (socket < 0) return false;
  if (sys::call(number::bind, socket, sys::address(&name),
                static_cast<long>(sizeof name.family + 1 + text.text().size)) >= 0)
    return true;
  sys::close(static_cast<int>(socket));
  return false;
}

}  // namespace

void Loopback::start(const Policy &policy) {
  if (!has_own_loopback(policy)) return;
  policy_ = &policy;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Publish) continue;
    if (count_ == kMaxPublished)
      die_at(policy, rule.where, "more than % ports are published", kMaxPublished);
    rows_[count_++] = {static_cast<uint16_t>(rule.low), static_cast<uint16_t>(rule.high), 0, {}};
  }
  const long started = listeners_.start();
  if (started < 0)
    die_at(policy, kNoLocation,
           "'localhost own' cannot list the listening sockets: %\n"
           "the kernel needs CONFIG_INET_DIAG",
           Error{started});
  constexpr int kTries = 64;
  for (int i = 0; i < kTries; i++) {
    uint8_t random[3];
    const long got = sys::fill_randomly(random, sizeof random);
    if (got < 0) die_errno(policy, "choose an address", got);
    // Neither of a network that others may use by its number, nor its first or last.
    if (random[0] == 0 || random[2] == 0 || random[2] == 255) continue;
    address_ = ipv4(127, random[0], random[1], random[2]);
    if (claim(address_)) return;
  }
  die_at(policy, kNoLocation, "no address of 127.0.0.0/8 is free for 'localhost own'");
}

bool Loopback::is_loopback(const IpAddress &address) {
  return address == kFirst6 || (is_ipv4(address) && address.bytes[12] == 127);
}

bool Loopback::has(const IpAddress &address) const {
  return address == kFirst || address == kFirst6 || address == address_;
}

const Loopback::Published *Loopback::find(uint16_t port) const {
  for (size_t i = 0; i < count_; i++)
    if (rows_[i].port == port) return &rows_[i];
  return nullptr;
}

long Loopback::find_to_bind(IpAddress &address, uint16_t &port) const {
  bool granted = false;
  for (size_t i = 0; i < policy_->rule_count; i++) {
    const Rule &rule = policy_->rules[i];
    granted = granted || (rule.directive == Directive::Bind && !rule.udp && rule.low <= port &&
                          port <= rule.high);
  }
  if (!granted || !has(canonical(address))) return -uapi::kEACCES;
  const Published *published = find(port);
  address = published != nullptr ? kFirst : address_;
  if (published != nullptr) port = published->outside;
  return 0;
}

bool Loopback::is_bound(const Published &published, uint64_t inode) {
  for (const uint64_t bound : published.inodes)
    if (bound == inode) return true;
  return false;
}

long Loopback::find_to_connect(IpAddress &address, uint16_t &port) const {
  const Published *published = find(port);
  address = published != nullptr ? kFirst : address_;
  if (published != nullptr) port = published->outside;
  const long inode = listeners_.find(address, port);
  if (inode < 0) return -uapi::kEACCES;
  const bool own =
      inode != 0 && (published == nullptr || is_bound(*published, static_cast<uint64_t>(inode)));
  return own ? 0 : -uapi::kECONNREFUSED;
}

void Loopback::note_bound(uint16_t port, uint64_t inode) {
  for (size_t i = 0; i < count_; i++)
    if (rows_[i].port == port) rows_[i].inodes[rows_[i].next++ % kMaxSockets] = inode;
}

}  // namespace ll
