// sandlock's settings as lines.
#include "sandlock.h"

#include <algorithm>
#include <filesystem>

#include "core/seccomp/syscalls.h"
#include "core/tables.h"
#include "foreign.h"
#include "line.h"
#include "paths.h"

namespace ll {

namespace sandlock {

namespace {

class Writer {
 public:
  Writer(const Settings &settings, Draft &draft) : settings_(settings), draft_(draft) {}

  void write() {
    write_command();
    write_instead();
    write_default_processes();
    write_files();
    write_environment();
    write_calls();
    for (const SourceText &limit : settings_.all(Key::OpenFiles))
      write_number("limit nofile=", limit);
    if (settings_.has(Key::NoCore)) draft_.line("limit core=0");
    if (settings_.has(Key::NoAslr)) draft_.line("aslr off");
    if (settings_.has(Key::NoHugePages)) draft_.line("hugepages off");
    for (const SourceText &folder : settings_.all(Key::Cwd))
      draft_.line("chdir " + draft_.path(folder));
    write_network(settings_, draft_);
    draft_.stricter("other protocols, namespaces, mounts, devices (ioctl) and more: see --explain",
                    "");
  }

 private:
  void write_command() {
    std::vector<SourceText> words = settings_.command;
    if (words.empty()) words = settings_.all(Key::Exec);
    if (settings_.command.empty())
      for (const SourceText &argument : settings_.all(Key::Args)) words.push_back(argument);
    std::string line;
    for (const SourceText &word : words)
      line += " " + (is_plain(word.text) ? word.text : draft_.word(word));
    if (const std::vector<SourceText> shell = settings_.all(Key::ExecShell); !shell.empty())
      line = " sh -c " + draft_.word(shell[0]);
    if (!line.empty()) draft_.comment("    ll-exec -p ./THIS.policy --" + line);
  }

  static bool is_plain(const std::string &word) {
    return !word.empty() && std::ranges::all_of(word, [](char c) {
      return is_name(c) || std::string_view("-+./:=,@%").find(c) != std::string_view::npos;
    });
  }

  // What a policy has no line for.
  void write_instead() {
    for (const auto &[key, values] : settings_.values) {
      const KeyRow &row = row_of(key);
      if (*row.instead == '\0') continue;
      const std::string name = *row.option != '\0' ? row.option
                               : *row.key != '\0'  ? row.key
                                                   : row.old_key;
      for (const SourceText &value : values) {
        std::string instead = row.instead;
        if (const size_t at = instead.find('%'); at != std::string::npos)
          instead.replace(at, 1, value.text);
        const bool says = row.shape != Shape::Switch;
        draft_.unsupported(value.where,
                           name + (says ? " " + value.text : "") + " (" + instead + ")");
      }
    }
    for (const Key key : {Key::HttpCa, Key::HttpInject, Key::HttpCaOut, Key::HttpKey})
      for (const SourceText &value : settings_.all(key))
        draft_.unsupported(value.where, std::string(row_of(key).option) + " " + value.text +
                                            ": encrypted traffic is not inspected");
  }

  // In another root the same paths are other files.
  void write_files() {
    const bool elsewhere = settings_.has(Key::Chroot) || settings_.has(Key::Image);
    write_paths(Key::Read, "rx", elsewhere);
    write_paths(Key::Write, "rwx", elsewhere);
    if (elsewhere) return;
    for (const SourceText &path : settings_.all(Key::Deny)) deny(path);
  }

  void deny(const SourceText &path) {
    std::error_code error;
    const bool there = std::filesystem::exists(draft_.expanded(path), error);
    if (!there)
      draft_.comment(
          "does not exist now: what is created there while the command runs is not denied");
    draft_.line((there ? "deny " : "deny -") + draft_.path(path));
  }

  void write_paths(Key key, const std::string &directive, bool elsewhere) {
    for (const SourceText &path : settings_.all(key)) {
      if (elsewhere)
        draft_.unsupported(path.where,
                           directive + " " + path.text + ", which is in the other root");
      else if (key == Key::Write && is_written_aside(path))
        write_aside(path);
      else
        draft_.line(directive + " " + draft_.path(path));
    }
  }

