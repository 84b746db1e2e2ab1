#include "server_config.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>

#include "core/explain.h"
#include "core/help.h"
#include "core/host.h"
#include "core/policy/serialize.h"
#include "core/seccomp/filter.h"
#include "os/enforce/sandbox.h"
#include "os/input/load.h"
#include "os/input/resolve.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"
#include "os/query/warnings.h"
#include "places.h"
#include "questions.h"
#include "trust.h"

namespace ll::mcp {

namespace {

Policy server_policy{};
McpRequest request;
Plan server_plan{};
Filter filter{};
char **environment;

// Of ll-exec, ll-ns and ll-trace: beside this program.
std::string folder;
// The policy as options.
std::vector<std::string> options;
std::string start_folder;
Places places;

std::string string_of(Text text) { return {text.data, text.size}; }

Text keep(const std::string &text) {
  Text kept;
  if (!server_policy.arena.keep(Text{text.data(), text.size()}, kept))
    die_at(server_policy, {}, kTooMuchText, kMaxText);
  return kept;
}

std::string absolute(const std::string &base, std::string path) {
  if (!path.empty() && path[0] == '/') return path;
  while (path.compare(0, 2, "./") == 0) path.erase(0, 2);
  if (path.empty() || path == ".") return base;
  return (base == "/" ? base : base + "/") + path;
}

void find_folder(const Process &process) {
  std::array<char, kMaxPath> bytes;
  const long size = process.executable == nullptr
                        ? -uapi::kENOENT
                        : resolve({}, c_text(process.executable), bytes.data(), bytes.size());
  if (size < 0) die_errno(server_policy, "find this program", size);
  folder.assign(bytes.data(), static_cast<size_t>(size));
  folder.erase(folder.rfind('/'));
}

std::string program(const char *name) { return folder + "/" + name; }

void need_programs() {
  for (const char *name : {"ll-exec", "ll-ns", "ll-trace", "ll-net"}) {
    const std::string path = program(name);
    if (!request.ask && std::string_view(name) == "ll-net") continue;
    if (sys::access(path.c_str(), uapi::kX_OK) < 0)
      die_at(server_policy, {}, "cannot run %\nit must be in the directory of ll-mcp",
             Text{path.data(), path.size()});
  }
}

// proc(5), CONFIG_PROC_CHILDREN: without it what a command started could not be ended.
void need_children() {
  const long error = sys::access("/proc/thread-self/children", 0);
  if (error < 0) die_errno(server_policy, "read /proc/thread-self/children", error);
}

// Calls start elsewhere than this server does, and each is given its descriptors.
void settle_rules() {
  start_folder = string_of(server_policy.directory);
  for (size_t i = 0; i < server_policy.rule_count; i++) {
    Rule &rule = server_policy.rules[i];
    if (rule.directive == Directive::Fd)
      die_at(server_policy, rule.where,
             "commands do not inherit descriptors of this server\nleave it out");
    if (is_path(rule.directive) && !rule.any)
      rule.value = keep(absolute(string_of(server_policy.directory), string_of(rule.value)));
    if (rule.directive == Directive::Chdir) start_folder = string_of(rule.value);
  }
}

// Without a line of the policy most variables would pass, what the user works with among them.
void pass_no_variables() {
  if (last_rule(server_policy, Directive::Env) != nullptr) return;
  if (server_policy.rule_count == kMaxRules)
    die_at(server_policy, kNoLocation, "more than % rules", uint64_t{kMaxRules});
  server_policy.rules[server_policy.rule_count++] = {
      .directive = Directive::Env, .any = true, .value = "-"_t};
}

void write_options() {
  if (request.best_effort) options.emplace_back("--best-effort");
  options.emplace_back("--quiet");
  for (size_t i = 0; i < server_policy.rule_count; i++) {
    if (server_policy.rules[i].directive == Directive::Chdir) continue;
    Text option;
    if (!write_option(server_policy.arena, server_policy.rules[i], option))
      die_at(server_policy, server_policy.rules[i].where, kTooMuchText, kMaxText);
    options.push_back(string_of(option));
  }
}

// As ll-exec does it, up to where it would restrict itself.
void make_plan_now() {
  const Process process = {};  // it is started anew for each call
  const auto workspace = std::make_unique<Workspace>();
  Sandbox sandbox = {process, server_policy, request, server_plan, filter, *workspace};
  prepare(sandbox, Purpose::Survey);
}

[[noreturn]] void become(const std::vector<std::string> &arguments) {
  std::vector<char *> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string &argument : arguments)
    pointers.push_back(const_cast<char *>(argument.c_str()));
  pointers.push_back(nullptr);
  const long error = sys::execute(pointers[0], pointers.data(), environment);
  die_errno(server_policy, "run ll-ns", error);
}

// The exit status of a child.
int status_of(pid_t child) {
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0)
    die_errno(server_policy, "check the policy", -errno);
  return WIFEXITED(status) ? WEXITSTATUS(status) : kFailed;
}

