#include "os/report.h"

#include "core/explain.h"
#include "core/host.h"
#include "os/process.h"

#ifndef LL_VERSION
#error "LL_VERSION comes from CMakeLists.txt"
#endif

namespace ll {

namespace {

void print_line(Text text) {
  if (text.empty()) return;
  host_write(2, "ll-exec: "_t);
  host_write(2, text);
  host_write(2, "\n"_t);
}

}  // namespace

void plan_or_die(const Policy &policy, const Request &request, const Kernel &kernel, Plan &plan) {
  Problem problem;
  if (!make_plan(policy, kernel, request.best_effort, plan, problem)) die(policy, problem);
}

void warn_of_gaps(const Policy &policy, const Request &request, const Plan &plan) {
  Line<4096> line;
  list_not_enforced(line, policy, plan);
  print_line(line.text());
  if (!request.verbose) return;
  line.clear();
  list_gaps(line, plan);
  print_line(line.text());
}

void print_version() {
  host_write(1, Text{"ll-exec " LL_VERSION "\n", sizeof "ll-exec " LL_VERSION "\n" - 1});
}

}  // namespace ll