  // sandlock commits what is written in its workdir only when the command has succeeded.
  [[nodiscard]] bool is_written_aside(const SourceText &path) const {
    for (const SourceText &folder : settings_.all(Key::Workdir)) {
      if (has_variable(path.text) || has_variable(folder.text)) return true;
      const std::string a = resolved(draft_.expanded(path));
      const std::string b = resolved(draft_.expanded(folder));
      if (is_in(a, b) || is_in(b, a)) return true;
    }
    return false;
  }

  static bool has_variable(const std::string &text) {
    for (size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at + 2))
      if (text.compare(at, 2, "$$") != 0) return true;
    return false;
  }

  void write_aside(const SourceText &path) {
    if (draft_.widens()) {
      draft_.may_widen(path.where, "fs-write " + path.text + ": written to at once");
      return draft_.line("rwx " + draft_.path(path));
    }
    draft_.unsupported(path.where, "fs-write " + path.text +
                                       ", where workdir holds writes back: sandbox.sh --overlay DIR"
                                       " grants them");
    draft_.line("rx " + draft_.path(path));
  }

  void write_default_processes() {
    if (!settings_.has(Key::Processes))
      draft_.unsupported({}, "max-processes 64, sandlock's default (sandbox.sh --pids 64)");
  }

  void write_environment() {
    const std::vector<SourceText> pairs = settings_.all(Key::Env);
    if (!settings_.has(Key::CleanEnv) && pairs.empty()) return;
    // What it leaves of a clean environment.
    draft_.line("env PATH HOME USER TERM LANG");
    for (const SourceText &pair : pairs) {
      const std::string name = pair.text.substr(0, pair.text.find('='));
      if (name.empty() || name.size() == pair.text.size() || name.find_first_of("*$-") == 0)
        draft_.fail(pair.where, "'" + pair.text + "' is not NAME=VALUE");
      draft_.line("env " + draft_.word(pair));
    }
    if (!settings_.has(Key::CleanEnv))
      draft_.comment("stricter: sandlock passes all other variables, too: env *");
  }

  void write_calls() {
    for (const SourceText &name : settings_.all(Key::AllowCall)) {
      if (name.text != "sysv_ipc")
        draft_.fail(name.where, "sandlock has no group '" + name.text + "'");
      draft_.line("ipc sysv");
    }
    for (const SourceText &name : settings_.all(Key::DenyCall)) {
      if (row_named(kCallNames, text_of(name.text)) != kNpos)
        draft_.line("syscall deny " + name.text);
      else if (name.text == "sysv_ipc")
        draft_.comment("sysv_ipc: refused by default");
      else
        draft_.fail(name.where, "unknown system call '" + name.text + "': it would not be denied");
    }
    std::string only;
    for (const SourceText &name : settings_.all(Key::OnlyCall)) {
      if (row_named(kCallNames, text_of(name.text)) == kNpos)
        draft_.unsupported(name.where, name.text + ": unknown system call");
      else
        only += " " + name.text;
    }
    if (!only.empty()) draft_.line("syscall only" + only);
  }

  void write_number(const std::string &start, const SourceText &value) {
    uint64_t number = 0;
    if (!parse_number(text_of(value.text), INT64_MAX, number))
      draft_.fail(value.where, "'" + value.text + "' is not a number");
    draft_.line(start + value.text);
  }

  const Settings &settings_;
  Draft &draft_;
};

bool is_command_line(const Policy &policy, uint16_t source) {
  Text text = policy.sources[source].text;
  for (;;) {
    while (!text.empty() && (text[0] == ' ' || text[0] == '\n')) text = text.from(1);
    if (!starts_with(text, "#"_t)) break;
    text = text.from(find(text, '\n'));
  }
  return starts_with(text, "sandlock "_t) || (!text.empty() && text[0] == '/');
}

}  // namespace

}  // namespace sandlock

void convert_sandlock(Policy &policy, uint16_t source, Draft &draft) {
  if (sandlock::is_command_line(policy, source))
    return convert_sandlock_words(policy, words_of_shell(policy, source), draft);
  sandlock::Settings settings;
  sandlock::read_profile(policy, source, draft, settings);
  sandlock::Writer(settings, draft).write();
}

void convert_sandlock_words(Policy &policy, const std::vector<SourceText> &words, Draft &draft) {
  sandlock::Settings settings;
  sandlock::read_words(policy, words, draft, settings);
  sandlock::Writer(settings, draft).write();
}

}  // namespace ll