// What a child says that ends with an error, which is printed in any case: why no call is to be
// served. Nothing, if it does not.
template <typename Act>
std::string said_by_child(const Act &act) {
  int ends[2];
  if (pipe(ends) < 0) die_errno(server_policy, "make a pipe", -errno);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    act();
    sys::exit(0);
  }
  close(ends[1]);
  std::string said;
  std::array<char, 4096> bytes;
  ssize_t size = 0;
  while ((size = read(ends[0], bytes.data(), bytes.size())) > 0)
    said.append(bytes.data(), static_cast<size_t>(size));
  close(ends[0]);
  host_write(STDERR_FILENO, {said.data(), said.size()});
  return status_of(child) == 0 ? std::string() : said;
}

// In a child: a process reads its command line once, and it ends where that is wrong.
std::string check_words(const Process &process) {
  return said_by_child([&] { load_request(process, server_policy, request); });
}

// Of --report.
int pages = -1;

void open_pages() {
  if (request.report.empty()) return;
  pages = open(std::string(request.report.data, request.report.size).c_str(),
               O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (pages < 0)
    die_at(server_policy, request.report_at, "cannot write reports into %: %", request.report,
           Error{errno});
  // Above those that a command is given.
  pages = fcntl(pages, F_DUPFD_CLOEXEC, kPage + 1);
}

// The reports are the user's, of what the commands did: these must not be able to change them.
void check_pages() {
  if (request.report.empty()) return;
  open_pages();
  constexpr uint64_t kChange = mask_of(RightId::write_file) | mask_of(RightId::truncate) |
                               mask_of(RightId::make_reg) | mask_of(RightId::remove_file);
  Verdict verdict;
  check_access(server_policy, server_plan, server_policy.directory, request.report, kChange, 0,
               verdict);
  if (verdict.granting != nullptr)
    die_at(server_policy, verdict.granting->where,
           "commands could rewrite the reports in %\nname a directory that they cannot write to",
           request.report);
}

// In a child: a process makes one plan, and each that answers a question makes its own.
std::string check_policy() {
  return said_by_child([] {
    make_plan_now();
    settle_rules();
    check_trust(server_policy, server_plan, folder);
    check_pages();
    if (!request.quiet) warn_of_writable_policies(server_policy, server_plan);
    warn_of_gaps(server_policy, request, server_plan);
  });
}

// Better now than at every call. What is wrong; nothing if they can be had.
std::string check_namespaces() {
  const std::string ll_ns = program("ll-ns");
  const pid_t child = fork();
  if (child == 0) {
    const long nowhere = sys::open_at(uapi::kAT_FDCWD, "/dev/null", uapi::kO_WRONLY);
    dup2(static_cast<int>(nowhere), STDOUT_FILENO);
    become({ll_ns, "--check"});
  }
  if (status_of(child) == 0) return {};
  std::string problem = std::string(kProgramName) +
                        ": this machine refuses the namespaces of --sandbox\n  " + ll_ns +
                        " --check prints why; --best-effort runs without them\n";
  host_write(STDERR_FILENO, {problem.data(), problem.size()});
  return problem;
}

std::vector<std::string> sandbox_options() {
  return {program("ll-ns"), "--proc", "--private-dev", "--tmpfs=/tmp:256M", "--init"};
}

void append(std::vector<std::string> &list, const std::vector<std::string> &more) {
  list.insert(list.end(), more.begin(), more.end());
}

// What the call adds to this server's own variables; ll-exec passes on those that `env` names.
std::vector<std::string> variables_with(const Variables &added) {
  std::vector<std::string> all;
  for (const auto &[name, value] : added) all.push_back(name + "=" + value);
  for (char **entry = environment; *entry != nullptr; entry++) {
    const std::string_view own = *entry;
    if (added.find(own.substr(0, own.find('='))) == added.end()) all.emplace_back(own);
  }
  return all;
}

// Whether the policy's `env` lines pass a variable of that name with the caller's value.
bool passes(std::string_view name) {
  bool passed = false;
  for (size_t i = 0; i < server_policy.rule_count; i++) {
    const Rule &rule = server_policy.rules[i];
    if (rule.directive != Directive::Env || rule.any) continue;
    const size_t equals = find(rule.value, '=');
    if (!matches_glob({name.data(), name.size()}, rule.value.first(equals))) continue;
    if (equals != kNpos) return false;  // it has its value from the policy
    passed = true;
  }
  return passed;
}

// What a client names a command is not to name a file by itself.
std::string name_of_page(const std::string &command, int number) {
  std::array<char, 32> time;
  const time_t now = std::time(nullptr);
  tm parts = {};
  gmtime_r(&now, &parts);
  std::string name(time.data(), std::strftime(time.data(), time.size(), "%Y%m%dT%H%M%SZ-", &parts));
  name += std::to_string(number) + "-";
  constexpr size_t kMax = 40;
  const std::string program = command.substr(command.rfind('/') + 1).substr(0, kMax);
  for (const char byte : program) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
    name += plain ? byte : '_';
  }
  return name + ".html";
}

}  // namespace

