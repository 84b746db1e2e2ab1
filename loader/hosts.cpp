// ll-exec. Where a line is about a host it goes on as ll-net, which is the same and more, so that
// all others start as little as they need.
#include "core/landlock/plan.h"
#include "core/policy/value_reader.h"
#include "os/enforce/supervised.h"
#include "os/input/resolve.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"
#include "os/query/self_check.h"
#include "run_loader.h"

namespace ll {

namespace {

[[gnu::section(".bss.hot.b")]] constinit const Process *own = nullptr;

// What was read from standard input or another pipe is not there a second time.
bool has_read_input(const Policy &policy) {
  size_t i = policy.source_count - 1;
  while (policy.sources[i].inode != 0) i--;
  return i != 0;  // the command line, which has none either
}

}  // namespace

// What returns is a failure.
static bool become_ll_net(const Policy &policy, const Where &where, Problem &problem) {
  if (has_read_input(policy)) return problem.fail(where, "hosts need a file, not a pipe");
  char path[kMaxPath + 8];
  long error = resolve({}, c_text(own->executable), path, kMaxPath);
  if (error > 0) {
    const size_t slash = find_last({path, static_cast<size_t>(error)}, '/');
    Builder(path + slash + 1, 7) << "ll-net\0"_t;
    error = sys::execute(path, own->arguments, own->environment);
  }
  return problem.fail(where, "hosts need ll-net: %", Error{error});
}

bool read_host(const Reader &read) {
  return become_ll_net(read.policy, read.word.where, read.problem);
}

int answer_why_connect(const Policy &policy, const Question &question) {
  Problem problem;
  become_ll_net(policy, question.where, problem);
  die(policy, problem);
}

void check_by_ll_net(const Policy &policy) {
  Problem problem;
  become_ll_net(policy, kNowhere, problem);
}
void print_hosts(Rows &rows, const Kernel &) { rows.say("connect HOST:PORT       no: no ll-net"); }
void print_hosts_json(Json &, const Kernel &) {}

bool plan_supervision(const Policy &, Plan &, Problem &) { return true; }
bool is_supervised(const Plan &) { return false; }
Text host_of(const Rule &) { return {}; }
void go_beneath_supervisor(const Process &, Policy &, bool, bool) {}
void hand_over_connections(const Policy &, const Plan &) {}

int run(const Process &process) {
  own = &process;
  return run_loader(process, 0);
}

}  // namespace ll
