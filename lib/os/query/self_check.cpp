#include "os/query/self_check.h"

#include "core/seccomp/filter.h"
#include "core/table_writer.h"
#include "os/enforce/probe.h"
#include "os/enforce/seccomp.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

// What is tried, each in a process of its own.
enum class Trial : uint8_t { Landlock, Filter, UserNamespace };

long try_landlock() {
  const uapi::RulesetAttr all = {.handled_access_fs = rights_of_abi(Field::Fs, 1)};
  const long ruleset = sys::create_ruleset(all);
  if (ruleset < 0) return ruleset;
  const long restricted = sys::restrict_self(static_cast<int>(ruleset), 0);
  if (restricted < 0) return restricted;
  const long opened = sys::open_at(uapi::kAT_FDCWD, "/", uapi::kO_RDONLY);
  return opened == -uapi::kEACCES ? 0 : -uapi::kEOPNOTSUPP;
}

long try_filter(const Policy &policy) {
  static constinit Plan plan{};
  static constinit Filter filter{};
  static constinit Program program{};
  decide(policy, plan, filter);
  write_filter(policy, filter, program);
  install_filter(policy, program);
  return sys::enter_namespaces(uapi::kCLONE_NEWUSER) == -uapi::kEPERM ? 0 : -uapi::kEOPNOTSUPP;
}

long act(Trial trial, const Policy &policy) {
  switch (trial) {
    case Trial::UserNamespace: return sys::enter_namespaces(uapi::kCLONE_NEWUSER);
    case Trial::Filter: sys::set_no_new_privileges(); return try_filter(policy);
    case Trial::Landlock: sys::set_no_new_privileges(); return try_landlock();
  }
  return -uapi::kEINVAL;
}

// 0, or minus the errno that stopped it.
long attempt(Trial trial, const Policy &policy) {
  const long child = sys::fork();
  if (child == 0) sys::exit(static_cast<int>(-act(trial, policy)));
  return end_of(child);
}

struct Findings {
  uapi::Uname uname = {};
  Kernel kernel;
  long landlock = 0;
  long filter = 0;
  long user_namespace = 0;
};

void print_findings(const Findings &findings) {
  TableWriter rows;
  rows.format("Linux %, %", c_text(findings.uname.release), c_text(findings.uname.machine));
  rows.format("Landlock ABI");
  rows.pad_to(24);
  if (findings.kernel.landlock == Landlock::On)
    format(rows.line(), "%", static_cast<uint64_t>(findings.kernel.abi));
  else
    format(rows.line(), findings.kernel.landlock == Landlock::Off ? "none: switched off at boot"
                                                                  : "none: not in this kernel");
  print_finding(rows, "Landlock works", findings.landlock, "yes");
  print_finding(rows, "seccomp filters work", findings.filter, "yes");
  print_finding(rows, "user namespaces", findings.user_namespace, "yes, for sandbox.sh");
  print_hosts(rows, findings.kernel);
  for (const Right &right : kRights) {
    if ((findings.kernel.rights[static_cast<size_t>(right.field)] & right.mask()) != 0) continue;
    rows.format("missing: %", name_of(right));
    rows.pad_to(36);
    format(rows.line(), "Landlock ABI %, Linux %", uint64_t{right.abi}, linux_with_abi(right.abi));
  }
  rows.end();
}

void print_findings_json(const Findings &findings) {
  JsonWriter json;
  json.format("{\"linux\":%,\"machine\":%,\"landlock_abi\":%,",
              Quoted{c_text(findings.uname.release)}, Quoted{c_text(findings.uname.machine)},
              static_cast<uint64_t>(findings.kernel.abi));
  json.format("\"landlock_refuses\":%,\"seccomp_filter\":%,\"user_namespaces\":%,\"missing\":[",
              truth(findings.landlock == 0), truth(findings.filter == 0),
              truth(findings.user_namespace == 0));
  for (const Right &right : kRights)
    if ((findings.kernel.rights[static_cast<size_t>(right.field)] & right.mask()) == 0)
      json.item("\"%\"", name_of(right));
  json.format("]");
  print_hosts_json(json, findings.kernel);
  json.format("}\n");
  json.flush();
}

}  // namespace

int check_machine(const Policy &policy, const EnforceOptions &options, bool as_json) {
  Findings findings;
  sys::get_uname(findings.uname);
  findings.kernel = probe_kernel(policy, options, false).kernel;
  findings.landlock = attempt(Trial::Landlock, policy);
  findings.filter = attempt(Trial::Filter, policy);
  findings.user_namespace = attempt(Trial::UserNamespace, policy);
  if (as_json)
    print_findings_json(findings);
  else
    print_findings(findings);
  return findings.landlock == 0 && findings.filter == 0 ? 0 : 1;
}

}  // namespace ll
