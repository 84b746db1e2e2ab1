#include "core/landlock/plan.h"

namespace ll {

namespace {

const Right *lacking(const Kernel &kernel, Field field, uint64_t wanted) {
  for (const Right &right : kRights)
    if (right.field == field && (right.mask() & wanted & ~kernel.rights[index_of(field)]) != 0)
      return &right;
  return nullptr;
}

uint64_t ipc_right(const Rule &rule) {
  if (is_ipc(rule, "sysv"_t)) return 0;
  return mask_of(is_ipc(rule, "signal"_t) ? RightId::signal : RightId::abstract_unix_socket);
}

// The missing right without which the rule has no effect; null: none is missing.
const Right *needed_but_missing(const Policy &policy, const Rule &rule, const Kernel &kernel) {
  switch (rule.directive) {
    case Directive::Fs: return lacking(kernel, Field::Fs, rule.rights);
    case Directive::Unix: return rule.any ? nullptr : lacking(kernel, Field::Fs, rule.rights);
    case Directive::Connect:
    case Directive::Bind:
      return opens_all_ports(rule) || !host_of(rule).empty()
                 ? nullptr
                 : lacking(kernel, Field::Net, port_right(rule));
    // Below ABI 9 the filter refuses unix sockets, and it cannot distinguish abstract ones.
    case Directive::Ipc:
      return is_ipc(rule, "abstract-unix"_t) && !opens_all_unix(policy)
                 ? lacking(kernel, Field::Fs, mask_of(RightId::resolve_unix))
                 : nullptr;
    case Directive::Audit: return lacking(kernel, Field::Flags, mask_of(RightId::log_new_exec_on));
    default: return nullptr;
  }
}

// By default everything is refused, except what the policy allows entirely.
void wanted_denials(const Policy &policy, const Plan &plan, uint64_t (&wanted)[kFields]) {
  for (size_t field = 0; field < kFields; field++)
    wanted[field] = rights_of_abi(static_cast<Field>(field), kNewestAbi);
  wanted[index_of(Field::Flags)] = 0;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    switch (rule.directive) {
      case Directive::Unix:
        if (rule.any) wanted[index_of(Field::Fs)] &= ~mask_of(RightId::resolve_unix);
        break;
      case Directive::Connect:
      case Directive::Bind:
        if (is_supervised(policy, plan, rule)) break;
        if (opens_all_ports(rule)) wanted[index_of(Field::Net)] &= ~port_right(rule);
        break;
      case Directive::Ipc: wanted[index_of(Field::Scope)] &= ~ipc_right(rule); break;
      case Directive::Audit:
        wanted[index_of(Field::Flags)] |= mask_of(RightId::log_new_exec_on);
        break;
      default: break;
    }
  }
  // UDP sockets are made by ll-net and reach only ll-net, at any port.
  if (is_supervised(plan))
    wanted[index_of(Field::Net)] &=
        ~(mask_of(RightId::bind_udp) | mask_of(RightId::connect_send_udp));
}

alignas(char) constexpr char kOrWithout[] =
    ", drop the rule, or add --best-effort to run without enforcing it";

bool refuse_missing(const Rule &rule, const Right &right, const Kernel &kernel,
                    Diagnostic &problem) {
  const bool promised = kernel.abi >= right.abi;
  return problem.fail(rule.where,
                      "'%' needs Landlock ABI % (Linux %); this kernel has ABI %%%\n"
                      "run it on a newer kernel%",
                      rule, uint64_t{right.abi}, linux_with_abi(right.abi),
                      static_cast<uint64_t>(kernel.abi), promised ? " without "_t : ""_t,
                      promised ? name_of(right) : ""_t, kOrWithout);
}

bool refuse_required(const Rule &rule, const Kernel &kernel, Diagnostic &problem) {
  const Text linux = linux_with_abi(static_cast<int>(rule.number));
  if (kernel.landlock == Landlock::Unused)
    return problem.fail(rule.where,
                        "Landlock ABI % is required (Linux %); --no-landlock uses none\n"
                        "leave out --no-landlock, or drop the rule",
                        rule.number, linux);
  return problem.fail(rule.where,
                      "Landlock ABI % is required (Linux %); this kernel has ABI %\n"
                      "run it on a newer kernel",
                      rule.number, linux, static_cast<uint64_t>(kernel.abi));
}

bool is_process_limit(const Rule &rule) {
  return rule.directive == Directive::Limit && starts_with(rule.value, "nproc="_t);
}

bool refuse_process_limit(const Rule &rule, Diagnostic &problem) {
  return problem.fail(rule.where,
                      "'limit nproc' does not hold for root: the kernel exempts it\n"
                      "run as an ordinary user%",
                      kOrWithout);
}

bool refuse_no_landlock(const Kernel &kernel, Diagnostic &problem) {
  if (kernel.landlock == Landlock::Absent)
    return problem.fail(kNoLocation,
                        "this kernel has no Landlock: nothing could be restricted\n"
                        "it needs Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK;"
                        " --no-landlock runs without it");
  return problem.fail(kNoLocation,
                      "Landlock is switched off on this machine: nothing could be restricted\n"
                      "boot with landlock first in the kernel's lsm= parameter;"
                      " --no-landlock runs without it");
}

}  // namespace

