#include "request.h"

#include <fcntl.h>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>

#include "fail.h"

namespace ll {

namespace {

enum class Option {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

struct OptionRow {
  char letter;
  const char *name, *metavar, *help;
};
constexpr OptionRow kOptions[] = {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "options.def"
};

struct CommandRow {
  const char *name, *arguments, *help;
};
constexpr CommandRow kCommands[] = {
#define COMMAND(id, name, arguments, help) {name, arguments, help},
#include "commands.def"
};

constexpr const char *kSeeHelp = "ll-changes --help lists them";

class ArgumentReader {
 public:
  explicit ArgumentReader(char **arguments) : next_(arguments + 1) {}

  ChangesRequest read() {
    bool has_command = false;
    for (; *next_ != nullptr; next_++) {
      const std::string_view word = *next_;
      if (word == "--") {
        request_.program = next_ + 1;
        break;
      }
      if (word.size() > 1 && word[0] == '-')
        read_option(word);
      else if (!has_command)
        has_command = read_command(word);
      else if (request_.layer.empty())
        request_.layer = word;
      else
        fail("only one layer can be given, not also " + shown(word), "name one");
    }
    if (!request_.help && !request_.version) check(has_command);
    return request_;
  }

 private:
  bool read_command(std::string_view word) {
    size_t row = 0;
    for (const CommandRow &command : kCommands) {
      if (word == command.name) return request_.command = static_cast<Command>(row), true;
      row++;
    }
    fail("unknown command " + shown(word), kSeeHelp);
  }

  static size_t row_of(std::string_view name) {
    size_t row = 0;
    for (const OptionRow &option : kOptions) {
      const bool is_letter = name.size() == 2 && option.letter != 0 && name[1] == option.letter;
      if (is_letter || (name.starts_with("--") && name.substr(2) == option.name)) return row;
      row++;
    }
    fail("unknown option " + shown(name), kSeeHelp);
  }

  void read_option(std::string_view word) {
    const size_t equals = word.find('=');
    const size_t row = row_of(word.substr(0, equals));
    std::string value;
    if (*kOptions[row].metavar == '\0') {
      if (equals != std::string_view::npos) fail(shown(word) + " takes no value", kSeeHelp);
    } else if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    } else {
      if (next_[1] == nullptr) fail(shown(word) + " needs a value", kSeeHelp);
      value = *++next_;
    }
    set(static_cast<Option>(row), value);
  }

  void set(Option option, const std::string &value) {
    switch (option) {
      case Option::Overlay: request_.overlays.push_back(value); break;
      case Option::NoNamespaces: request_.no_namespaces = true; break;
      case Option::DryRun: request_.dry_run = true; break;
      case Option::OnSuccess: on_success_ = action_of(value); break;
      case Option::OnFailure: on_failure_ = action_of(value); break;
      case Option::KeepIn: request_.keep_in = value; break;
      case Option::Disk: request_.disk = value; break;
      case Option::Changes: request_.changes = value; break;
      case Option::Diff: request_.diff = true; break;
      case Option::Json: request_.json = true; break;
      case Option::StatusFd: report_errors_on(descriptor_of(value)); break;
      case Option::Only: request_.selection.only.push_back(value); break;
      case Option::Except: request_.selection.except.push_back(value); break;
      case Option::Force: request_.force = true; break;
      case Option::Help: request_.help = true; break;
      case Option::Version: request_.version = true; break;
    }
  }

  // Those before 3 are the command's.
  static int descriptor_of(const std::string &value) {
    int number = 0;
    const char *end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc{} || stop != end || number < 3 || ::fcntl(number, F_GETFD) < 0)
      fail(shown(value) + " is not an open descriptor from 3 up", "--status-fd N");
    return number;
  }

  static Action action_of(const std::string &name) {
    if (name == "commit") return Action::Commit;
    if (name == "discard") return Action::Discard;
    if (name == "keep") return Action::Keep;
    fail(shown(name) + " is not an action", "commit, discard or keep");
  }

  void check(bool has_command) {
    if (!has_command) fail("no command given", kSeeHelp);
    if (request_.command == Command::Run) return check_run();
    if (request_.layer.empty()) fail("no layer given", "name its directory");
    if (request_.command == Command::Drop && !request_.selection.is_all())
      fail("drop removes the whole layer: it excludes --only and --except", "leave out one");
    if (request_.command == Command::Diff) request_.diff = true;
  }

  void check_run() {
    if (!request_.selection.is_all())
      fail("run commits all changes: it excludes --only and --except",
           "keep the layer with --keep-in, and give them to ll-changes commit");
    if (request_.program == nullptr || *request_.program == nullptr)
      fail("no command to run", "ll-changes run --overlay DIR -- ll-ns ...");
    if (request_.overlays.empty()) fail("no directory given", "--overlay DIR");
    if (request_.dry_run && (on_success_ || on_failure_))
      fail("--dry-run commits nothing: it excludes --on-success and --on-failure", "leave out one");
    if (request_.json && request_.diff) fail("--json excludes --diff", "leave out one");
    if (!request_.disk.empty() && request_.no_namespaces)
      fail("--disk needs namespaces: it excludes --no-namespaces", "leave out one");
    const bool kept = !request_.keep_in.empty();
    if (!request_.disk.empty() &&
        (kept || on_success_ == Action::Keep || on_failure_ == Action::Keep))
      fail("--disk keeps changes in memory, only while the command runs",
           "leave out --keep-in and `keep`, or leave out --disk");
    const Action unsaid = request_.dry_run ? Action::Discard : Action::Commit;
    request_.on_success = on_success_.value_or(kept ? Action::Keep : unsaid);
    request_.on_failure = on_failure_.value_or(kept ? Action::Keep : Action::Discard);
  }

  char **next_;
  ChangesRequest request_;
  std::optional<Action> on_success_, on_failure_;
};

}  // namespace

ChangesRequest read_request(char **arguments) { return ArgumentReader(arguments).read(); }

void print_usage() {
  std::fputs(
      "ll-changes COMMAND [options] ...\n"
      "List, commit or drop what a command wrote to a directory. Status 125: failed.\n",
      stdout);
  for (const CommandRow &command : kCommands)
    std::printf("  %-6s %-18s %s\n", command.name, command.arguments, command.help);
  for (const OptionRow &option : kOptions) {
    const std::string name = std::string(option.name) + " " + option.metavar;
    if (option.letter != 0)
      std::printf("  -%c, --%-19s %s\n", option.letter, name.c_str(), option.help);
    else
      std::printf("      --%-19s %s\n", name.c_str(), option.help);
  }
}

}  // namespace ll
