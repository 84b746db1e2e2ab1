#include "os/report.h"

#include "core/explain.h"
#include "core/host.h"
#include "os/process.h"

namespace ll {

namespace {

[[gnu::noinline]] void print_not_enforced(const Policy &policy, const Plan &plan) {
  Line<4096> line;
  line << LL_PROGRAM ": "_t;
  list_not_enforced(line, policy, plan);
  line << '\n';
  host_write(2, line.text());
}

[[gnu::noinline]] void print_gaps(const Plan &plan) {
  Line<2048> line;
  list_gaps(line, plan);
  if (line.empty()) return;
  host_write(2, LL_PROGRAM ": "_t);
  host_write(2, line.text());
  host_write(2, "\n"_t);
}

}  // namespace

void plan_or_die(const Policy &policy, const Request &request, const Kernel &kernel, Plan &plan) {
  Problem problem;
  if (!make_plan(policy, kernel, request.best_effort, plan, problem)) die(policy, problem);
}

void warn_of_gaps(const Policy &policy, const Request &request, const Plan &plan) {
  if (!request.quiet && is_weaker(policy, plan)) print_not_enforced(policy, plan);
  if (request.verbose) print_gaps(plan);
}

}  // namespace ll
