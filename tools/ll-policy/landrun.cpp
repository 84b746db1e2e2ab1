// landrun's command lines.
#include <map>

#include "foreign.h"
#include "line.h"
#include "os/input/find_command.h"
#include "os/input/ldd.h"
#include "reading.h"

namespace ll {

namespace {

enum class Flag : uint8_t {
#define FLAG(id, name, value) id,
#include "landrun.def"
};
struct FlagRow {
  const char *name;
  bool has_value;
};
constexpr FlagRow kFlags[] = {
#define FLAG(id, name, value) {name, value},
#include "landrun.def"
};

struct Setting {
  Flag flag;
  SourceText value;
};

class Converter {
 public:
  Converter(const Process &process, const std::vector<SourceText> &words, Draft &draft)
      : process_(process), words_(words), draft_(draft) {}

  void convert() {
    read();
    for (const Setting &setting : settings_) given_[setting.flag] = setting.value.where;
    write_kernel();
    write_unrestricted();
    write_program();
    for (const Setting &setting : settings_) write(setting);
    write_environment();
    write_open_ends();
  }

 private:
  [[nodiscard]] bool is_given(Flag flag) const { return given_.contains(flag); }

  void read() {
    size_t at = !words_.empty() && is_landrun(words_[0].text) ? 1 : 0;
    while (at < words_.size()) {
      const SourceText &word = words_[at];
      if (word.text == "--") {
        at++;
        break;
      }
      if (!word.text.starts_with('-') || word.text == "-") break;
      at = read_option(at);
    }
    command_ = at;
  }

  static bool is_landrun(const std::string &word) {
    return word == "landrun" || word.ends_with("/landrun");
  }

  // With one dash or two, its value behind = or in the next word. The index of what follows.
  size_t read_option(size_t at) {
    const SourceText &word = words_[at];
    const std::string body = word.text.substr(word.text.starts_with("--") ? 2 : 1);
    const size_t equals = body.find('=');
    const std::string name = body.substr(0, equals);
    const size_t row = row_of_flag(word, name);
    const auto flag = static_cast<Flag>(row);
    if (!kFlags[row].has_value) {
      if (equals == std::string::npos || body.substr(equals) == "=true")
        settings_.push_back({flag, word});
      else if (body.substr(equals) != "=false")
        draft_.fail(word.where, "--" + name + " takes no value");
      return at + 1;
    }
    if (equals != std::string::npos) {
      settings_.push_back({flag, {body.substr(equals + 1), word.where}});
      return at + 1;
    }
    if (at + 1 == words_.size()) draft_.fail(word.where, "--" + name + " has no value");
    settings_.push_back({flag, words_[at + 1]});
    return at + 2;
  }

  size_t row_of_flag(const SourceText &word, const std::string &name) const {
    for (size_t row = 0; row < sizeof kFlags / sizeof *kFlags; row++)
      if (name == kFlags[row].name) return row;
    draft_.fail(word.where, "landrun has no option --" + name);
  }

  void write_kernel() {
    if (is_given(Flag::BestEffort))
      draft_.unsupported(given_.at(Flag::BestEffort),
                         "--best-effort (pass it at start: ll-exec --best-effort)");
    else
      draft_.comment(
          "landrun requires the newest Landlock ABI that it knows: for that add require "
          "landlock=9");
  }

  void write_unrestricted() {
    if (is_given(Flag::AnyFile)) {
      draft_.line("rwx /");
      draft_.line("dev /dev");
      draft_.line("unix any");
    }
    if (is_given(Flag::AnyNetwork)) {
      draft_.line("connect any any/udp");
      draft_.line("bind any any/udp");
    }
    if (is_given(Flag::AnyScope)) draft_.line("ipc signal abstract-unix");
  }

  // --add-exec and --ldd are of the command that is there now.
  void write_program() {
    const bool exec = is_given(Flag::AddExec);
    const bool libraries = is_given(Flag::Ldd);
    if (!exec && !libraries) return;
    const SourceSpan &where = given_.at(exec ? Flag::AddExec : Flag::Ldd);
    if (command_ >= words_.size())
      draft_.fail(where, exec ? "--add-exec needs the command" : "--ldd needs the command");
    std::string name = draft_.expanded(words_[command_]);
    std::string own = "ll-policy";
    char *arguments[] = {own.data(), name.data(), nullptr};
    const Process process = {2, arguments, process_.environment, process_.executable};
    const std::unique_ptr<Policy> found = empty_policy(process);
    try {
      const std::string program = find_command(process, *found, name.c_str());
      if (exec) draft_.line("rx " + draft_.path({escaped(program), where}));
      if (libraries) write_libraries(process, *found);
    } catch (const Rejection &problem) {
      draft_.fail(where, problem.message.substr(0, problem.message.find('\n')));
    }
  }