std::string load_config(const Process &process) {
  environment = process.environment;
  server_policy.program = program_info();
  // A client is answered; a person at a terminal is not kept waiting.
  if (isatty(STDIN_FILENO) == 0)
    if (std::string problem = check_words(process); !problem.empty()) return problem;
  load_request(process, server_policy, request);
  if (request.help) {
    TableWriter rows({.width = kHelpWidth});
    list_all_options(rows, server_policy.program);
    format(rows.line(),
           "Exit status: 0 when the client has closed the connection; 125 for errors.");
    rows.end();
    sys::exit(0);
  }
  if (request.version) {
    print_version(server_policy);
    sys::exit(0);
  }
  find_folder(process);
  need_programs();
  need_children();
  const long known = remember_directory(server_policy);
  if (known < 0) die_errno(server_policy, "find the current directory", known);
  if (!request.explain)
    if (std::string problem = check_policy(); !problem.empty()) return problem;
  open_pages();
  settle_rules();
  places.resolve(server_policy, start_folder);
  pass_no_variables();
  write_options();
  if (request.explain) answer({.tool = Tool::Policy});
  return request.sandbox && !request.best_effort ? check_namespaces() : std::string();
}

const McpRequest &chosen() { return request; }

int open_page(const ToolCall &call, std::string &problem) {
  static int number = 0;
  const std::string name = name_of_page(call.command, ++number);
  const int page =
      openat(pages, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (page < 0) problem = "cannot write the report " + name + ": " + std::strerror(errno);
  return page;
}

bool opens_network() {
  for (size_t i = 0; i < server_policy.rule_count; i++)
    if (row_of(server_policy.rules[i].directive).value == ll::Value::Port) return true;
  return false;
}

std::string place_of(const ToolCall &call) { return absolute(start_folder, call.cwd); }

bool grants_place_of(const ToolCall &call) {
  const std::string path = place_of(call);
  // With both layers each directory is there, and empty if it is not granted.
  return request.sandbox || path == start_folder || places.has(path);
}

bool prepare(const ToolCall &call, Launch &start, std::string &problem) {
  for (const auto &[name, value] : call.env) {
    if (passes(name)) continue;
    problem = "env: the policy does not pass the variable ";
    problem.append(name).append(". The user could allow it with the line: env ").append(name);
    return false;
  }
  const bool records = !request.report.empty();
  const std::string loader = program(call.explain || records ? "ll-trace" : "ll-exec");
  start.arguments = {loader};
  if (request.sandbox) {
    start.arguments = sandbox_options();
    start.arguments.push_back("--loader=" + loader);
  }
  const std::string report = request.sandbox ? "--report=" : "--json=";
  if (call.explain) start.arguments.push_back(report + std::to_string(kReport));
  if (call.asks) {
    start.arguments.push_back("--judge-fd=" + std::to_string(kJudge));
    start.arguments.push_back("--answer-in=" + std::to_string(kAnswerIn) + "ms");
  }
  const std::string page = request.sandbox ? "--record=" : "--report=";
  if (records) start.arguments.push_back(page + std::to_string(kPage));
  append(start.arguments, options);
  start.arguments.push_back("--chdir=" + place_of(call));
  start.arguments.emplace_back("--");
  start.arguments.push_back(call.command);
  append(start.arguments, call.args);
  start.environment = variables_with(call.env);
  return true;
}

void answer(const ToolCall &call) {
  make_plan_now();
  if (call.tool == Tool::Why) {
    sys::exit(answer_why(server_policy, server_plan,
                         {.right = {call.right.data(), call.right.size()},
                          .target = {call.path.data(), call.path.size()},
                          .where = {}}));
  }
  ll::explain(server_policy, server_plan, filter, Screen{});
  if (!request.sandbox) sys::exit(0);
  std::vector<std::string> arguments = sandbox_options();
  append(arguments, options);
  arguments.emplace_back("--explain");
  become(arguments);
}

}  // namespace ll::mcp
