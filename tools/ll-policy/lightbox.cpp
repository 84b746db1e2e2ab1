// lightbox's TOML profiles.
#include <filesystem>
#include <optional>

#include "core/peer.h"
#include "foreign.h"
#include "line.h"
#include "os/kernel/process.h"
#include "paths.h"
#include "toml_place.h"

namespace ll {

namespace {

constexpr uint64_t kDns = 53;

struct Amount {
  uint64_t number = 0;  // 0: none
  SourceSpan where;
};

struct Profile {
  SourceText extends;
  std::vector<SourceText> read, protect, write, exec, deny_read, deny_write;
  bool deny_unlink = false;
  Amount processes, megabytes, files;
  std::optional<SourceText> mode;
  std::vector<SourceText> allow;
};

class LightboxReader {
 public:
  LightboxReader(const Policy &policy, uint16_t source, const Draft &draft)
      : policy_(policy), source_(source), draft_(draft) {}

  Profile read() {
    try {
      const Text text = policy_.sources[source_].text;
      table_ = toml::parse(std::string_view(text.data == nullptr ? "" : text.data, text.size));
    } catch (const toml::parse_error &error) {
      draft_.fail(place(error.source()), std::string(error.description()));
    }
    for (const auto &[key, node] : table_) read_section(std::string(key.str()), key.source(), node);
    return profile_;
  }

 private:
  [[nodiscard]] SourceSpan place(const toml::source_region &region) const {
    return place_of(policy_, source_, region);
  }

  [[noreturn]] void fail(const toml::source_region &at, const std::string &what,
                         const std::string &advice = "") const {
    draft_.fail(place(at), what, advice);
  }

  void read_section(const std::string &name, const toml::source_region &at,
                    const toml::node &node) {
    const toml::table *table = node.as_table();
    const bool known =
        name == "profile" || name == "filesystem" || name == "limits" || name == "network";
    if (!known)
      fail(at, "lightbox has no '" + name + "'", "it has profile, filesystem, limits and network");
    if (table == nullptr) fail(at, "'" + name + "' must be a table", "write [" + name + "]");
    for (const auto &[key, value] : *table) {
      const std::string word(key.str());
      const bool read = name == "profile"      ? read_profile(word, value)
                        : name == "filesystem" ? read_files(word, value)
                        : name == "limits"     ? read_limit(word, value)
                                               : read_network(word, value);
      if (!read) fail_unknown(key.source(), word, name);
    }
  }

  [[noreturn]] void fail_unknown(const toml::source_region &at, const std::string &word,
                                 const std::string &section) const {
    fail(at, "lightbox has no '" + word + "' in [" + section + "]");
  }

  bool read_profile(const std::string &key, const toml::node &node) {
    if (key == "extends") profile_.extends = text(node);
    return key == "extends" || key == "name" || key == "description";
  }

  bool read_files(const std::string &key, const toml::node &node) {
    if (key == "deny_unlink") return profile_.deny_unlink = flag(node), true;
    std::vector<SourceText> *list = key == "read"         ? &profile_.read
                                    : key == "protect"    ? &profile_.protect
                                    : key == "write"      ? &profile_.write
                                    : key == "exec"       ? &profile_.exec
                                    : key == "deny_read"  ? &profile_.deny_read
                                    : key == "deny_write" ? &profile_.deny_write
                                                          : nullptr;
    if (list != nullptr) *list = texts(node);
    return list != nullptr;
  }

  bool read_limit(const std::string &key, const toml::node &node) {
    Amount *amount = key == "max_procs"          ? &profile_.processes
                     : key == "max_file_size_mb" ? &profile_.megabytes
                     : key == "max_open_files"   ? &profile_.files
                                                 : nullptr;
    if (amount != nullptr) *amount = number(node);
    return amount != nullptr;
  }

  bool read_network(const std::string &key, const toml::node &node) {
    if (key == "allow") return profile_.allow = texts(node), true;
    if (key != "mode") return false;
    profile_.mode = text(node);
    const std::string &mode = profile_.mode->text;
    if (mode != "block" && mode != "filter" && mode != "allow-all")
      fail(node.source(), "'" + mode + "' is not a mode", "block, filter or allow-all");
    return true;
  }

