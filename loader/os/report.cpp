#include "os/report.h"

#include "core/explain.h"
#include "core/host.h"
#include "os/process.h"

#ifndef LL_VERSION
#error "LL_VERSION comes from CMakeLists.txt"
#endif

namespace ll {

namespace {

[[gnu::noinline]] void print_not_enforced(const Policy &policy, const Plan &plan) {
  Line<4096> line;
  line << "ll-exec: "_t;
  list_not_enforced(line, policy, plan);
  line << '\n';
  host_write(2, line.text());
}

[[gnu::noinline]] void print_gaps(const Plan &plan) {
  Line<2048> line;
  list_gaps(line, plan);
  if (line.empty()) return;
  host_write(2, "ll-exec: "_t);
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

void print_version() {
  host_write(1, Text{"ll-exec " LL_VERSION "\n", sizeof "ll-exec " LL_VERSION "\n" - 1});
}

}  // namespace ll
