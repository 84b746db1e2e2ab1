// What ll-net decides goes past the tracer: here no line may be about a host.
#include "core/landlock/plan.h"
#include "core/policy/value_reader.h"
#include "os/enforce/supervised.h"

namespace ll {

bool read_host(const Reader &read) {
  return read.fail(
      "'%' is decided by ll-net, which cannot be watched\n"
      "watch it with % 443, which is that port of any host",
      read.word.value, read.name());
}

bool plan_supervision(const Policy &, Plan &, Problem &) { return true; }
bool is_supervised(const Plan &) { return false; }
Text host_of(const Rule &) { return {}; }
void go_beneath_supervisor(const Process &, Policy &, bool, bool) {}
void hand_over_connections(const Policy &, const Plan &) {}

}  // namespace ll
