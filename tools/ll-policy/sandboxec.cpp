// sandboxec's YAML: what a command may do on top of nothing, for files and TCP.
#include <yaml.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "foreign.h"
#include "line.h"

namespace ll {

namespace {

constexpr uint64_t kDefaultAbi = 6;
constexpr uint64_t kFirstAbiWithTcp = 4;

// The events of a document that has a mapping of scalars and lists of scalars, and nothing else:
// no alias can grow in it, and nothing nests.
class Events {
 public:
  Events(const Policy &policy, uint16_t source, const Draft &draft)
      : policy_(policy), source_(source), draft_(draft) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    const Text text = policy.sources[source].text;
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char *>(text.data),
                                 text.size);
  }
  ~Events() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Events(const Events &) = delete;
  Events &operator=(const Events &) = delete;

  yaml_event_type_t next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) == 0) fail_to_parse();
    switch (event_.type) {
      case YAML_ALIAS_EVENT: fail("aliases are not converted", "write out what it stands for");
      case YAML_SCALAR_EVENT:
        refuse_extras(event_.data.scalar.anchor, event_.data.scalar.tag);
        break;
      case YAML_SEQUENCE_START_EVENT:
        refuse_extras(event_.data.sequence_start.anchor, event_.data.sequence_start.tag);
        break;
      case YAML_MAPPING_START_EVENT:
        refuse_extras(event_.data.mapping_start.anchor, event_.data.mapping_start.tag);
        break;
      default: break;
    }
    return event_.type;
  }

  [[nodiscard]] SourceText source() const {
    const auto &scalar = event_.data.scalar;
    return {std::string(reinterpret_cast<const char *>(scalar.value), scalar.length), where()};
  }
  [[nodiscard]] yaml_event_type_t type() const { return event_.type; }
  [[nodiscard]] bool is_scalar() const { return event_.type == YAML_SCALAR_EVENT; }

  [[nodiscard]] SourceSpan where() const {
    const yaml_mark_t &start = event_.start_mark;
    const yaml_mark_t &end = event_.end_mark;
    const bool one_line = start.line == end.line && end.column > start.column;
    return place_at(policy_, source_, start.line + 1, start.column + 1,
                    one_line ? end.column - start.column : 1);
  }

  [[noreturn]] void fail(const std::string &what, const std::string &advice = "") const {
    draft_.fail(where(), what, advice);
  }

 private:
  void refuse_extras(const yaml_char_t *anchor, const yaml_char_t *tag) const {
    if (anchor != nullptr) fail("anchors are not converted", "write out what uses it");
    if (tag != nullptr) fail("tags are not converted");
  }

  [[noreturn]] void fail_to_parse() const {
    const std::string problem = parser_.problem != nullptr ? parser_.problem : "invalid YAML";
    // The reader knows the byte only.
    if (parser_.error == YAML_READER_ERROR) {
      const auto offset = std::min(parser_.problem_offset, policy_.sources[source_].text.size);
      draft_.fail({.source = source_, .offset = static_cast<uint32_t>(offset), .length = 1},
                  problem);
    }
    const yaml_mark_t &mark = parser_.problem_mark;
    draft_.fail(place_at(policy_, source_, mark.line + 1, mark.column + 1, 1), problem);
  }

  const Policy &policy_;
  uint16_t source_;
  const Draft &draft_;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

struct BoolSetting {
  bool set = false;
  SourceSpan where;
};

struct Settings {
  uint64_t abi = 0;  // 0: the default
  BoolSetting best_effort, ignore_missing, restrict_scoped, unsafe_runtime;
  SourceText mode;
  std::vector<SourceText> files, ports;
};

class SandboxecReader {
 public:
  SandboxecReader(const Policy &policy, uint16_t source, const Draft &draft)
      : events_(policy, source, draft), draft_(draft) {}

  Settings read() {
    events_.next();  // the stream
    if (events_.next() == YAML_STREAM_END_EVENT) return settings_;
    if (events_.next() != YAML_MAPPING_START_EVENT) events_.fail("the document is not a mapping");
    while (events_.next() != YAML_MAPPING_END_EVENT) read_entry();
    events_.next();  // the end of the document
    if (events_.next() != YAML_STREAM_END_EVENT) events_.fail("more than one document");
    return settings_;
  }