Kernel kernel_of_abi(int abi) {
  Kernel kernel;
  kernel.landlock = abi > 0 ? Landlock::On : Landlock::Absent;
  kernel.abi = abi;
  for (size_t field = 0; field < kFields; field++)
    kernel.rights[field] = rights_of_abi(static_cast<Field>(field), abi);
  return kernel;
}

bool is_weaker(const Policy &policy, const Plan &plan) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (plan.entries[i].unenforced) return true;
  return plan.kernel.landlock == Landlock::Unused;
}

uint64_t port_right(const Rule &rule) {
  if (rule.directive == Directive::Bind)
    return mask_of(rule.udp ? RightId::bind_udp : RightId::bind_tcp);
  return mask_of(rule.udp ? RightId::connect_send_udp : RightId::connect_tcp);
}

bool needs_any_source_port(const Rule &rule) {
  return rule.directive == Directive::Connect && rule.udp;
}

bool make_plan(const Policy &policy, const Kernel &kernel, bool best_effort, Plan &plan,
               Diagnostic &problem) {
  plan.kernel = kernel;
  const bool protects = last_rule(policy, Directive::ProtectAll) != nullptr;
  plan.withheld =
      protects ? mask_of(RightId::remove_file) | mask_of(RightId::remove_dir) : uint64_t{0};
  if (kernel.landlock == Landlock::Absent || kernel.landlock == Landlock::Off)
    return refuse_no_landlock(kernel, problem);
  uint64_t wanted[kFields];
  if (!plan_supervision(policy, plan, problem)) return false;
  wanted_denials(policy, plan, wanted);
  for (size_t field = 0; field < kFields; field++) {
    plan.handled[field] = wanted[field] & kernel.rights[field];
    plan.gaps[field] = wanted[field] & ~kernel.rights[field];
  }
  // On ABI 1 no rule can grant `refer`, and the kernel always refuses it (security/landlock/fs.c).
  const uint64_t refer = plan.gaps[index_of(Field::Fs)] & mask_of(RightId::refer);
  plan.gaps[index_of(Field::Fs)] &= ~refer;
  plan.closed[index_of(Field::Fs)] = refer;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive == Directive::Require && static_cast<int>(rule.number) > kernel.abi)
      return refuse_required(rule, kernel, problem);
    const Right *missing = needed_but_missing(policy, rule, kernel);
    const bool unheld = is_process_limit(rule) && kernel.exempt_from_nproc;
    if (missing == nullptr && !unheld) continue;
    plan.entries[i].unenforced = true;
    if (best_effort) continue;
    if (unheld) return refuse_process_limit(rule, problem);
    if (kernel.landlock == Landlock::On) return refuse_missing(rule, *missing, kernel, problem);
  }
  return true;
}

// The rights that `fs` names and that a file cannot have.
static bool refuse_on_file(const Rule &rule, Diagnostic &problem) {
  const uint64_t wrong = rule.rights & ~rights_of_files();
  for (const Right &right : kRights)
    if (right.field == Field::Fs && (right.mask() & wrong) != 0)
      return problem.fail(rule.where, "% applies to directories only; % is not one", name_of(right),
                          rule.value);
  return true;
}

bool plan_path(const Policy &policy, size_t index, const FileId &found, Plan &plan,
               Diagnostic &problem) {
  const Rule &rule = policy.rules[index];
  Entry &entry = plan.entries[index];
  entry.found = found;
  const bool directory = found.kind == Kind::Directory;
  if (rule.directive == Directive::Dev && found.kind != Kind::Device && !directory)
    return problem.fail(rule.where, "% is not a device\ngrant a file with ro or rw", rule.value);
  if (rule.directive == Directive::Protect && !directory)
    return problem.fail(rule.where,
                        "% is not a directory\n"
                        "a file's directory decides whether it can be deleted: protect that",
                        rule.value);
  if (rule.directive == Directive::Fs && !directory && !refuse_on_file(rule, problem)) return false;
  entry.access = access_on(rule, found, plan);
  return true;
}

uint64_t access_on(const Rule &rule, const FileId &found, const Plan &plan) {
  const uint64_t possible = found.kind == Kind::Directory ? UINT64_MAX : rights_of_files();
  return rule.rights & possible & plan.handled[index_of(Field::Fs)] & ~plan.withheld;
}

}  // namespace ll