  SourceText text(const toml::node &node) const {
    const auto value = node.value_exact<std::string>();
    if (!value) fail(node.source(), "must be a string", "write it in \"...\"");
    return {*value, place(node.source())};
  }
  std::vector<SourceText> texts(const toml::node &node) const {
    const toml::array *array = node.as_array();
    if (array == nullptr) fail(node.source(), "must be a list", "write it in [...]");
    std::vector<SourceText> all;
    for (const toml::node &item : *array) all.push_back(text(item));
    return all;
  }
  bool flag(const toml::node &node) const {
    const auto value = node.value_exact<bool>();
    if (!value) fail(node.source(), "must be true or false");
    return *value;
  }
  Amount number(const toml::node &node) const {
    const auto value = node.value_exact<int64_t>();
    if (!value || *value < 0) fail(node.source(), "must be a number of 0 or more");
    return {static_cast<uint64_t>(*value), place(node.source())};
  }

  const Policy &policy_;
  uint16_t source_;
  const Draft &draft_;
  toml::table table_;
  Profile profile_;
};

std::string profile_folder() {
  const char *config = std::getenv("XDG_CONFIG_HOME");
  const char *home = std::getenv("HOME");
  if (config != nullptr && config[0] == '/') return std::string(config) + "/lightbox/profiles";
  return std::string(home == nullptr ? "" : home) + "/.config/lightbox/profiles";
}

void append(std::vector<SourceText> &all, const std::vector<SourceText> &more) {
  all.insert(all.begin(), more.begin(), more.end());
}

// The lower one that limits anything.
void tighten(Amount &amount, const Amount &other) {
  if (amount.number == 0 || (other.number != 0 && other.number < amount.number)) amount = other;
}

Profile read_whole(Policy &policy, uint16_t source, const Draft &draft) {
  Profile profile = LightboxReader(policy, source, draft).read();
  if (profile.extends.text.empty()) return profile;
  if (profile.extends.text.find('/') != std::string::npos)
    draft.fail(profile.extends.where, "'" + profile.extends.text + "' is not a profile's name");
  static std::string file;
  file = profile_folder() + "/" + profile.extends.text + ".toml";
  const Word named = {.value = text_of(file), .where = profile.extends.where};
  const Profile parent = LightboxReader(policy, add_foreign(policy, named), draft).read();
  if (!parent.extends.text.empty())
    draft.fail(parent.extends.where, "a profile that is extended cannot extend another");
  append(profile.read, parent.read);
  append(profile.protect, parent.protect);
  append(profile.write, parent.write);
  append(profile.exec, parent.exec);
  append(profile.deny_read, parent.deny_read);
  append(profile.deny_write, parent.deny_write);
  append(profile.allow, parent.allow);
  profile.deny_unlink = profile.deny_unlink || parent.deny_unlink;
  if (!profile.mode) profile.mode = parent.mode;
  tighten(profile.processes, parent.processes);
  tighten(profile.megabytes, parent.megabytes);
  tighten(profile.files, parent.files);
  return profile;
}

class Writer {
 public:
  Writer(const Profile &profile, Draft &draft) : profile_(profile), draft_(draft) {}

  void write() {
    draft_.comment(
        "lightbox grants system paths of its own (run -v lists them); here that is base.");
    draft_.line("use base");
    for (const SourceText &path : profile_.read) grant("ro", path);
    for (const SourceText &path : profile_.protect)
      grant(is_file(path) ? "fs read_file,write_file,truncate" : "protect", path);
    for (const SourceText &path : profile_.write) grant("rw", path);
    if (profile_.deny_unlink) draft_.line("protect-all on");
    for (const SourceText &path : profile_.exec)
      grant(is_readable(path) ? "rx" : "fs execute", path);
    for (const SourceText &path : profile_.deny_read) deny(path, "deny_read", "writing");
    for (const SourceText &path : profile_.deny_write) deny_writing(path);
    write_limits();
    write_network();
    draft_.line("");
    draft_.comment("Refused here, but allowed by lightbox. Lines that allow it:");
    if (names_host_)
      draft_.stricter("names at private addresses", "connect HOST:PORT/private");
    else
      draft_.stricter("UDP, which looks up names", "connect 53/udp");
    draft_.stricter("listening", "bind PORT");
    draft_.stricter("unix sockets", "unix any");
    draft_.stricter("signals to other processes", "ipc signal");
    draft_.stricter("a directory of exec that is not read: scripts in it do not run", "rx PATH");
  }

