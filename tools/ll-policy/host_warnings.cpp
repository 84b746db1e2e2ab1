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

struct HostLine {
  const Rule *rule;
  Peer peer;
  bool anybody;  // of any host
};

// What is meant by either is in the same order as the lines of a policy.
class HostFindings {
 public:
  explicit HostFindings(const Policy &policy) : policy_(policy) {
    for (size_t i = 0; i < policy.rule_count; i++) add(policy.rules[i]);
  }

  std::vector<Finding> all() {
    for (const HostLine &line : lines_)
      if (is_own(line)) check_connect(line);
    for (const HostLine &line : never_)
      if (is_own(line) && lines_.empty()) add_finding(Warning::NoEffect, line, line.rule->value);
    return findings_;
  }

 private:
  template <typename... Arguments>
  void add_finding(Warning kind, const HostLine &line, const Arguments &...arguments) {
    findings_.push_back(make_finding(kind, line.rule->where, arguments...));
  }

  static bool is_own(const HostLine &line) { return line.rule->where.source == 1; }

  void add(const Rule &rule) {
    const bool connects = rule.directive == Directive::Connect;
    if (!connects && rule.directive != Directive::NoConnect) return;
    HostLine line = {&rule, {}, !rule.any};
    const bool read = rule.any && read_peer(rule.value.first(end_of_host(rule.value)), line.peer);
    if (rule.any && !read) line.peer.kind = Peer::Zone;  // `noconnect private`
    (connects ? lines_ : never_).push_back(line);
  }

  [[nodiscard]] bool names_hosts() const {
    return std::ranges::any_of(lines_, [](const HostLine &line) { return !line.anybody; });
  }

  void check_connect(const HostLine &line) {
    if (line.rule->low <= 1 && line.rule->high == kMaxPort) check_any_port(line);
    check_redundant(line);
    if (line.anybody) {
      if (names_hosts()) add_finding(Warning::AnyHost, line);
      return;
    }
    switch (line.peer.kind) {
      case Peer::Name: break;
      case Peer::Zone: check_zone(line); break;
      case Peer::Addresses: check_addresses(line); break;
    }
  }

  void check_any_port(const HostLine &line) {
    if (line.anybody)
      add_finding(Warning::AnyPort, line, name_of(line.rule->directive));
    else if (!same_but_case(line.peer.name, "localhost"_t))
      add_finding(Warning::AnyPortOfHost, line, host_of(*line.rule));
  }

  void check_zone(const HostLine &line) {
    if (is_shared(line.peer.name)) add_finding(Warning::SharedZone, line, line.peer.name);
    if (line.rule->resource == kToPrivate) add_finding(Warning::PrivateZone, line, line.peer.name);
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

  void check_addresses(const HostLine &line) {
    if (const HostLine *refuses = that_refuses(line); refuses != nullptr)
      return add_finding(Warning::NeverConnected, line, *refuses->rule,
                         Location{policy_, refuses->rule->where});
    if (is_of_internet(line.peer)) {
      if (!refuses_private() &&
          std::ranges::any_of(kOwn, [&](const char *text) { return reaches(line.peer, text); }))
        add_finding(Warning::PrivateAddresses, line);
      return;
    }
    for (const char *text : kMetadata)
      if (reaches(line.peer, text)) return add_finding(Warning::Metadata, line, c_text(text));
  }

  // Wider than any network of one owner is.
  static bool is_of_internet(const Peer &peer) {
    return is_ipv4(peer.address) && peer.bits >= kMappedBits ? peer.bits < kMappedBits + 8
                                                             : peer.bits < 8;
  }

  [[nodiscard]] bool refuses_private() const {
    return std::ranges::any_of(
        never_, [](const HostLine &line) { return line.rule->value == "private"_t; });
  }

  [[nodiscard]] const HostLine *that_refuses(const HostLine &line) const {
    for (const HostLine &never : never_) {
      const bool all =
          never.rule->value == "private"_t
              ? !is_of_internet(line.peer) && class_of(line.peer.address) != Class::Public
              : never.rule->low <= line.rule->low && never.rule->high >= line.rule->high &&
                    is_within(line, never);
      if (all) return &never;
    }
    return nullptr;
  }

  static bool is_within(const HostLine &inner, const HostLine &outer) {
    return inner.peer.kind == Peer::Addresses && outer.peer.kind == Peer::Addresses &&
           outer.peer.bits <= inner.peer.bits && holds(outer.peer, inner.peer.address);
  }

  static bool is_named_by(const HostLine &inner, const HostLine &outer) {
    if (inner.peer.kind == Peer::Addresses || outer.peer.kind == Peer::Addresses) return false;
    const Text name = inner.peer.name;
    const Text zone = outer.peer.name;
    if (inner.peer.kind == outer.peer.kind && same_but_case(name, zone)) return true;
    return outer.peer.kind == Peer::Zone && name.size > zone.size + 1 &&
           name[name.size - zone.size - 1] == '.' &&
           same_but_case(name.from(name.size - zone.size), zone);
  }

  static bool grants_all_of(const HostLine &line, const HostLine &other) {
    const Rule &rule = *line.rule;
    const Rule &wider = *other.rule;
    if (wider.udp != rule.udp || wider.low > rule.low || wider.high < rule.high) return false;
    if (other.anybody) return true;
    if (line.anybody || (rule.resource == kToPrivate && wider.resource != kToPrivate)) return false;
    return is_within(line, other) || is_named_by(line, other);
  }

  void check_redundant(const HostLine &line) {
    for (const HostLine &other : lines_) {
      if (&other == &line || !grants_all_of(line, other)) continue;
      if (grants_all_of(other, line) && &other > &line) continue;
      return add_finding(Warning::Redundant, line, *other.rule,
                         Location{policy_, other.rule->where});
    }
  }

  const Policy &policy_;
  std::vector<HostLine> lines_;
  std::vector<HostLine> never_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> findings_about_hosts(const Policy &policy) {
  return HostFindings(policy).all();
}

}  // namespace ll
