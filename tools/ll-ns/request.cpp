#include "request.h"

#include "alone.h"
#include "core/policy/judging.h"
#include "core/policy/units.h"

namespace ll {

namespace {

constexpr char kLetters[] = {
#define OPTION(id, letter, name, metavar, help) letter,
#include "options.def"
};
constexpr char kOptionNames[] =
#define OPTION(id, letter, name, metavar, help) name "\0"
#include "options.def"
    ;
constexpr char kTexts[] =
#define OPTION(id, letter, name, metavar, help) metavar "\0" help "\0"
#include "options.def"
    ;
constexpr char kUsage[] =
    "ll-ns [options] [--] command [argument...]\n"
    "Run a command in private namespaces, with a root that the policy defines.\n";

// One option's value on its way into the request.
struct OptionReader {
  Policy &policy;
  NsRequest &request;
  const Word &word;
  Diagnostic &problem;

  template <typename... Arguments>
  [[gnu::always_inline]] bool fail(const char *pattern, const Arguments &...arguments) const {
    return problem.fail(word.where, pattern, arguments...);
  }
};

bool read_size(const OptionReader &read, Text value, uint64_t &bytes) {
  if (parse_size(value, INT64_MAX, bytes) && bytes != 0) return true;
  return read.fail("'%' is not a size\nwrite 512M, in bytes or with K, M or G", value);
}

bool read_timeout(const OptionReader &read) {
  const Text value = read.word.value;
  if (parse_time(value, INT32_MAX, read.request.timeout) && read.request.timeout != 0) return true;
  return read.fail("'%' is not a time\nwrite 30s; with ms, s, m or h", value);
}

// "1.5": the part before the dot, and up to three digits behind it.
bool read_cpus(const OptionReader &read) {
  const Text value = read.word.value;
  const size_t dot = find(value, '.');
  const Text fraction = value.from(dot == kNpos ? value.size : dot + 1);
  uint64_t whole = 0;
  uint64_t part = 0;
  const bool valid = parse_number(value.first(dot), 100000, whole) &&
                     (dot == kNpos || (fraction.size <= 3 && parse_number(fraction, 999, part)));
  for (size_t i = fraction.size; i < 3; i++) part *= 10;
  read.request.cpus = whole * 1000 + part;
  // cgroup-v2: a quota is at least a millisecond of a hundred.
  if (valid && read.request.cpus >= 10) return true;
  return read.fail("'%' is not a number of processors\nas in: --cpus 1.5", value);
}

bool read_processes(const OptionReader &read) {
  if (parse_number(read.word.value, INT32_MAX, read.request.processes) &&
      read.request.processes != 0)
    return true;
  return read.fail("'%' is not a number of processes\nat least 1, as in: --pids 64",
                   read.word.value);
}

bool read_network(const OptionReader &read) {
  const bool host = read.word.value == "host"_t;
  read.request.network = host ? Network::Host : Network::None;
  if (host || read.word.value == "none"_t) return true;
  return read.fail("'%' is not a network\nnone or host", read.word.value);
}

bool read_shared(const OptionReader &read) {
  const size_t row = row_named(kNamespaceNames, read.word.value);
  if (row == kNpos)
    return read.fail("'%' is not a namespace that can be shared\ncgroup, ipc, net, pid or uts",
                     read.word.value);
  read.request.shared |= kNamespaceFlags[row];
  return true;
}

bool read_hostname(const OptionReader &read) {
  read.request.hostname = read.word.value;
  // sethostname(2): HOST_NAME_MAX
  if (!read.word.value.empty() && read.word.value.size <= 64) return true;
  return read.fail("a host name has 1 to 64 characters");
}

bool copy(const OptionReader &read, Text text, Text &copied) {
  return read.policy.arena.keep(text, copied) || read.fail(kTooMuchText, kMaxText);
}

constexpr const char *kTooManyExtras = "more than % of --bind, --ro-bind, --tmpfs and --overlay";

// SRC[:DST] and DIR[:SIZE]: the last colon that the second part can follow.
bool read_extra(const OptionReader &read, MountOption::Kind kind) {
  NsRequest &request = read.request;
  const Text value = read.word.value;
  if (request.mount_option_count == kMaxMountOptions)
    return read.fail(kTooManyExtras, kMaxMountOptions);
  MountOption &extra = request.mount_options[request.mount_option_count++];
  extra = {.kind = kind, .where = read.word.where};
  const size_t colon = find_last(value, ':');
  const Text second = value.from(colon == kNpos ? value.size : colon + 1);
  const Text first = second.empty() ? value : value.first(colon);
  if (first.empty()) return read.fail("an empty path");
  if (!copy(read, first, extra.source)) return false;
  extra.target = extra.source;
  const bool sized = kind == MountOption::Tmpfs && !second.empty();
  if (sized && !read_size(read, second, extra.size)) return false;
  if (kind != MountOption::Tmpfs && !second.empty() && !copy(read, second, extra.target))
    return false;
  if (is_plain_path(extra.target) || (kind != MountOption::Tmpfs && second.empty())) return true;
  return read.fail(
      "'%' is not a path in the root\nwrite an absolute path without . and .., such as /srv/job",
      extra.target);
}

bool read_overlay(Policy &policy, NsRequest &request, Arguments &arguments, ParsedOption &taken,
                  Diagnostic &problem) {
  const OptionReader read{policy, request, taken.value, problem};
  if (request.mount_option_count == kMaxMountOptions)
    return read.fail(kTooManyExtras, kMaxMountOptions);
  MountOption &extra = request.mount_options[request.mount_option_count++];
  extra = {.kind = MountOption::Overlay, .where = taken.value.where};
  extra.source = extra.target = taken.value.value;
  if (!take_another(policy, arguments, taken, problem)) return false;
  extra.layer = taken.value.value;
  return true;
}

// The directive of the same name takes a port.
bool read_bind(const OptionReader &read) {
  const Text value = read.word.value;
  if (starts_with(value, "/"_t) || starts_with(value, "."_t))
    return read_extra(read, MountOption::Bind);
  return parse_option(read.policy, Directive::Bind, read.word, read.problem);
}

bool read_record(const OptionReader &read) {
  read.request.record_at = read.word.where;
  return read_descriptor_option(read.word, read.request.record, read.problem);
}

bool read_report(const OptionReader &read) {
  read.request.report_at = read.word.where;
  return read_descriptor_option(read.word, read.request.report, read.problem);
}

// N:LAYER
bool read_layers(const OptionReader &read) {
  const Text value = read.word.value;
  const size_t colon = find(value, ':');
  read.request.layers_at = read.word.where;
  read.request.layers_place = value.from(colon == kNpos ? value.size : colon + 1);
  Word number = read.word;
  number.value = value.first(colon);
  if (!read.request.layers_place.empty())
    return read_descriptor_option(number, read.request.layers, read.problem);
  return read.fail("'%' is not a descriptor and a directory\nll-changes run --disk makes it",
                   value);
}

// The name goes to the launcher, too; "-" stands where an argument was that sandbox.sh took itself.
bool read_wrapper(const OptionReader &read) {
  const Text value = read.word.value;
  if (value == "-"_t) return true;
  uint64_t inserted = 0;
  if (!parse_number(value, UINT16_MAX, inserted))
    return read.fail("'%' is not a number of arguments", value);
  read.request.wrapped = true;
  read.policy.arguments[0] = const_cast<char *>("sandbox.sh");
  read.policy.inserted = read.word.where.argument + inserted;
  return true;
}

bool need_cgroup(NsRequest &request, const Word &name) {
  if (request.limits.length == 0) request.limits = name.where;
  return true;
}

bool need_tracer(NsRequest &request, const Word &name) {
  if (request.repeats_at.length == 0) request.repeats_at = name.where;
  return true;
}

bool set_option(const OptionReader &read, const ParsedOption &taken) {
  NsRequest &request = read.request;
  switch (static_cast<Option>(taken.option)) {
    case Option::Loader: request.launcher = read.word.value; break;
    case Option::Record: return read_record(read);
    case Option::Report: return read_report(read);
    case Option::Wrapper: return read_wrapper(read);
    case Option::NoLoader: request.no_launcher = true; break;
    case Option::NoNamespaces: request.no_namespaces = true; break;
    case Option::Bind: return read_bind(read);
    case Option::Chdir: return parse_option(read.policy, Directive::Chdir, read.word, read.problem);
    case Option::RoBind: return read_extra(read, MountOption::RoBind);
    case Option::Tmpfs: return read_extra(read, MountOption::Tmpfs);
    case Option::Proc: request.proc = true; break;
    case Option::Dev: request.dev = true; break;
    case Option::Rootfs: request.rootfs = read.word.value; break;
    case Option::HostRoot: request.host_root = true; break;
    case Option::Net: return read_network(read);
    case Option::Share: return read_shared(read);
    case Option::Hostname: return read_hostname(read);
    case Option::Root: request.root = true; break;
    case Option::Init: request.init = true; break;
    case Option::Timeout: return read_timeout(read);
    case Option::Memory:
      return need_cgroup(request, taken.name) && read_size(read, read.word.value, request.memory);
    case Option::MemoryEach:
      request.memory_each_at = taken.name.where;
      return read_size(read, read.word.value, request.memory_each);
    case Option::Disk:
      request.disk_at = taken.name.where;
      return read_size(read, read.word.value, request.disk);
    case Option::Layers: return read_layers(read);
    case Option::Pids:
      request.pids = taken.name.where;
      return need_cgroup(request, taken.name) && read_processes(read);
    case Option::Cpus:
      request.cpus_at = taken.name.where;
      return need_cgroup(request, taken.name) && read_cpus(read);
    case Option::Clock:
      request.clock = read.word.value;
      return need_tracer(request, taken.name) &&
             read_clock(read.word, request.repeats, read.problem);
    case Option::Seed:
      request.seed = read.word.value;
      return need_tracer(request, taken.name) &&
             read_seed(read.word, request.repeats, read.problem);
    case Option::Explain: request.explain = true; break;
    case Option::Check: request.check = true; break;
    case Option::BestEffort: request.best_effort = true; break;
    case Option::StatusFd:
      return read_descriptor_option(read.word, read.policy.status, read.problem);
    case Option::Judge: return read_judge(read.word, read.policy.judging, read.problem);
    case Option::JudgeFd:
      return read_judge_descriptor(read.word, read.policy.judging, read.problem);
    case Option::Ask: return read_asks(read.word, read.policy.judging, read.problem);
    case Option::AnswerIn: return read_answer_time(read.word, read.policy.judging, read.problem);
    case Option::Quiet: request.quiet = true; break;
    case Option::Verbose: request.verbose = true; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
    case Option::Overlay:
    case Option::Policy: return false;
  }
  return true;
}

}  // namespace

ProgramInfo program_info() {
  return {.name = c_text(kProgramName),
          .version = LL_VERSION ""_t,
          .usage = c_text(kUsage),
          .options = {kLetters, kOptionNames, kTexts, sizeof kLetters}};
}

ParseResult read_arguments(Policy &policy, NsRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem) {
  return read_options(policy, arguments, request.command, use, problem, [&](ParsedOption &taken) {
    const auto option = static_cast<Option>(taken.option);
    if (option == Option::Policy) return OptionResult::Use;
    const bool set = option == Option::Overlay
                         ? read_overlay(policy, request, arguments, taken, problem)
                         : set_option({policy, request, taken.value, problem}, taken);
    return set ? OptionResult::Option : OptionResult::Error;
  });
}

bool check_request(const NsRequest &request, Diagnostic &problem) {
  if (request.help || request.version) return true;
  if (request.no_namespaces && !check_alone(request, problem)) return false;
  if (request.no_launcher && !request.launcher.empty())
    return problem.fail({}, "--loader and --no-loader exclude each other");
  if (request.no_launcher && request.record != 0)
    return problem.fail({}, "--record and --no-loader exclude each other");
  if (request.no_launcher && request.report != 0)
    return problem.fail({}, "--report and --no-loader exclude each other");
  if (request.repeats.hold_anything() && request.explain)
    return problem.fail(request.repeats_at, "--explain runs nothing: leave out --clock and --seed");
  if (request.repeats.hold_anything() && (request.report != 0 || request.record != 0))
    return problem.fail(request.repeats_at,
                        "ll-trace and --clock or --seed exclude each other\n"
                        "a process can have only one tracer");
  if (request.host_root && !request.rootfs.empty())
    return problem.fail({}, "--rootfs and --host-root exclude each other");
  if (request.host_root && request.disk != 0)
    return problem.fail(request.disk_at, "--disk and --host-root exclude each other");
  if (request.network == Network::None && (request.shared & kNewNet) != 0)
    return problem.fail({}, "--net none and --share net exclude each other");
  if (request.init && (request.shared & kNewPid) != 0)
    return problem.fail({}, "--init needs a PID namespace: leave out --share pid");
  if (has_overlay(request) && (request.shared & kNewPid) != 0)
    return problem.fail({}, "--overlay needs a PID namespace: leave out --share pid");
  if (request.disk != 0 && request.layers == 0 && has_overlay(request) && !request.explain)
    return problem.fail(request.disk_at,
                        "--disk limits an --overlay only through ll-changes\n"
                        "start it with ll-changes run --disk, or with sandbox.sh");
  if (request.command == 0 && !request.explain && !request.check)
    return problem.fail(
        {}, "no command to run\n% [options] [--] command [argument...]; % --help says more",
        request.wrapped ? "sandbox.sh"_t : "ll-ns"_t, request.wrapped ? "sandbox.sh"_t : "ll-ns"_t);
  return true;
}

}  // namespace ll