  static std::string escaped(const std::string &text) {
    std::string all;
    for (const char c : text) all += c == '$' ? "$$" : std::string(1, c);
    return all;
  }

  // The program is the first of them, and not a library.
  void write_libraries(const Process &process, Policy &found) {
    grant_libraries(process, found, 1, *std::make_unique<LibraryTables>());
    for (size_t i = 1; i < found.rule_count; i++)
      if (found.rules[i].directive == Directive::Rx)
        draft_.line("rx " + quoted(string_of(found.rules[i].value)));
  }

  void write(const Setting &setting) {
    switch (setting.flag) {
      case Flag::Ro: return write_paths("ro", setting.value);
      case Flag::Rox: return write_paths("rx", setting.value);
      case Flag::Rw: return write_paths("rw", setting.value);
      case Flag::Rwx: return write_paths("rwx", setting.value);
      case Flag::Unix: return write_paths("unix", setting.value);
      case Flag::BindTcp: return write_ports("bind", setting.value);
      case Flag::ConnectTcp: return write_ports("connect", setting.value);
      case Flag::Audit: return draft_.line("audit on");
      case Flag::LogLevel:
      case Flag::Quiet:
      case Flag::QuietNested:
        return draft_.unsupported(setting.value.where,
                                  "--" +
                                      std::string(kFlags[static_cast<size_t>(setting.flag)].name) +
                                      " (what is logged; see `audit`)");
      default: return;
    }
  }

  static std::vector<SourceText> items_of(const SourceText &list) {
    std::vector<SourceText> items;
    for (size_t start = 0; start <= list.text.size();) {
      const size_t end = std::min(list.text.find(',', start), list.text.size());
      items.push_back({list.text.substr(start, end - start), list.where});
      start = end + 1;
    }
    return items;
  }

  void write_paths(const std::string &directive, const SourceText &list) {
    for (const SourceText &path : items_of(list))
      draft_.line(directive + " " + (is_given(Flag::Missing) ? "-" : "") + draft_.path(path));
  }

  void write_ports(const std::string &directive, const SourceText &list) {
    for (const SourceText &port : items_of(list)) {
      uint64_t number = 0;
      if (!parse_number(text_of(port.text), kMaxPort, number))
        draft_.fail(port.where, "'" + port.text + "' is not a port", "a number from 0 to 65535");
      draft_.line(directive + " " + std::to_string(number));
    }
  }

  // landrun passes none but those that are named.
  void write_environment() {
    draft_.line("env -");
    for (const Setting &setting : settings_) {
      if (setting.flag != Flag::Env) continue;
      for (const SourceText &variable : items_of(setting.value)) {
        const std::string name = variable.text.substr(0, variable.text.find('='));
        if (name.empty() || name[0] == '-' || name.find_first_of("*$") != std::string::npos)
          draft_.fail(variable.where, "'" + name + "' is not a variable's name");
        draft_.line("env " + draft_.word(variable));
      }
    }
  }

  void write_open_ends() {
    draft_.line("");
    draft_.comment("Refused here, but allowed by landrun. Lines that allow it:");
    if (!is_given(Flag::AnyNetwork)) draft_.stricter("UDP", "connect any/udp");
    draft_.stricter("other protocols, namespaces, mounts, io_uring and more: see ll-exec --explain",
                    "");
    if (!is_given(Flag::AnyFile)) draft_.stricter("devices (ioctl) in what is written", "dev PATH");
  }

  const Process &process_;
  const std::vector<SourceText> &words_;
  Draft &draft_;
  std::vector<Setting> settings_;
  std::map<Flag, SourceSpan> given_;
  size_t command_ = 0;
};

}  // namespace

void convert_landrun(const Process &process, const std::vector<SourceText> &words, Draft &draft) {
  Converter(process, words, draft).convert();
}

}  // namespace ll