 private:
  void read_entry() {
    if (!events_.is_scalar()) events_.fail("a key must be a scalar");
    const SourceText key = events_.source();
    if (!keys_.insert(key.text).second)
      draft_.fail(key.where, "'" + key.text + "' is a duplicate key");
    if (key.text == "fs") return read_list(settings_.files);
    if (key.text == "net") return read_list(settings_.ports);
    if (key.text == "abi") return read_abi();
    if (key.text == "mode") return read_mode();
    if (key.text == "best-effort") return read_flag(settings_.best_effort);
    if (key.text == "ignore-if-missing") return read_flag(settings_.ignore_missing);
    if (key.text == "restrict-scoped") return read_flag(settings_.restrict_scoped);
    if (key.text == "unsafe-host-runtime") return read_flag(settings_.unsafe_runtime);
    draft_.fail(key.where, "sandboxec has no '" + key.text + "'",
                "it has abi, best-effort, ignore-if-missing, restrict-scoped, unsafe-host-runtime,"
                " fs, net and mode");
  }

  SourceText read_scalar(const char *otherwise) {
    events_.next();
    if (!events_.is_scalar()) events_.fail(otherwise);
    return events_.source();
  }

  void read_list(std::vector<SourceText> &list) {
    events_.next();
    if (events_.is_scalar() && events_.source().text.empty()) return;  // null
    if (events_.type() != YAML_SEQUENCE_START_EVENT) events_.fail("must be a list");
    while (events_.next() != YAML_SEQUENCE_END_EVENT) {
      if (!events_.is_scalar()) events_.fail("list items must be scalars");
      list.push_back(events_.source());
    }
  }

  void read_abi() {
    const SourceText value = read_scalar("abi must be a number");
    if (!parse_number(text_of(value.text), kDefaultAbi, settings_.abi))
      draft_.fail(value.where, "'" + value.text + "' is not a Landlock ABI of sandboxec",
                  "a number from 1 to 6, or 0");
  }

  void read_mode() {
    const SourceText value = read_scalar("mode must be run or mcp");
    if (value.text != "run" && value.text != "mcp")
      draft_.fail(value.where, "mode must be run or mcp");
    settings_.mode = value;
  }

  void read_flag(BoolSetting &flag) {
    const SourceText value = read_scalar("must be true or false");
    if (value.text != "true" && value.text != "false")
      draft_.fail(value.where, "'" + value.text + "' is not true or false");
    flag = {value.text == "true", value.where};
  }

  Events events_;
  const Draft &draft_;
  Settings settings_;
  std::set<std::string> keys_;
};

