// ll-trace: read the policy, ask the kernel what it can enforce, split in two: one restricts itself
// and becomes the command, as ll-exec does; the other watches what it is refused, and says so.
#include "attach.h"
#include "calls_seen.h"
#include "core/help.h"
#include "core/peer.h"
#include "observe.h"
#include "os/enforce/launch.h"
#include "os/enforce/sandbox.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/supervised.h"
#include "os/input/find_command.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"
#include "record.h"
#include "record_and_rerun.h"
#include "tracer.h"

namespace ll {

namespace {

constinit Program program{};
constinit TraceRequest request;
constinit Filter filter{};
constinit Policy policy{};
constinit Plan plan{};
constinit Workspace workspace{};

// Calls with an address say which ports and sockets a command uses: they are looked at as calls,
// not as what the filter of an empty policy would refuse.
void let_addresses_through() {
  constexpr char kNames[] = "connect\0bind\0sendto\0sendmsg\0sendmmsg\0";
  for (size_t i = 0; i < 5; i++) {
    const int number = number_of_call(row_named(kCallNames, nth(kNames, i)));
    if (number >= 0) filter.decisions[number] = kAllowed;
  }
}

// "5,6" of ll-ns, which has started ll-net already: the socket to it, and where it tells.
bool read_supervision(Text text, int &refused_peers) {
  uint64_t numbers[2];
  for (uint64_t &number : numbers) {
    const Text part = text.first(find(text, ','));
    if (!parse_number(part, INT32_MAX, number) || number < 3) return false;
    text = text.from(part.size + 1);
  }
  policy.supervisor = static_cast<int>(numbers[0]);
  refused_peers = static_cast<int>(numbers[1]);
  return sys::set_descriptor_flags(refused_peers, 1) >= 0;
}

// ll-net is to be the command's parent, not the tracer's.
void supervise_connections(const Process &process, int &refused_peers) {
  if (policy.supervisor != 0 || !is_supervised(policy)) return;
  int ends[2];
  open_refused_peers(policy, ends);
  go_beneath_supervisor(process, policy, {.refused_peers = ends[1]});
  sys::close(ends[1]);
  refused_peers = ends[0];
}

int trace(const Process &process, int refused_peers) {
  policy.program = program_info();
  open_standard_descriptors(policy);
  check_stack(process, policy);
  load_request(process, policy, request);
  if (request.help) return print_help(policy.program), 0;
  if (request.version) return print_version(policy), 0;
  ReportFds report_fds;
  open_report(policy, request, refused_peers, report_fds);

  const bool learns = !request.learn.empty();
  const bool records = !learns && report_fds.report >= 0;
  const int outcome = learns ? record_and_rerun(process, policy, request) : -1;
  remember_directory(policy);
  const Text directory = policy.directory;

  if (!learns) supervise_connections(process, refused_peers);
  Sandbox sandbox = {process, policy, request, plan, filter, workspace, request.command};
  prepare(sandbox, learns ? Purpose::Learn : Purpose::Run);
  if (request.learns_calls) let_unnamed_through(policy, filter);
  if (learns) {
    let_addresses_through();
    plan.supervised = false;
  } else {
    check_before_start(sandbox);
  }
  write_filter(policy, filter, program);
  if (!learns) warn_before_start(sandbox);
  const char *command = find_command(process, policy, process.arguments[request.command]);

  const int traced = split(policy);
  if (traced != 0) {
    const char *argument = process.arguments[request.command + 1];
    ProfileConfig config = {.command = c_text(process.arguments[request.command]),
                            .argument = argument == nullptr ? Text{} : c_text(argument),
                            .file = request.learn,
                            .exists = request.learns_more,
                            .home = {},
                            .directory = directory,
                            .environment = process.environment,
                            .calls = request.learns_calls,
                            .all_variables = request.learns_environment,
                            .outcome = outcome};
    const Environment environment = {process.environment, directory};
    lookup(environment, "HOME"_t, config.home);
    const TraceContext context = {
        policy, plan, filter, request.verbose, traced, request.tolerated, environment};
    if (records) start_record(context, c_text(command));
    watch({context, request, report_fds, learns ? &config : nullptr, refused_peers}, traced);
  }
  observe(policy, program, {learns, learns || records, request.learns_calls});
  launch(sandbox, program, command, process.arguments + request.command);
}

}  // namespace

int run(const Process &process) {
  constexpr Text kOfNamespaces = "--net-fd="_t;
  const Text first = process.argument_count > 1 ? c_text(process.arguments[1]) : Text{};
  if (!starts_with(first, kOfNamespaces)) return trace(process, 0);
  int refused_peers = 0;
  if (!read_supervision(first.from(kOfNamespaces.size), refused_peers)) return kFailed;
  return trace(without_first_argument(process), refused_peers);
}

}  // namespace ll
