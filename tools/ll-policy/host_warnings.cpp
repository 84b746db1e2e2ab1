// What lines about hosts grant, or do not.
#include <algorithm>

#include "core/address_class.h"
#include "warnings.h"

namespace ll {

namespace {

constexpr const char *kSharedZones[] = {
#define ZONE(name) name,
#include "zones.def"
};

// Hands out credentials of the machine, in the large clouds.
constexpr const char *kMetadata[] = {"169.254.169.254", "169.254.170.2", "fd00:ec2::254",
                                     "100.100.100.200"};
// Of whom anything of the internet is meant, and these as well.
constexpr const char *kOwn[] = {"127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fd00:ec2::254"};

struct FixedString {
  const Rule *rule;
  Peer peer;
  bool anybody;  // of any host
};

// What is meant by either is in the same order as the lines of a policy.
class HostDoubts {
 public:
  explicit HostDoubts(const Policy &policy) : policy_(policy) {
    for (size_t i = 0; i < policy.rule_count; i++) add(policy.rules[i]);
  }

  std::vector<Finding> all() {
    for (const FixedString &line : lines_)
      if (is_own(line)) doubt_connect(line);
    for (const FixedString &line : never_)
      if (is_own(line) && lines_.empty()) doubt(Warning::NoEffect, line, line.rule->value);
    return doubts_;
  }

 private:
  template <typename... Arguments>
  void doubt(Warning kind, const FixedString &line, const Arguments &...arguments) {
    doubts_.push_back(make_finding(kind, line.rule->where, arguments...));
  }

  static bool is_own(const FixedString &line) { return line.rule->where.source == 1; }

  void add(const Rule &rule) {
    const bool connects = rule.directive == Directive::Connect;
    if (!connects && rule.directive != Directive::NoConnect) return;
    FixedString line = {&rule, {}, !rule.any};
    const bool read = rule.any && read_peer(rule.value.first(end_of_host(rule.value)), line.peer);
    if (rule.any && !read) line.peer.kind = Peer::Zone;  // `noconnect private`
    (connects ? lines_ : never_).push_back(line);
  }

  [[nodiscard]] bool names_hosts() const {
    return std::ranges::any_of(lines_, [](const FixedString &line) { return !line.anybody; });
  }

  void doubt_connect(const FixedString &line) {
    if (line.rule->low <= 1 && line.rule->high == kMaxPort) doubt_any_port(line);
    doubt_redundant(line);
    if (line.anybody) {
      if (names_hosts()) doubt(Warning::AnyHost, line);
      return;
    }
    switch (line.peer.kind) {
      case Peer::Name: break;
      case Peer::Zone: doubt_zone(line); break;
      case Peer::Addresses: doubt_addresses(line); break;
    }
  }

  void doubt_any_port(const FixedString &line) {
    if (line.anybody)
      doubt(Warning::AnyPort, line, name_of(line.rule->directive));
    else if (!same_but_case(line.peer.name, "localhost"_t))
      doubt(Warning::AnyPortOfHost, line, host_of(*line.rule));
  }

  void doubt_zone(const FixedString &line) {
    if (is_shared(line.peer.name)) doubt(Warning::SharedZone, line, line.peer.name);
    if (line.rule->resource == kToPrivate) doubt(Warning::PrivateZone, line, line.peer.name);
  }

  // A name with one label, or as co.uk and com.au are.
  static bool is_registry(Text name) {
    const size_t dot = find(name, '.');
    if (dot == kNpos) return true;
    const Text last = name.from(dot + 1);
    if (last.size != 2) return false;
    for (const Text kind : {"co"_t, "com"_t, "org"_t, "net"_t, "ac"_t, "gov"_t, "edu"_t, "or"_t})
      if (same_but_case(name.first(dot), kind)) return true;
    return false;
  }

  static bool is_shared(Text name) {
    return is_registry(name) || std::ranges::any_of(kSharedZones, [&](const char *zone) {
             return same_but_case(name, c_text(zone));
           });
  }

  static bool reaches(const Peer &peer, const char *text) {
    IpAddress address;
    return read_address(c_text(text), address) && holds(peer, address);
  }

  void doubt_addresses(const FixedString &line) {
    if (const FixedString *refuses = that_refuses(line); refuses != nullptr)
      return doubt(Warning::NeverConnected, line, *refuses->rule,
                   Location{policy_, refuses->rule->where});
    if (is_of_internet(line.peer)) {
      if (!refuses_private() &&
          std::ranges::any_of(kOwn, [&](const char *text) { return reaches(line.peer, text); }))
        doubt(Warning::PrivateAddresses, line);
      return;
    }
    for (const char *text : kMetadata)
      if (reaches(line.peer, text)) return doubt(Warning::Metadata, line, c_text(text));
  }

  // Wider than any network of one owner is.
  static bool is_of_internet(const Peer &peer) {
    return is_ipv4(peer.address) && peer.bits >= kMappedBits ? peer.bits < kMappedBits + 8
                                                             : peer.bits < 8;
  }

  [[nodiscard]] bool refuses_private() const {
    return std::ranges::any_of(
        never_, [](const FixedString &line) { return line.rule->value == "private"_t; });
  }

  [[nodiscard]] const FixedString *that_refuses(const FixedString &line) const {
    for (const FixedString &never : never_) {
      const bool all =
          never.rule->value == "private"_t
              ? !is_of_internet(line.peer) && class_of(line.peer.address) != Class::Public
              : never.rule->low <= line.rule->low && never.rule->high >= line.rule->high &&
                    is_within(line, never);
      if (all) return &never;
    }
    return nullptr;
  }

  static bool is_within(const FixedString &inner, const FixedString &outer) {
    return inner.peer.kind == Peer::Addresses && outer.peer.kind == Peer::Addresses &&
           outer.peer.bits <= inner.peer.bits && holds(outer.peer, inner.peer.address);
  }

  static bool is_named_by(const FixedString &inner, const FixedString &outer) {
    if (inner.peer.kind == Peer::Addresses || outer.peer.kind == Peer::Addresses) return false;
    const Text name = inner.peer.name;
    const Text zone = outer.peer.name;
    if (inner.peer.kind == outer.peer.kind && same_but_case(name, zone)) return true;
    return outer.peer.kind == Peer::Zone && name.size > zone.size + 1 &&
           name[name.size - zone.size - 1] == '.' &&
           same_but_case(name.from(name.size - zone.size), zone);
  }

  static bool grants_all_of(const FixedString &line, const FixedString &other) {
    const Rule &rule = *line.rule;
    const Rule &wider = *other.rule;
    if (wider.udp != rule.udp || wider.low > rule.low || wider.high < rule.high) return false;
    if (other.anybody) return true;
    if (line.anybody || (rule.resource == kToPrivate && wider.resource != kToPrivate)) return false;
    return is_within(line, other) || is_named_by(line, other);
  }

  void doubt_redundant(const FixedString &line) {
    for (const FixedString &other : lines_) {
      if (&other == &line || !grants_all_of(line, other)) continue;
      if (grants_all_of(other, line) && &other > &line) continue;
      return doubt(Warning::Redundant, line, *other.rule, Location{policy_, other.rule->where});
    }
  }

  const Policy &policy_;
  std::vector<FixedString> lines_;
  std::vector<FixedString> never_;
  std::vector<Finding> doubts_;
};

}  // namespace

std::vector<Finding> findings_about_hosts(const Policy &policy) { return HostDoubts(policy).all(); }

}  // namespace ll