std::string trimmed(const std::string &text) {
  const size_t start = text.find_first_not_of(" \t");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

std::string lower(std::string text) {
  for (char &c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

struct Named {
  const char *names[2];
  const char *means;
};
constexpr Named kFileRights[] = {{{"r", "read"}, "ro"},
                                 {{"rx", "read_exec"}, "rx"},
                                 {{"rw", "read_write"}, "rw"},
                                 {{"rwx", "read_write_exec"}, "rwx"},
                                 {{"w", "write"}, "w"}};
constexpr Named kPortRights[] = {{{"b", "bind"}, "b"},
                                 {{"c", "connect"}, "c"},
                                 {{"bc", "bind_connect"}, "bc"},
                                 {{"cb", "cb"}, "bc"}};

template <size_t N>
std::string meaning_of(const Named (&rows)[N], const SourceText &rule, const std::string &rights,
                       const Draft &draft) {
  for (const Named &row : rows)
    for (const char *name : row.names)
      if (rights == name) return row.means;
  std::string known;
  for (const Named &row : rows) known += (known.empty() ? "" : ", ") + std::string(row.names[0]);
  draft.fail(rule.where, "unknown rights '" + rights + "'", "it has " + known);
}

// What writing is without reading, as far as a policy grants it.
std::string write_rights(const SourceText &path, const Draft &draft) {
  std::error_code error;
  const std::string now = draft.expanded(path);
  if (std::filesystem::exists(now, error) && !std::filesystem::is_directory(now, error))
    return "fs write_file,truncate";
  std::string names = "read_dir";
  const uint64_t rights = rights_granted(Write | Delete);
  for (const Right &right : kRights)
    if (right.field == Field::Fs && (right.mask() & rights) != 0)
      names += "," + string_of(name_of(right));
  return "fs " + names;
}

void write_file_rule(const SourceText &rule, const Settings &settings, Draft &draft) {
  const size_t colon = rule.text.find(':');
  if (colon == std::string::npos) draft.fail(rule.where, "expected RIGHTS:PATH");
  const SourceText path = {trimmed(rule.text.substr(colon + 1)), rule.where};
  const std::string rights = lower(trimmed(rule.text.substr(0, colon)));
  std::string directive = meaning_of(kFileRights, rule, rights, draft);
  if (directive == "w") directive = write_rights(path, draft);
  draft.line(directive + " " + (settings.ignore_missing.set ? "-" : "") + draft.path(path));
}

void write_port_rule(const SourceText &rule, Draft &draft) {
  const size_t colon = rule.text.find(':');
  if (colon == std::string::npos) draft.fail(rule.where, "expected RIGHTS:PORT");
  const std::string rights =
      meaning_of(kPortRights, rule, lower(trimmed(rule.text.substr(0, colon))), draft);
  const std::string digits = trimmed(rule.text.substr(colon + 1));
  uint64_t port = 0;
  if (!parse_number(text_of(digits), kMaxPort, port))
    draft.fail(rule.where, "'" + digits + "' is not a port", "a number from 0 to 65535");
  if (rights.find('c') != std::string::npos) draft.line("connect " + std::to_string(port));
  if (rights.find('b') != std::string::npos) draft.line("bind " + std::to_string(port));
}

void write_runtime(const Settings &settings, Draft &draft) {
  if (!settings.unsafe_runtime.set) return;
  if (!draft.may_widen(settings.unsafe_runtime.where,
                       "unsafe-host-runtime grants the directories of PATH and the libraries of the"
                       " programs there; `use base` grants all libraries, locale and /dev/null"))
    return;
  draft.line("use base");
  std::string folders = draft.expanded({"$PATH", {}});
  for (size_t start = 0; start < folders.size();) {
    const size_t end = std::min(folders.find(':', start), folders.size());
    const std::string folder = folders.substr(start, end - start);
    if (folder.starts_with('/')) draft.line("rx -" + quoted(folder));
    start = end + 1;
  }
}

void write_open_ends(const Settings &settings, uint64_t abi, Draft &draft) {
  draft.line("");
  draft.comment("Refused here, but allowed by sandboxec. Lines that allow it:");
  draft.stricter("UDP", "connect any/udp");
  draft.stricter("unix sockets", "unix any");
  if (!settings.restrict_scoped.set)
    draft.stricter("signals to other processes, abstract sockets", "ipc signal abstract-unix");
  if (abi < kFirstAbiWithTcp) draft.stricter("TCP, below ABI 4", "connect any; bind any");
  draft.stricter("devices (ioctl) in what is written", "dev PATH");
  draft.stricter("namespaces, mounts, io_uring and more: see ll-exec --explain", "");
}

}  // namespace

void convert_sandboxec(const Policy &policy, uint16_t source, Draft &draft) {
  const Settings settings = SandboxecReader(policy, source, draft).read();
  const uint64_t abi = settings.abi == 0 ? kDefaultAbi : settings.abi;
  if (abi < kFirstAbiWithTcp && !settings.ports.empty())
    draft.fail(settings.ports[0].where, "net needs abi 4 or more: sandboxec refuses to start");
  if (settings.best_effort.set)
    draft.unsupported(settings.best_effort.where,
                      "best-effort: true (pass it at start: ll-exec --best-effort)");
  else
    draft.line("require landlock=" + std::to_string(abi));
  if (settings.mode.text == "mcp")
    draft.unsupported(settings.mode.where,
                      "mode: mcp (a server that runs commands; this is for one command)");
  write_runtime(settings, draft);
  for (const SourceText &rule : settings.files) write_file_rule(rule, settings, draft);
  for (const SourceText &rule : settings.ports) write_port_rule(rule, draft);
  write_open_ends(settings, abi, draft);
}

}  // namespace ll
