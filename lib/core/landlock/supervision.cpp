#include "core/landlock/plan.h"
#include "core/peer.h"

namespace ll {

namespace {

const Rule *first_supervised(const Policy &policy) {
  const Rule *rule = policy.rules;
  while (!names_host(*rule) && row_of(rule->directive).value != Value::NoHost) rule++;
  return rule;
}

constexpr uint32_t kDns = 53;

// What would be a way around the supervisor.
bool passes_by(const Rule &rule) {
  if (row_of(rule.directive).value != Value::Port || (rule.any && !rule.udp)) return false;
  const bool dns = rule.low <= kDns && rule.high >= kDns && !opens_all_ports(rule);
  if (rule.udp) return dns || !rule.any;
  return dns && rule.directive == Directive::Connect;
}

bool grants_port(const Policy &policy, uint32_t port) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive == Directive::Bind && !rule.udp && rule.low <= port && port <= rule.high)
      return true;
  }
  return false;
}

bool can_be_published(const Policy &policy, const Rule &rule, Problem &problem) {
  if (!has_own_loopback(policy)) return problem.fail(rule.where, "'%' needs 'localhost own'", rule);
  if (grants_port(policy, rule.low)) return true;
  return problem.fail(rule.where, "'%' needs 'bind %': nothing may listen there", rule, rule.low);
}

// Whatever the user says: nothing else would stand behind the supervisor.
bool can_be_supervised(const Policy &policy, const Kernel &kernel, Problem &problem) {
  const Rule &first = *first_supervised(policy);
  const uint64_t connect = mask_of(RightId::connect_tcp);
  if ((kernel.rights[index_of(Field::Net)] & connect) == 0)
    return problem.fail(first.where,
                        "'%' needs Landlock ABI 4 (Linux 6.7): without it nothing stands behind the"
                        " supervisor; this kernel has ABI %",
                        first, static_cast<uint64_t>(kernel.abi));
  for (size_t i = 0; i < policy.rule_count; i++)
    if (passes_by(policy.rules[i]))
      return problem.fail(policy.rules[i].where,
                          "'%' would be a way around '%' (%)\nnames are looked up without it;"
                          " UDP beside hosts needs a host, too",
                          policy.rules[i], first, Place{policy, first.where});
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == Directive::Publish &&
        !can_be_published(policy, policy.rules[i], problem))
      return false;
  return true;
}

}  // namespace

bool is_supervised(const Plan &plan) { return plan.supervised; }

bool is_supervised(const Policy &policy, const Plan &plan, const Rule &rule) {
  if (!plan.supervised || rule.udp) return false;
  return rule.directive == Directive::Connect ||
         (rule.directive == Directive::Bind && has_own_loopback(policy));
}

Text host_of(const Rule &rule) {
  return names_host(rule) ? rule.value.first(end_of_host(rule.value)) : Text{};
}

bool plan_supervision(const Policy &policy, Plan &plan, Problem &problem) {
  plan.supervised = is_supervised(policy);
  return !plan.supervised || can_be_supervised(policy, plan.kernel, problem);
}

}  // namespace ll
