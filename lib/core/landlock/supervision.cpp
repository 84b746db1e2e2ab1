#include "core/landlock/plan.h"
#include "core/peer.h"

namespace ll {

namespace {

const Rule *first_supervised(const Policy &policy) {
  const Rule *rule = policy.rules;
  while (!names_host(*rule) && rule->directive != Directive::NoConnect) rule++;
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
  return true;
}

}  // namespace

bool is_supervised(const Plan &plan) { return plan.supervised; }

Text host_of(const Rule &rule) {
  return names_host(rule) ? rule.value.first(end_of_host(rule.value)) : Text{};
}

bool plan_supervision(const Policy &policy, Plan &plan, Problem &problem) {
  plan.supervised = is_supervised(policy);
  return !plan.supervised || can_be_supervised(policy, plan.kernel, problem);
}

}  // namespace ll
