// Writes a page of the manual: manual-PROGRAM PAGE.in CALLS PAGE, where CALLS is what `ll-exec
// --list syscalls` says. PROGRAM, a link to this one, says whose options the page explains.
//
// A page is mdoc(7) with marks. A line @OPTION name@, @COMMAND name@, @DIRECTIVE name@ or @RIGHT
// name@ becomes the head of an item, from that row of its table; what it means follows as prose. A
// page that explains one of them explains all, each once: else there is no page. A line @OPTIONS@,
// and those that are in lists() below, becomes the whole table.
// @VERSION@ and the other figures() are replaced wherever they stand.
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/landlock/plan.h"

namespace ll {

namespace {

using std::string;

struct Option {
  char letter;
  string name, metavar, help;
};
const std::map<string, std::vector<Option>> &options() {
  static const std::map<string, std::vector<Option>> rows = {
      {"ll-exec",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#define LL_JUDGE
#include "loader/options.def"
       }},
      {"ll-ns",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-ns/options.def"
       }},
      {"ll-trace",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-trace/options.def"
       }},
      {"ll-repeat",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-repeat/options.def"
       }},
      {"ll-changes",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-changes/options.def"
       }},
      {"ll-policy",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-policy/options.def"
       }},
      {"ll-ask",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-ask/options.def"
       }},
      {"ll-mcp",
       {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "tools/ll-mcp/options.def"
       }},
  };
  return rows;
}

// Of a program that has commands.
struct Command {
  string name, arguments;
};
const std::map<string, std::vector<Command>> &commands() {
  static const std::map<string, std::vector<Command>> rows = {
      {"ll-changes",
       {
#define COMMAND(id, name, arguments, help) {name, arguments},
#include "tools/ll-changes/commands.def"
       }},
      {"ll-policy",
       {
#define COMMAND(id, name, arguments, help) {name, arguments},
#include "tools/ll-policy/commands.def"
       }},
  };
  return rows;
}

std::vector<Command> commands_of(const string &program) {
  const auto found = commands().find(program);
  return found == commands().end() ? std::vector<Command>() : found->second;
}

struct Directive {
  string name, metavar, help;
  uint32_t grants;
};
const std::vector<Directive> &directives() {
  static const std::vector<Directive> rows = {
#define DIRECTIVE(id, name, value, grants, metavar, help) {name, metavar, help, grants},
#include "core/policy/directives.def"
  };
  return rows;
}