 private:
  // A process's number is known when it runs, and then as self.
  static SourceText without_process(const SourceText &path) {
    for (const char *number : {"/proc/$PID", "/proc/${PID}"}) {
      const std::string head = number;
      const bool whole = path.text == head || path.text.starts_with(head + "/");
      if (whole) return {"/proc/self" + path.text.substr(head.size()), path.where};
    }
    return path;
  }

  [[nodiscard]] bool is_file(const SourceText &path) const {
    std::error_code error;
    const std::string now = draft_.expanded(path);
    return std::filesystem::exists(now, error) && !std::filesystem::is_directory(now, error);
  }

  void grant(const std::string &directive, const SourceText &source) {
    draft_.line(directive + " -" + draft_.path(without_process(source)));
  }

  void deny(const SourceText &source, const std::string &key, const std::string &also) {
    const SourceText path = without_process(source);
    std::error_code error;
    const bool there = std::filesystem::exists(draft_.expanded(path), error);
    draft_.comment("stricter: " + key + " refuses " + also + " as well");
    if (!there)
      draft_.comment(
          "does not exist now: what is created there while the command runs is not denied");
    draft_.line((there ? "deny " : "deny -") + draft_.path(path));
  }

  // What can be written nowhere need not be denied, and stays readable so. Where variables
  // lead is known when the command starts.
  void deny_writing(const SourceText &path) {
    for (const std::vector<SourceText> *list : {&profile_.protect, &profile_.write})
      for (const SourceText &granted : *list)
        if (may_overlap(path.text, granted.text)) return deny(path, "deny_write", "reading");
    draft_.comment("deny_write " + draft_.path(path) + ": no line grants writing there");
  }

  static bool may_overlap(const std::string &one, const std::string &other) {
    if ((one + other).find('$') != std::string::npos) return true;
    const std::string a = resolved(one);
    const std::string b = resolved(other);
    return is_in(a, b) || is_in(b, a);
  }

  // As it is written: that holds wherever variables and links lead.
  [[nodiscard]] bool is_readable(const SourceText &path) const {
    if (path.text.find("..") != std::string::npos) return false;
    for (const std::vector<SourceText> *list : {&profile_.read, &profile_.protect, &profile_.write})
      for (const SourceText &granted : *list)
        if (is_in(path.text, granted.text)) return true;
    return false;
  }

  void limit(const std::string &name, const Amount &amount, const char *unit) {
    if (amount.number == 0) return;
    if (name == "nproc") draft_.comment("root is exempt from this one, and ll-exec says so:");
    draft_.line("limit " + name + "=" + std::to_string(amount.number) + unit);
  }
  void write_limits() {
    limit("nproc", profile_.processes, "");
    limit("fsize", profile_.megabytes, "M");
    limit("nofile", profile_.files, "");
  }

  void write_network() {
    const std::string mode = profile_.mode ? profile_.mode->text : "block";
    if (mode == "allow-all") {
      draft_.line("connect any any/udp");
    } else if (mode == "filter") {
      for (const SourceText &host : profile_.allow)
        names_host_ = names_host_ || !is_anybody(host.text.substr(0, host.text.rfind(':')));
      for (const SourceText &host : profile_.allow) allow(host);
    } else {
      for (const SourceText &host : profile_.allow)
        draft_.unsupported(host.where, "allow " + host.text + ", which mode block refuses");
    }
  }

  static bool is_anybody(const std::string &name) { return name.empty() || name == "*"; }

  void allow(const SourceText &host) {
    const size_t colon = host.text.rfind(':');
    const std::string digits = colon == std::string::npos ? "" : host.text.substr(colon + 1);
    const std::string name = host.text.substr(0, std::min(colon, host.text.size()));
    uint64_t port = 0;
    Peer peer;
    const bool anybody = is_anybody(name);
    if (!parse_number(text_of(digits), kMaxPort, port) ||
        (!anybody && !read_peer(text_of(name), peer)))
      draft_.fail(host.where, "'" + host.text + "' is not HOST:PORT");
    if (anybody && port == kDns && names_host_)
      return draft_.unsupported(host.where, host.text + ": names are looked up without it");
    draft_.line("connect " + (anybody ? "" : name + ":") + std::to_string(port));
  }

  const Profile &profile_;
  Draft &draft_;
  bool names_host_ = false;
};

}  // namespace

void convert_lightbox(Policy &policy, uint16_t source, Draft &draft) {
  const Profile profile = read_whole(policy, source, draft);
  Writer(profile, draft).write();
}

}  // namespace ll
