#include "commands.h"
#include "core/host.h"
#include "line.h"
#include "os/enforce/ruleset.h"
#include "os/input/executable_file.h"
#include "os/input/find_command.h"
#include "os/input/ldd.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"
#include "output.h"
#include "reading.h"

namespace ll {

namespace {

std::string base_of(const std::string &path) { return path.substr(path.rfind('/') + 1); }

bool is_library(const std::string &path) { return base_of(path).find(".so") != std::string::npos; }

// What `base` does not grant of what the program needs to start.
class Requirements {
 public:
  Requirements(const Process &process, Policy &policy)
      : policy_(policy), plan_(std::make_unique<Plan>()) {
    const Text base = "base"_t;
    read_into(process, {{.value = base, .where = {.argument = 1, .length = 1}}}, policy);
    Diagnostic problem;
    make_plan(policy, kernel_of_abi(kNewestAbi), true, *plan_, problem);
    grant_paths(policy, *plan_, uapi::kAT_FDCWD, kNoRuleset, *std::make_unique<PathTables>());
    first_ = policy.rule_count;
  }

  void find(const Process &process, const PolicyRequest &request) {
    grant_libraries(process, policy_, request.command, *std::make_unique<LibraryTables>());
    const size_t end = policy_.rule_count;
    policy_.rule_count = first_;
    for (size_t i = first_; i < end; i++) add_interpreters(string_of(policy_.rules[i].value));
    for (size_t i = first_; i < end; i++) {
      const Rule &rule = policy_.rules[i];
      if (rule.directive == Directive::Rx) add(string_of(rule.value));
    }
  }

  std::vector<std::string> programs, libraries;

 private:
  // Of a program: a library is linked with one, too, but it is not started by it.
  void add_interpreters(const std::string &path) {
    char interpreter[kMaxPath];
    if (!is_library(path) && read_interpreter(path.c_str(), interpreter, sizeof interpreter))
      loaders_.emplace_back(interpreter);
  }

  [[nodiscard]] bool is_loader(const std::string &path) const {
    for (const std::string &loader : loaders_) {
      char bytes[kMaxPath];
      const long size = resolve({}, text_of(loader), bytes, sizeof bytes);
      if (size > 0 && path == std::string(bytes, static_cast<size_t>(size))) return true;
    }
    return false;
  }

  void add(const std::string &path) {
    const bool runs = !is_library(path) || is_loader(path);
    if (!is_granted(path, runs ? Directive::Rx : Directive::Ro))
      (runs ? programs : libraries).push_back(path);
  }

  [[nodiscard]] bool is_granted(const std::string &path, Directive directive) const {
    const uint64_t rights = rights_granted(row_of(directive).grants) & rights_of_files();
    Verdict verdict;
    check_access(policy_, *plan_, {}, text_of(path), rights, 0, verdict);
    return (rights & ~verdict.granted) == 0;
  }

  Policy &policy_;
  std::unique_ptr<Plan> plan_;
  size_t first_ = 0;
  std::vector<std::string> loaders_;
};

// A name may hold anything; a comment is one line.
std::string plain(const std::string &text) {
  FixedString<512> line;
  format(line, "%", text_of(text));
  return string_of(line.text());
}

// `typed` is the program as it was named: so it is started in the examples.
std::string write_lines(const std::string &program, const std::string &typed,
                        const Requirements &needs) {
  const std::string name = plain(base_of(program));
  const std::string command = plain(quoted(typed));
  const std::string file = plain(quoted("./" + base_of(program) + ".policy"));
  std::string text =
      "# " + name +
      ": what it is for, in one line\n"
      "#\n"
      "#     ll-exec -p " +
      file + " -- " + command +
      " --version\n"
      "#\n"
      "# It starts with these lines; what they do not grant is refused. See which it needs with\n"
      "#     ll-trace --apply " +
      file + " -- " + command +
      " ...\n"
      "# which runs it under this policy and adds them, or record a run without restrictions:\n"
      "#     ll-trace --learn " +
      file + " -- " + command +
      " ...\n"
      "# Then: ll-policy check " +
      file +
      "\n\n"
      "# Libraries, locale, /dev/null.\n"
      "use base\n";
  text += "# The program itself, and what starts it. No shell and no other program.\n";
  for (const std::string &path : needs.programs) text += "rx " + quoted(path) + "\n";
  if (!needs.libraries.empty()) text += "# Libraries that are not where base has them.\n";
  for (const std::string &path : needs.libraries) text += "ro " + quoted(path) + "\n";
  return text +
         "\n# Its input and its output. What may be read, and what may be changed:\n"
         "#ro $PWD\n"
         "#rw $PWD/out\n"
         "# Its settings; with a dash they need not exist.\n"
         "#ro -~/.config/" +
         plain(quoted(base_of(program))) +
         "\n"
         "# The network: none, unless a port is named. For names, ro these and connect 53/udp.\n"
         "#connect 443\n"
         "#ro -/etc/resolv.conf -/etc/hosts -/etc/nsswitch.conf -/etc/ssl/certs\n\n"
         "# No other variable: many programs are given passwords in them.\n"
         "env PATH LANG LANGUAGE LC_* TZ TERM\n"
         "# A crash leaves no copy of the memory behind.\n"
         "limit core=0\n";
}

// One with a slash is not looked for, and so not looked at.
void check_executable(const Policy &policy, const char *program) {
  if (sys::access(program, uapi::kX_OK) != -uapi::kEACCES) return;
  Diagnostic problem;
  problem.fail({}, "'%' is not executable\nmake it so with chmod +x", c_text(program));
  die(policy, problem, kCannotRun);
}

}  // namespace

int write_first_policy(const Process &process, Policy &policy, const PolicyRequest &request) {
  remember_directory(policy);
  const char *typed = process.arguments[request.command];
  const char *found = find_command(process, policy, typed);
  check_executable(policy, found);
  const std::string program = whole_path(policy, c_text(found));
  if (!is_writable(program))
    die_at(policy, {}, "% cannot be written in a policy: it has a control byte", text_of(program));
  Requirements needs(process, policy);
  needs.find(process, request);
  write_policy(policy, request.output, write_lines(program, typed, needs));
  return 0;
}

}  // namespace ll
