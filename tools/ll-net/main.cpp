// ll-net: ll-exec, and then the parent of the command, which decides its connections until it ends.
#include "asking.h"
#include "command.h"
#include "confine.h"
#include "connections.h"
#include "core/help.h"
#include "core/peer.h"
#include "floor.h"
#include "guard.h"
#include "judge.h"
#include "listener.h"
#include "lookups.h"
#include "loopback.h"
#include "opens.h"
#include "os/enforce/launch.h"
#include "os/enforce/privileges.h"
#include "os/enforce/supervised.h"
#include "os/input/load.h"
#include "relay.h"
#include "request.h"
#include "run_loader.h"

namespace ll {

namespace {

// What is decided for whom.
struct Settings {
  int control;  // the socket to the child
  long child;   // which becomes the command
  bool keeps;
  bool verbose;
  int refused_peers;  // a pipe to who watches the command; 0: none
  int guard;          // a descriptor of the guard; 0: there is none
};
constinit Settings settings{};
constinit const Policy *watched_policy = nullptr;
constinit Judge judge{};
constinit Report report{};
constinit Loopback loopback{};
constinit Lookups lookups{};
constinit Relay relay{};
constinit Connections connections{};
constinit Asking asking{};
constinit Floor floor{};
constinit Opens opens{};
constinit TaskRights rights{};
constinit Command command{};

int or_die(const char *what, long result) {
  if (result < 0) die_errno(*watched_policy, what, result);
  return static_cast<int>(result);
}

// The command's output ends with the command.
void let_go_of_streams() {
  for (int i = 0; i < 2; i++) {
    sys::close(i);
    if (sys::open_at(uapi::kAT_FDCWD, "/dev/null", i) != i) continue;
  }
}

void raise_limit_of_files() {
  uapi::ResourceLimit limit = {};
  if (sys::get_limit(uapi::kRLIMIT_NOFILE, limit) < 0) return;
  limit.soft = limit.hard;
  sys::set_limit(uapi::kRLIMIT_NOFILE, limit);
}

void restrict_this() {
  or_die("set no_new_privs", sys::set_no_new_privileges());
  drop_capabilities(*watched_policy);
  or_die("make this process undumpable", sys::set_process(uapi::kPR_SET_DUMPABLE, 0));
}

// Whether the child's memory can be read, and its sockets be had, which a container can refuse.
void look_at_child() {
  const auto child = settings.child;
  char byte;
  if (const long got = sys::read_memory(child, 0, &byte, 1); got == -uapi::kESRCH)
    return;  // it has said why
  else if (got != -uapi::kEFAULT)
    die_at(*watched_policy, kNoLocation,
           "cannot read the command's memory: %\n"
           "a container's profile or kernel.yama.ptrace_scope refuses it; with Docker: --cap-add"
           " SYS_PTRACE",
           Error{got});
  if (settings.keeps) return;
  const long process = sys::open_process(child);
  const long taken = process < 0 ? process : sys::take_descriptor(static_cast<int>(process), 0);
  settings.keeps = taken < 0 && is_supervised(*watched_policy);
  if (taken >= 0) sys::close(static_cast<int>(taken));
  if (process >= 0) sys::close(static_cast<int>(process));
  if (settings.keeps && settings.verbose) {
    Diagnostic problem;
    problem.fail(
        kNoLocation,
        "ll-net makes the command's sockets, because it cannot access the command's own: %",
        Error{taken});
    warn(*watched_policy, problem);
  }
}

// No way back from here. Sanitizers make other calls.
void confine_this() {
#ifndef LL_HOSTED
  constexpr int16_t kAllowedCalls[] = {number::read,
                                       number::write,
                                       number::close,
                                       number::openat,
                                       number::statx,
                                       number::readlinkat,
                                       number::ioctl,
                                       number::fcntl,
                                       number::epoll_pwait,
                                       number::epoll_ctl,
                                       number::socket,
                                       number::socketpair,
                                       number::bind,
                                       number::setsockopt,
                                       number::connect,
                                       number::getsockopt,
                                       number::sendmsg,
                                       number::recvmsg,
                                       number::process_vm_readv,
                                       number::pidfd_open,
                                       number::pidfd_getfd,
                                       number::kill,
                                       number::wait4,
                                       number::ptrace,
                                       number::getpid,
                                       number::exit_group,
                                       number::getrandom,
                                       number::clock_gettime,
                                       number::rt_sigprocmask,
                                       number::rt_sigaction,
                                       number::prlimit64,
                                       number::openat2,
                                       number::fstatfs,
                                       number::listen};
  constexpr size_t kOfJudges = 3;
  size_t count = sizeof kAllowedCalls / sizeof *kAllowedCalls;
  if (!is_judged(*watched_policy)) count -= kOfJudges;
  or_die("restrict this process to its calls", allow_only(kAllowedCalls, count));
#endif
}

// The filter goes there, the listener comes back; -1: the child has ended instead, and said why.
int receive_listener() {
  static constinit Program listener{};
  write_listener({.sockets = settings.keeps,
                  .binds = loopback.is_own() || asking.asks(kAskBind),
                  .listens = judges_listening(*watched_policy),
                  .network = is_supervised(*watched_policy),
                  .opens = asking.asks(kAskOpen),
                  .programs = is_judged(*watched_policy)},
                 listener);
  const size_t size = (kMaxInstructions - listener.start) * sizeof(Instruction);
  if (sys::write(settings.control, listener.code + listener.start, size) != static_cast<long>(size))
    return -1;
  char byte;
  uapi::PassedDescriptor passed;
  const uapi::ConstIoVec vector = {&byte, 1};
  uapi::MsgHdr message = {
      .vectors = &vector, .vector_count = 1, .control = &passed, .control_size = sizeof passed};
  long got = -uapi::kEINTR;
  while (got == -uapi::kEINTR) got = sys::receive_message(settings.control, message, 0);
  return got <= 0 ? -1 : passed_descriptor(passed, message.control_size);
}

int next_time(uint64_t now) {
  const int times[] = {lookups.next_time(now), connections.next_time(now), asking.next_time(now),
                       opens.next_time(now)};
  int next = -1;
  for (const int time : times)
    if (time >= 0 && (next < 0 || time < next)) next = time;
  return next;
}

// One call that waits for its answer. False: nobody is left who could call.
bool receive_call(int listener) {
  uapi::Notification call = {};
  const long got = sys::control(listener, uapi::kSECCOMP_IOCTL_NOTIF_RECV, &call);
  if (got == -uapi::kENOENT || got == -uapi::kEINTR) return true;
  if (got < 0) return false;
  if (Opens::is_open(call.number))
    opens.on_call(call);
  else if (Opens::is_execution(call.number))
    opens.on_execution(call);
  else if (Opens::is_restriction(call.number))
    opens.on_restriction(call);
  else
    connections.on_call(call);
  return true;
}

void take_rulings(uint64_t now) {
  Ruling ruling = {};
  while (asking.next(ruling, now)) switch (ruling.subject) {
      case Subject::Open: opens.on_ruling(ruling); break;
      case Subject::Lookup: lookups.on_ruling(ruling); break;
      case Subject::Connect:
      case Subject::Bind: connections.on_ruling(ruling); break;
    }
}

// False at the end of the command.
bool act(const uapi::Event &event, int epoll, int signals, int listener) {
  const auto index = static_cast<size_t>(event.data & UINT32_MAX);
  switch (static_cast<Watched>(event.data >> 32)) {
    case Watched::Listener:
      // Nobody is left who could call.
      if ((event.events & uapi::kEPOLLIN) == 0 || !receive_call(listener))
        sys::unwatch(epoll, listener);
      break;
    case Watched::Signals: return !command.on_signal(signals);
    case Watched::Pair: lookups.on_pair(index); break;
    case Watched::Datagrams: lookups.on_datagram(index); break;
    case Watched::Relay: relay.on_datagram(index); break;
    case Watched::Flow: relay.on_answer(index); break;
    case Watched::Resolver: lookups.on_resolver(); break;
    case Watched::Connection: connections.on_connection(index); break;
    case Watched::Judge: asking.on_judge(event.events); break;
    case Watched::Guard: end_descendants(0); sys::exit(kFailed);
  }
  return true;
}

[[noreturn]] void supervise(int epoll, int signals, int listener) {
  constexpr int kMax = 64;
  uint64_t now = sys::milliseconds();
  for (bool on = !command.reap(); on;) {
    uapi::Event events[kMax];
    const long count = sys::wait_for_events(epoll, events, kMax, next_time(now));
    now = sys::milliseconds();
    connections.set_time(now);
    opens.set_time(now);
    for (long i = 0; i < count && on; i++) on = act(events[i], epoll, signals, listener);
    take_rulings(now);
    lookups.on_time(now);
    connections.on_time(now);
    opens.on_time(now);
  }
  command.end_as_it_did();
}

// Of the command, and what has no one else.
void close_others() {
  const int refused_peers = settings.refused_peers == 0 ? -1 : settings.refused_peers;
  const int judge_end = is_judged(*watched_policy) ? asking.descriptor() : -1;
  const int guard =
      settings.guard == 0 ? refused_peers : settings.guard;  // never both: ll-ns has no guard
  const long result = close_all_but(3, settings.control, guard, judge_end);
  if (result < 0) die_errno(*watched_policy, "close descriptors", result);
}

void start_network(int epoll) {
  judge.read(*watched_policy);
  loopback.start(*watched_policy);
  report.start(*watched_policy, settings.verbose, settings.refused_peers);
  if (!is_supervised(*watched_policy)) return;
  or_die("start the resolver", lookups.start(judge, report, epoll));
  relay.start(*watched_policy, judge, lookups, report, epoll);
  if (is_judged(*watched_policy)) lookups.let_ask(asking);
}

[[noreturn]] void decide_connections() {
  close_others();
  const int signals = or_die("set up the signals", command.start(settings.child));
  const int epoll = or_die("watch descriptors", sys::make_epoll());
  raise_limit_of_files();
  // Before the child has dropped its capabilities, only who has them as well can look into it.
  look_at_child();
  restrict_this();
  start_network(epoll);
  if (is_judged(*watched_policy)) asking.open(epoll);
  sys::call(number::umask, 0);
  confine_this();
  const int listener = receive_listener();
  sys::close(settings.control);
  or_die("watch the signals",
         sys::watch(epoll, signals, uapi::kEPOLLIN, watched(Watched::Signals)));
  if (settings.guard != 0)
    or_die("watch the guard",
           sys::watch(epoll, settings.guard, uapi::kEPOLLIN, watched(Watched::Guard)));
  if (listener >= 0)
    or_die("watch the command",
           sys::watch(epoll, listener, uapi::kEPOLLIN, watched(Watched::Listener)));
  connections.start(judge, lookups, report, loopback, listener, epoll, settings.keeps);
  rights.note(*watched_policy);
  opens.start(*watched_policy, asking, floor, rights, listener);
  if (is_judged(*watched_policy))
    connections.let_ask(*watched_policy, asking, rights, floor.is_known());
  let_go_of_streams();
  supervise(epoll, signals, listener);
}

// "5,1234,0,1,0", of go_beneath_supervisor() in another program.
bool read_settings(Text text) {
  uint64_t numbers[5];
  for (uint64_t &number : numbers) {
    const Text part = text.first(find(text, ','));
    if (!parse_number(part, INT32_MAX, number)) return false;
    text = text.from(part.size + 1);
  }
  settings = {static_cast<int>(numbers[0]),
              static_cast<long>(numbers[1]),
              numbers[2] != 0,
              numbers[3] != 0,
              static_cast<int>(numbers[4]),
              0};
  return settings.control > 2 && settings.child > 0 && settings.refused_peers != settings.control &&
         (settings.refused_peers == 0 || settings.refused_peers > 2);
}

// Not inlined: what it needs of the stack is checked before.
[[gnu::noinline]] int supervise_for_other(const Process &process) {
  static constinit Policy rules{};
  ExecRequest options;
  rules.program = program_info();
  watched_policy = &rules;
  open_standard_descriptors(rules);
  check_stack(process, rules);
  if (!read_settings(c_text(process.arguments[1]).from("--supervise="_t.size)))
    die_at(
        rules, kNoLocation,
        "ll-net cannot be started directly\nll-exec and ll-ns start it where a policy names hosts");
  const Process rest = without_first_argument(process);
  rules.arguments = rest.arguments;
  rules.argument_count = static_cast<size_t>(rest.argument_count);
  rules.source_count = 1;
  rules.inserted = rules.argument_count;
  Arguments arguments;
  Diagnostic problem;
  Word use;
  if (read_arguments(rules, options, arguments, use, problem) != ParseResult::End)
    die(rules, problem);
  if (is_judged(rules)) {
    asking.start(rules, process.environment);
    floor.note_denials(rules);
  }
  decide_connections();
}

int load_beneath_other(const Process &process) {
  uint64_t control = 0;
  if (!parse_number(c_text(process.arguments[1]).from("--net-fd="_t.size), INT32_MAX, control) ||
      control < 3)
    return kFailed;
  return run_loader(without_first_argument(process), static_cast<int>(control));
}

}  // namespace

void note_floor(const Policy &rules, const Plan &plan) { floor.note(rules, plan); }

// This process decides, or guards who does; what returns is a child.
void go_beneath_supervisor(const Process &process, Policy &rules, const Supervision &how) {
  const long self = sys::process_id();
  int guard = 0;
  if (is_judged(rules)) {
    asking.start(rules, process.environment);
    guard = stay_as_guard(rules, asking.program());
    floor.share(rules);
  }
  int ends[2];
  const long paired = sys::make_socket_pair(uapi::kSOCK_SEQPACKET, ends);
  if (paired < 0) die_errno(rules, "make a pair of sockets", paired);
  const long child = sys::fork();
  if (child < 0) die_errno(rules, "start a process", child);
  sys::close(ends[child == 0 ? 0 : 1]);
  if (child != 0) {
    watched_policy = &rules;
    settings = {.control = ends[0],
                .child = child,
                .keeps = how.own_sockets,
                .verbose = how.verbose,
                .refused_peers = how.refused_peers,
                .guard = guard};
    decide_connections();
  }
  // Whoever is killed of those above.
  if (guard != 0) {
    sys::close(guard);
    asking.let_go();
    const long result = sys::set_process(uapi::kPR_SET_PDEATHSIG, uapi::kSIGKILL);
    if (result < 0) die_errno(rules, "set the parent-death signal", result);
  }
  rules.supervisor = ends[1];
  let_go_of_judge(rules);
  follow_process(rules, self);
}

int run(const Process &process) {
  const Text kSupervise = "--supervise="_t;
  const Text first = process.argument_count > 1 ? c_text(process.arguments[1]) : Text{};
  if (starts_with(first, kSupervise)) return supervise_for_other(process);
  if (starts_with(first, "--net-fd="_t)) return load_beneath_other(process);
  return run_loader(process, 0);
}

}  // namespace ll
