#include "core/landlock/plan.h"
#include "core/peer.h"
#include "core/policy/judging.h"

namespace ll {

namespace {

// Null if there is only a judge.
const Rule *first_supervised(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (names_host(rule) || row_of(rule.directive).value == Value::NoHost) return &rule;
  }
  return nullptr;
}

bool fail_for_abi(const Rule *first, const Kernel &kernel, Diagnostic &problem) {
  const auto abi = static_cast<uint64_t>(kernel.abi);
  if (first == nullptr)
    return problem.fail(kNoLocation,
                        "judging connections needs Landlock ABI 4 (Linux 6.7): without it"
                        " the supervisor can be bypassed; this kernel has ABI %\n"
                        "use --ask open",
                        abi);
  return problem.fail(first->where,
                      "'%' needs Landlock ABI 4 (Linux 6.7): without it the supervisor can be"
                      " bypassed; this kernel has ABI %",
                      *first, abi);
}

bool fail_to_pass(const Rule &rule, const Policy &policy, const Rule *first, Diagnostic &problem) {
  if (first == nullptr)
    return problem.fail(rule.where,
                        "'%' would bypass --judge\nnames are resolved without it;"
                        " where connections are judged, UDP needs a host; or use --ask open",
                        rule);
  return problem.fail(rule.where,
                      "'%' would bypass '%' (%)\nnames are resolved without it;"
                      " in a policy with hosts, UDP needs a host too",
                      rule, *first, Location{policy, first->where});
}

constexpr uint32_t kDns = 53;

// Rules that would bypass the supervisor.
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

bool can_be_published(const Policy &policy, const Rule &rule, Diagnostic &problem) {
  if (!has_own_loopback(policy)) return problem.fail(rule.where, "'%' needs 'localhost own'", rule);
  if (grants_port(policy, rule.low)) return true;
  return problem.fail(rule.where, "'%' needs 'bind %': nothing may listen there", rule, rule.low);
}

// Also with --best-effort: the supervisor must not be the only layer.
bool can_be_supervised(const Policy &policy, const Kernel &kernel, Diagnostic &problem) {
  const Rule *first = first_supervised(policy);
  const uint64_t connect = mask_of(RightId::connect_tcp);
  if ((kernel.rights[index_of(Field::Net)] & connect) == 0)
    return fail_for_abi(first, kernel, problem);
  for (size_t i = 0; i < policy.rule_count; i++)
    if (passes_by(policy.rules[i])) return fail_to_pass(policy.rules[i], policy, first, problem);
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

bool hands_over(const Policy &policy, const Plan &plan) {
  return plan.supervised || is_judged(policy);
}

bool plan_supervision(const Policy &policy, Plan &plan, Diagnostic &problem) {
  if (!check_judging(policy.judging, policy.supervisor != 0, problem)) return false;
  if (is_judged(policy) && plan.kernel.landlock != Landlock::On)
    return problem.fail(kNoLocation,
                        "--judge needs Landlock: without it there is nothing to ask about");
  plan.supervised = is_supervised(policy);
  return !plan.supervised || can_be_supervised(policy, plan.kernel, problem);
}

}  // namespace ll
