// In ll-exec only: for a policy with host lines it executes ll-net, which is ll-exec plus the
// supervisor, so that all other policies start without it.
#include "core/landlock/plan.h"
#include "core/mem.h"
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

// Input from standard input or another pipe cannot be read a second time.
bool has_read_input(const Policy &policy) {
  size_t i = policy.source_count - 1;
  while (policy.sources[i].inode != 0) i--;
  return i != 0;  // the command line, which has none either
}

}  // namespace

// Returns only on failure: minus the errno.
static long become_ll_net(const Policy &policy) {
  if (has_read_input(policy)) return -uapi::kESPIPE;
  char path[kMaxPath + 8];
  const long size = resolve({}, c_text(own->executable), path, kMaxPath);
  if (size < 0) return size;
  const size_t slash = find_last({path, static_cast<size_t>(size)}, '/');
  memcpy(path + slash + 1, "ll-net", sizeof "ll-net");
  return sys::execute(path, own->arguments, own->environment);
}

bool read_host(const ValueReader &read) {
  return read.fail("hosts need ll-net: %", Error{become_ll_net(read.policy)});
}

// ll-net gets the descriptor of --status-fd. Without one this changes nothing, since standard input
// has no descriptor flags.
int answer_why_connect(const Policy &policy, const Question &) {
  sys::set_descriptor_flags(policy.status, 0);
  become_ll_net(policy);
  return -1;
}

void check_by_ll_net(const Policy &policy) { become_ll_net(policy); }
void go_on_as_ll_net(const Policy &policy) { become_ll_net(policy); }
void print_hosts(TableWriter &rows, const Kernel &) { rows.format("missing: ll-net"); }
void print_hosts_json(JsonWriter &, const Kernel &) {}

bool plan_supervision(const Policy &, Plan &, Diagnostic &) { return true; }
bool is_supervised(const Plan &) { return false; }
bool hands_over(const Policy &, const Plan &) { return false; }
bool is_supervised(const Policy &, const Plan &, const Rule &) { return false; }
Text host_of(const Rule &) { return {}; }
void go_beneath_supervisor(const Process &, Policy &, const Supervision &) {}
void hand_over_connections(const Policy &, const Plan &) {}

int run(const Process &process) {
  own = &process;
  return run_loader(process, 0);
}

}  // namespace ll