struct RightRow {
  string field, name;
  int abi;
  string target;
  uint32_t grants;
  string help;
};
const std::vector<RightRow> &rights() {
  static const std::vector<RightRow> rows = {
#define LANDLOCK_RIGHT(field, bit, name, abi, target, grants, letter, help) \
  {#field, #name, abi, #target, grants, help},
#include "core/landlock/rights.def"
  };
  return rows;
}

struct AbiRow {
  int abi;
  string release;
};
const std::vector<AbiRow> &abis() {
  static const std::vector<AbiRow> rows = {
#define LANDLOCK_ABI(abi, release) {abi, release},
#include "core/landlock/rights.def"
  };
  return rows;
}

string release_of(int abi) {
  for (const AbiRow &row : abis())
    if (row.abi == abi) return row.release;
  throw std::runtime_error("no release has ABI " + std::to_string(abi));
}

// ---- mdoc

// Text of a table: `words` in quotation marks, and nothing that starts a request or an escape.
string text_of(const string &plain) {
  string text;
  bool quoted = false;
  if (!plain.empty() && (plain[0] == '.' || plain[0] == '\'')) text = "\\&";
  for (const char c : plain) {
    if (c == '`') {
      text += quoted ? "\\(cq" : "\\(oq";
      quoted = !quoted;
    } else {
      text += c == '\\' ? "\\e" : string(1, c);
    }
  }
  return text;
}

string sentence_of(const string &help) {
  string sentence = text_of(help) + '.';
  if (sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = static_cast<char>(sentence[0] - 32);
  return sentence;
}

// " Ar RIGHT Ar PATH"
string arguments_of(const string &metavar) {
  std::istringstream words(metavar);
  string arguments, word;
  while (words >> word) arguments += " Ar " + word;
  return arguments;
}

string head_of(const Option &row) {
  const string arguments = arguments_of(row.metavar);
  string head = ".It";
  if (row.letter != 0) head += string(" Fl ") + row.letter + arguments + " ,";
  return head + " Fl -" + row.name + arguments + '\n';
}

string head_of(const Command &row) {
  return ".It Ic " + row.name + arguments_of(row.arguments) + '\n';
}

string head_of(const Directive &row) {
  return ".It Ic " + row.name + arguments_of(row.metavar) + '\n';
}

string head_of(const RightRow &row) {
  string head = ".It Cm " + row.name + '\n' + sentence_of(row.help) + "\nSince ABI " +
                std::to_string(row.abi) + ", Linux " + release_of(row.abi) + ".\n";
  string granting;
  for (const Directive &directive : directives())
    if ((directive.grants & row.grants) != 0)
      granting += (granting.empty() ? " " : " , ") + directive.name;
  if (!granting.empty()) head += "Granted by\n.Ic" + granting + " .\n";
  return head;
}

// ---- whole tables

string list_options(const string &program) {
  string list = ".Bl -tag -width Ds -compact\n";
  for (const Option &row : options().at(program))
    list += head_of(row) + sentence_of(row.help) + '\n';
  return list + ".El\n";
}

string list_directives() {
  string list = ".Bl -column \"metadata\" \"RIGHT,.. PATH\" \"what it grants\"\n";
  for (const Directive &row : directives())
    list += ".It Ic " + row.name + " Ta Ar " + row.metavar + " Ta " + text_of(row.help) + '\n';
  return list + ".El\n";
}

string list_rights() {
  string list =
      ".Bl -column \"abstract_unix_socket\" \"ABI\" \"Linux\" \"what it is about\"\n"
      ".It Sy right Ta Sy ABI Ta Sy Linux Ta Sy what it is about\n";
  for (const RightRow &row : rights())
    list += ".It Cm " + row.name + " Ta " + std::to_string(row.abi) + " Ta " + release_of(row.abi) +
            " Ta " + text_of(row.help) + '\n';
  return list + ".El\n";
}

string list_abis() {
  string list =
      ".Bl -column \"ABI\" \"Linux\" \"rights\"\n.It Sy ABI Ta Sy Linux Ta Sy new rights\n";
  for (const AbiRow &abi : abis()) {
    string names;
    for (const RightRow &right : rights())
      if (right.abi == abi.abi) names += (names.empty() ? "" : ", ") + right.name;
    list += ".It " + std::to_string(abi.abi) + " Ta " + abi.release + " Ta " +
            (names.empty() ? "none that a policy names" : names) + '\n';
  }
  return list + ".El\n";
}

string list_limits() {
  string list = ".Bl -column \"nofile\" \"Seconds\"\n";
#define RESOURCE(number, name, unit) list += ".It Cm " name " Ta " #unit "\n";
#include "core/policy/limits.def"
  return list + ".El\n";
}

string list_capabilities() {
  string list;
#define CAPABILITY(number, name) list += (list.empty() ? "" : ",\n") + string(name);
#include "core/policy/capabilities.def"
  return list + ".\n";
}

string answer_named(const string &answer) {
  if (answer == "Eperm") return "EPERM";
  if (answer == "Eacces") return "EACCES";
  return answer == "Enosys" ? "ENOSYS" : "";
}

string list_refusals() {
  string list = ".Bl -tag -width Ds\n", last;
  const auto add = [&](const string &answer, const string &calls, const string &reason) {
    const string number = answer_named(answer);
    if (!reason.empty()) last = reason;
    list += ".It Li " + calls + '\n' + sentence_of(last) + '\n';
    list += number.empty() ? "Decided by the arguments.\n" : ".Bq Er " + number + '\n';
  };
#define REFUSAL(when, answer, calls, reason) add(#answer, calls, reason);
#include "core/seccomp/refusals.def"
  return list + ".El\n";
}

// Lines without a blank in front are the groups' names.
string list_calls(std::istream &calls) {
  string list = ".Bl -tag -width Ds\n", line;
  bool first = true;
  while (std::getline(calls, line)) {
    if (line.empty()) continue;
    const size_t start = line.find_first_not_of(' ');
    if (start == 0) {
      list += (first ? "" : "\n") + string(".It ") + (line[0] == '@' ? "Cm " : "") + line + '\n';
    } else {
      if (list.back() != '\n') list += ",\n";
      list.append(line, start);
    }
    first = false;
  }
  return list + "\n.El\n";
}

string text_in(const string &path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// ---- a page

std::map<string, string> figures() {
  return {{"VERSION", LL_VERSION},
          {"NEWEST_ABI", std::to_string(kNewestAbi)},
          {"MAX_BESIDE", std::to_string(kMaxSiblingGrants)},
          {"MAX_RULES", std::to_string(kMaxRules)},
          {"MAX_SOURCES", std::to_string(kMaxSources)},
          {"MAX_NESTING", std::to_string(kMaxNesting)},
          {"MAX_LINE", std::to_string(kMaxLine)},
          {"MAX_FILE", std::to_string(kMaxFile)},
          {"MAX_TEXT", std::to_string(kMaxText)}};
}

std::map<string, string> lists(const string &program, const string &folder, const string &calls) {
  std::istringstream names(text_in(calls));
  return {{"OPTIONS", list_options(program)},
          {"DIRECTIVES", list_directives()},
          {"RIGHTS", list_rights()},
          {"ABIS", list_abis()},
          {"LIMITS", list_limits()},
          {"CAPABILITIES", list_capabilities()},
          {"REFUSALS", list_refusals()},
          {"SYSCALLS", list_calls(names)},
          {"EXIT", text_in(folder + "/exit.in")}};
}

// The rows of one kind that a page explains.
class Explained {
 public:
  template <typename TableWriter>
  explicit Explained(const TableWriter &rows) {
    for (const auto &row : rows) heads_[row.name] = head_of(row);
  }

  const string &take(const string &name) {
    if (heads_.count(name) == 0) throw std::runtime_error("there is no " + name);
    if (!taken_.insert(name).second) throw std::runtime_error(name + " is explained twice");
    return heads_[name];
  }

  void check_complete() const {
    if (taken_.empty()) return;
    for (const auto &[name, head] : heads_)
      if (taken_.count(name) == 0) throw std::runtime_error(name + " is not explained");
  }

 private:
  std::map<string, string> heads_;
  std::set<string> taken_;
};

class Page {
 public:
  Page(const string &program, const string &folder, const string &calls)
      : lists_(lists(program, folder, calls)),
        explained_{{"OPTION", Explained(options().at(program))},
                   {"COMMAND", Explained(commands_of(program))},
                   {"DIRECTIVE", Explained(directives())},
                   {"RIGHT", Explained(rights())}} {}

  string line(const string &line) {
    if (line.size() < 3 || line.front() != '@' || line.back() != '@') return replaced(line) + '\n';
    const string mark = line.substr(1, line.size() - 2);
    if (lists_.count(mark) != 0) return lists_[mark];
    const size_t blank = mark.find(' ');
    const auto kind = explained_.find(mark.substr(0, blank));
    if (blank == string::npos || kind == explained_.end())
      throw std::runtime_error("unknown mark " + line);
    return kind->second.take(mark.substr(blank + 1));
  }

  void check_complete() const {
    for (const auto &[kind, explained] : explained_) explained.check_complete();
  }

 private:
  string replaced(string line) const {
    for (const auto &[name, value] : figures_) {
      const string mark = '@' + name + '@';
      for (size_t at; (at = line.find(mark)) != string::npos;) line.replace(at, mark.size(), value);
    }
    return line;
  }

  std::map<string, string> figures_ = figures();
  std::map<string, string> lists_;
  std::map<string, Explained> explained_;
};

// A text line is filled anyway: mandoc(1) has it in 80 columns. Nothing that begins like a request
// may begin a line.
string broken(string text) {
  constexpr size_t kWidest = 80;
  size_t start = 0;
  while (text.size() - start > kWidest) {
    size_t blank = text.rfind(' ', start + kWidest);
    while (blank != string::npos && blank > start &&
           (text[blank + 1] == '.' || text[blank + 1] == '\''))
      blank = text.rfind(' ', blank - 1);
    if (blank == string::npos || blank <= start) break;
    text[blank] = '\n';
    start = blank + 1;
  }
  return text;
}

// In examples two dashes are those of a command line.
string with_dashes(string example) {
  for (size_t at; (at = example.find(" -- ")) != string::npos;) example.replace(at, 4, " \\-\\- ");
  return example;
}

string set_lines(const string &page) {
  std::istringstream lines(page);
  string text, line;
  bool literal = false;
  while (std::getline(lines, line)) {
    const bool example = literal || line.rfind(".Dl", 0) == 0;
    if (line.rfind(".Bd -literal", 0) == 0) literal = true;
    if (line == ".Ed") literal = false;
    if (example) line = with_dashes(line);
    text += (example || line[0] == '.' ? line : broken(line)) + '\n';
  }
  return text;
}

string write_page(const string &program, const string &source, const string &calls) {
  std::istringstream prose(text_in(source));
  Page page(program, source.substr(0, source.rfind('/')), calls);
  string text, line;
  while (std::getline(prose, line)) text += page.line(line);
  page.check_complete();
  return set_lines(text);
}

}  // namespace

}  // namespace ll

int main(int count, char **arguments) {
  if (count != 4) return 2;
  const std::string called = arguments[0];
  const std::string program = called.substr(called.rfind("manual-") + sizeof "manual-" - 1);
  try {
    const std::string page = ll::write_page(program, arguments[1], arguments[2]);
    std::ofstream file(arguments[3]);
    file << page << std::flush;
    return file ? 0 : 1;
  } catch (const std::exception &problem) {
    std::cerr << arguments[1] << ": " << problem.what() << '\n';
    return 1;
  }
}
