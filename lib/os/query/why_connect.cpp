// --why connect HOST:PORT.
#include "core/address_class.h"
#include "core/host.h"
#include "os/kernel/process.h"
#include "os/query/access_check.h"

namespace ll {

namespace {

struct Asked {
  Text text;     // as it was asked for
  bool anybody;  // a port alone: of any host
  Peer peer;
  uint32_t port;
  bool udp;

  [[nodiscard]] bool is_address() const { return !anybody && peer.kind == Peer::Addresses; }
};

[[noreturn]] void fail_target(const Policy &policy, const Question &question) {
  die_at(policy, question.where,
         "'%' is not a host and a port\n"
         "as in: api.example.com:443, 192.0.2.1:443, [2001:db8::1]:53/udp, or 443 for any host",
         question.target);
}

// A name or address itself, not a zone or network.
bool is_one_host(const Peer &peer) {
  return peer.kind == Peer::Name || (peer.kind == Peer::Addresses && peer.bits == kAddressBits);
}

Asked read_target(const Policy &policy, const Question &question) {
  const size_t colon = end_of_host(question.target);
  const Text ports = colon == kNpos ? question.target : question.target.from(colon + 1);
  const Text digits = ports.first(find(ports, '/'));
  const Text protocol = ports.from(digits.size + 1);
  Asked target = {.text = question.target,
                  .anybody = colon == kNpos,
                  .peer = {},
                  .port = 0,
                  .udp = protocol == "udp"_t};
  uint64_t port = 0;
  const bool read = parse_number(digits, kMaxPort, port) &&
                    (target.udp || protocol == "tcp"_t || digits.size == ports.size) &&
                    (target.anybody || (read_peer(question.target.first(colon), target.peer) &&
                                        is_one_host(target.peer)));
  if (!read) fail_target(policy, question);
  target.port = static_cast<uint32_t>(port);
  target.peer.address = canonical(target.peer.address);
  return target;
}

bool is_about(const Rule &rule, const Asked &target) {
  Peer peer;
  if (!rule.any) return true;
  if (target.anybody || !read_peer(rule.value.first(end_of_host(rule.value)), peer)) return false;
  if (peer.kind == Peer::Addresses) return target.is_address() && holds(peer, target.peer.address);
  return !target.is_address() && names(peer, target.peer.name);
}

bool is_port_of(const Rule &rule, const Asked &target) {
  return rule.low <= target.port && target.port <= rule.high;
}

bool grants(const Rule &rule, const Asked &target) {
  return rule.directive == Directive::Connect && rule.udp == target.udp &&
         is_port_of(rule, target) && is_about(rule, target);
}

bool refuses(const Rule &rule, const Asked &target) {
  if (rule.directive != Directive::NoConnect || !target.is_address()) return false;
  if (rule.value == "private"_t) return class_of(target.peer.address) != Class::Public;
  return is_port_of(rule, target) && is_about(rule, target);
}

// About that host, on another port or by the other protocol.
bool is_near(const Rule &rule, const Asked &target) {
  return names_host(rule) && is_about(rule, target);
}

const Rule *first_that(bool (*is)(const Rule &, const Asked &), const Policy &policy,
                       const Asked &target) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is(policy.rules[i], target)) return &policy.rules[i];
  return nullptr;
}

void format_rule(Builder &out, const Policy &policy, const char *what, const Rule &rule) {
  format(out, what);
  format(out, "%  %\n", rule, Location{policy, rule.where});
}

void format_where_a_name_is(Builder &out, const Policy &policy, const Asked &target,
                            const Rule &rule) {
  const bool own = same_but_case(target.peer.name, "localhost"_t);
  if (names_host(rule) && !own)
    format(out, rule.resource == kToPrivate
                    ? "  also at private addresses\n"
                    : "  at public addresses only; /private after the port adds private ones\n");
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == Directive::NoConnect)
      format_rule(out, policy, "  unless its address is one of ", policy.rules[i]);
}

void format_refused(Builder &out, const Policy &policy, const Asked &target) {
  const Rule *never = first_that(refuses, policy, target);
  const Rule *near = first_that(is_near, policy, target);
  if (never != nullptr) return format_rule(out, policy, "  by ", *never);
  if (near != nullptr)
    format_rule(out, policy, "  the nearest rule is ", *near);
  else
    format(out, "  no rule covers it\n");
  if (target.is_address() && is_supervised(policy))
    format(out, "  unless a granted name was resolved to this address before\n");
  format(out, "  to grant it: --connect %\n", target.text);
}

}  // namespace

int answer_why_connect(const Policy &policy, const Question &question) {
  if (!(question.right == "connect"_t)) return -1;
  const Asked target = read_target(policy, question);
  const Rule *granting = first_that(grants, policy, target);
  const bool granted = granting != nullptr && first_that(refuses, policy, target) == nullptr;
  Builder answer = output_line();
  format(answer, granted ? "granted connect %\n" : "refused connect %\n", target.text);
  if (granted) {
    format_rule(answer, policy, "  by ", *granting);
    if (!target.anybody && !target.is_address())
      format_where_a_name_is(answer, policy, target, *granting);
  } else {
    format_refused(answer, policy, target);
  }
  host_write(1, answer.text());
  return granted ? 0 : 1;
}

}  // namespace ll
