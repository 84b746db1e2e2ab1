#include <algorithm>

#include "commands.h"
#include "core/host.h"
#include "core/table_writer.h"
#include "os/enforce/deny.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"
#include "reading.h"
#include "used.h"

namespace ll {

namespace {

struct Tally {
  size_t errors = 0;
  size_t warnings = 0;
};

class Checker {
 public:
  Checker(const Process &process, const PolicyRequest &request)
      : process_(process), request_(request) {}

  void check(const Word &file, Tally &tally) {
    reading_ = read_policies(process_, {file});
    remember_directory(*reading_.policy);
    plan_ = std::make_unique<Plan>();
    find_unenforceable();
    find_ungrantable();
    find_unprotected();
    std::stable_sort(reading_.problems.begin(), reading_.problems.end(), is_before);
    for (const Rejection &problem : reading_.problems) print(problem, "error", ""_t);
    if (reading_.full) host_write(2, "ll-policy: too many errors; the rest is not shown\n"_t);
    std::vector<Finding> findings = findings_in(process_, *reading_.policy);
    for (Finding &add_finding : uses_.findings_in(*reading_.policy))
      findings.push_back(std::move(add_finding));
    for (const Finding &add_finding : findings)
      print({add_finding.where, add_finding.message, 0}, "warning",
            nth(kWarningNames, static_cast<size_t>(add_finding.kind)));
    tally.errors += reading_.problems.size();
    tally.warnings += findings.size();
  }

  void begin() {
    const std::unique_ptr<Policy> asking = empty_policy(process_);
    for (const Word &report : request_.reports) uses_.add(*asking, report);
    if (request_.json) json_.format("[");
  }
  void end() {
    if (request_.json) json_.format("]\n");
    json_.flush();
  }

 private:
  static bool is_before(const Rejection &a, const Rejection &b) {
    return a.where.source != b.where.source ? a.where.source < b.where.source
                                            : a.where.offset < b.where.offset;
  }

  void keep(const Rejection &problem) {
    if (!is_in_broken_line(*reading_.policy, problem.where)) reading_.problems.push_back(problem);
  }

  // What was found wrong is left out, so that the rest can be looked at.
  bool take_out(const SourceSpan &where) const {
    Policy &policy = *reading_.policy;
    for (size_t i = 0; i < policy.rule_count; i++) {
      const SourceSpan &other = policy.rules[i].where;
      if (other.source != where.source || other.offset != where.offset) continue;
      for (size_t next = i + 1; next < policy.rule_count; next++)
        policy.rules[next - 1] = policy.rules[next];
      policy.rule_count--;
      return true;
    }
    return false;
  }

  // Of a kernel that has everything, unless --abi names another: what this one has is of no
  // importance to who reads the policy elsewhere.
  void find_unenforceable() {
    const Kernel kernel = kernel_of_abi(request_.abi != 0 ? request_.abi : kNewestAbi);
    for (;;) {
      Diagnostic problem;
      *plan_ = {};
      if (make_plan(*reading_.policy, kernel, false, *plan_, problem)) return;
      keep({problem.where, string_of(problem.message.text()), 0});
      if (!take_out(problem.where)) return;
    }
  }

  void find_ungrantable() {
    Policy &policy = *reading_.policy;
    for (size_t i = 0; i < policy.rule_count;) {
      try {
        grant(i);
        i++;
      } catch (const Rejection &problem) {
        keep(problem);
        take_out(policy.rules[i].where);
      }
    }
  }

  void grant(size_t index) {
    const Policy &policy = *reading_.policy;
    const Rule &rule = policy.rules[index];
    if (rule.directive == Directive::Chdir) return enter(rule);
    if (!is_path(rule.directive) || rule.any) return;
    const long opened = sys::open_at(uapi::kAT_FDCWD, rule.value.data, uapi::kO_PATH);
    const bool missing = opened == -uapi::kENOENT || opened == -uapi::kENOTDIR;
    if (missing && rule.optional) return;
    if (opened < 0) fail_to_grant(policy, rule, opened);
    const int descriptor = static_cast<int>(opened);
    const FileId found = identify(policy, rule, descriptor);
    sys::close(descriptor);
    Diagnostic problem;
    if (!plan_path(policy, index, found, *plan_, problem)) die(policy, problem);
  }

  void enter(const Rule &rule) const {
    const long opened =
        sys::open_at(uapi::kAT_FDCWD, rule.value.data, uapi::kO_PATH | uapi::kO_DIRECTORY);
    if (opened < 0)
      die_at(*reading_.policy, rule.where, "cannot start in %: %", rule.value, Error{opened});
    sys::close(static_cast<int>(opened));
  }

  void find_unprotected() {
    try {
      check_protected(*reading_.policy, *plan_, false);
    } catch (const Rejection &problem) {
      keep(problem);
    }
  }

  void print(const Rejection &found, const char *severity, Text kind) {
    const Policy &policy = *reading_.policy;
    if (!request_.json) {
      Rejection shown = found;
      if (!kind.empty()) shown.message = "warning: " + shown.message;
      host_write(2, text_of(message_of(policy, shown)));
      return;
    }
    const Text message = text_of(found.message);
    const Text what = message.first(find(message, '\n'));
    FixedString<512> place;
    if (found.where.length != 0) format(place, "%", Location{policy, found.where});
    json_.item("{\"severity\":\"%\",\"kind\":\"%\",\"where\":%,\"message\":%,\"advice\":%}",
               c_text(severity), kind, Quoted{place.text()}, Quoted{what},
               Quoted{message.from(what.size + 1)});
    json_.flush();
  }

  const Process &process_;
  const PolicyRequest &request_;
  Reading reading_;
  std::unique_ptr<Plan> plan_;
  Uses uses_;
  JsonWriter json_;
};

}  // namespace

int check_policies(const Process &process, const PolicyRequest &request) {
  Checker checker(process, request);
  Tally tally;
  checker.begin();
  for (const Word &file : request.operands) checker.check(file, tally);
  checker.end();
  if (tally.errors != 0) return kFailed;
  return request.strict && tally.warnings != 0 ? 1 : 0;
}

}  // namespace ll
