#include "warnings.h"

#include <sys/stat.h>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/seccomp/filter.h"
#include "line.h"
#include "os/input/search_path.h"
#include "paths.h"

namespace ll {

namespace {

constexpr uint64_t kRun = mask_of(RightId::execute);
constexpr uint64_t kReadFile = mask_of(RightId::read_file);
constexpr uint64_t kChange =
    mask_of(RightId::write_file) | mask_of(RightId::make_reg) | mask_of(RightId::remove_file);
constexpr size_t kNamedSecrets = 3;

enum class SensitivePath : uint8_t { Program, Library, Startup, System, Socket };
struct PlaceRow {
  SensitivePath kind;
  const char *path;
};
constexpr PlaceRow kPlaces[] = {
#define PLACE(kind, path) {SensitivePath::kind, path},
#include "places.def"
};
constexpr const char *kSecrets[] = {
#define SECRET(part) part,
#include "../ll-trace/secrets.def"
};

// A path rule, and where it leads.
struct Grant {
  const Rule *rule;
  std::string path;      // as it is written, whole
  std::string resolved;  // without links
  bool own;              // of the file that is checked
  bool moves;            // with the directory that the command is started in
};

class FindingList {
 public:
  FindingList(const Process &process, Policy &policy)
      : process_(process), policy_(policy), search_(policy.arena) {
    const Environment environment = {.environment = process.environment};
    Text home;
    if (lookup(environment, "HOME"_t, home)) home_ = resolved(string_of(home));
    Text path;
    if (lookup(environment, "PATH"_t, path)) add_folders(path);
    for (size_t i = 0; i < policy.rule_count; i++) add(policy.rules[i]);
  }

  std::vector<Finding> all() {
    for (const Grant &grant : grants_) {
      if (!grant.own) continue;
      if (grant.rule->directive == Directive::Deny)
        check_denial(grant);
      else
        check_grant(grant);
    }
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (policy_.rules[i].where.source == 1) check_rule(policy_.rules[i]);
    check_environment();
    for (Finding &found : findings_about_hosts(policy_)) findings_.push_back(std::move(found));
    std::stable_sort(findings_.begin(), findings_.end(), [](const Finding &a, const Finding &b) {
      return a.where.offset < b.where.offset;
    });
    return findings_;
  }

 private:
  template <typename... Arguments>
  void add_finding(Warning kind, const SourceSpan &where, const Arguments &...arguments) {
    findings_.push_back(make_finding(kind, where, arguments...));
  }

  void add_folders(Text path) {
    for (;;) {
      const Text folder = path.first(find(path, ':'));
      if (!folder.empty() && folder[0] == '/') programs_.push_back(resolved(string_of(folder)));
      if (folder.size == path.size) return;
      path = path.from(folder.size + 1);
    }
  }

  void add(const Rule &rule) {
    if (!is_path(rule.directive) || rule.any) return;
    const std::string path = whole_path(policy_, rule.value);
    const std::string written = string_of(source_text(policy_, rule.where));
    const bool moves =
        written.find("$PWD") != std::string::npos || written.find("${PWD") != std::string::npos;
    grants_.push_back({&rule, path, resolved(path), rule.where.source == 1, moves});
  }

  [[nodiscard]] std::string from_home(const char *path) const {
    if (path[0] != '~') return path;
    return home_.empty() ? "" : home_ + (path + 1);
  }

  [[nodiscard]] static bool changes(const Grant &grant) {
    return (grant.rule->rights & kChange) != 0 && grant.rule->directive != Directive::Dev;
  }
  // What is granted at a path is not, where `deny` names it or a directory above it; nor is
  // writing, where `keep` does.
  [[nodiscard]] bool is_denied(const std::string &path, const Grant &grant,
                               bool writing = false) const {
    return std::ranges::any_of(grants_, [&](const Grant &other) {
      return (other.rule->directive == Directive::Deny ||
              (writing && other.rule->directive == Directive::Keep)) &&
             is_in(path, other.resolved) && is_in(other.resolved, grant.resolved);
    });
  }
  [[nodiscard]] bool reaches(const Grant &grant, const std::string &place) const {
    if (place.empty()) return false;
    return is_in(grant.resolved, place) ||
           (is_in(place, grant.resolved) && !is_denied(place, grant, true));
  }

  void check_grant(const Grant &grant) {
    check_redundant(grant);
    check_link(grant);
    if (grant.moves) {  // where that is, is known when the command starts
      check_run(grant);
      return;
    }
    if (grant.resolved == "/") return add_finding(Warning::Root, grant.rule->where);
    if (grant.resolved == "/dev" && (grant.rule->rights & (kReadFile | kChange)) != 0)
      add_finding(Warning::Devices, grant.rule->where);
    check_disk(grant);
    check_run(grant);
    check_changes(grant);
    check_secrets(grant);
    check_socket(grant);
  }

  // As the launcher sees it: what is beneath the current directory does not lead out of it.
  void check_link(const Grant &grant) {
    const std::string here = string_of(policy_.directory);
    if (here.size() <= 1 || !is_in(grant.path, here)) return;
    const std::string target = target_of(grant);
    if (!is_in(target, here)) add_finding(Warning::Stray, grant.rule->where, text_of(target));
  }

  // Also of a link that leads to what is not there yet.
  static std::string target_of(const Grant &grant) {
    std::error_code error;
    const auto link = std::filesystem::read_symlink(grant.path, error);
    if (error || grant.resolved != grant.path) return grant.resolved;
    return (std::filesystem::path(grant.path).parent_path() / link).lexically_normal();
  }

  void check_disk(const Grant &grant) {
    struct stat facts = {};
    const bool is_disk = ::stat(grant.resolved.c_str(), &facts) == 0 && S_ISBLK(facts.st_mode);
    if (is_disk && (grant.rule->rights & (kReadFile | kChange)) != 0)
      add_finding(Warning::Disk, grant.rule->where);
  }

  void check_changes(const Grant &grant) {
    if (!changes(grant)) return;
    const SourceSpan &where = grant.rule->where;
    const bool own = is_in(grant.path, "/proc/self") || is_in(grant.path, "/proc/thread-self");
    if (const std::string place = first_reached(grant, SensitivePath::System);
        !place.empty() && !own)
      add_finding(Warning::System, where, text_of(place));
    if (const std::string place = first_reached(grant, SensitivePath::Program); !place.empty())
      add_finding(Warning::Program, where, text_of(place));
    if (const std::string place = first_reached(grant, SensitivePath::Library); !place.empty())
      add_finding(Warning::Library, where, text_of(place));
    if (const std::string place = first_reached(grant, SensitivePath::Startup); !place.empty())
      add_finding(Warning::Startup, where, text_of(place), text_of(place));
    check_own(grant);
  }

  [[nodiscard]] std::string first_reached(const Grant &grant, SensitivePath kind) const {
    if (kind == SensitivePath::Program)
      for (const std::string &folder : programs_)
        if (reaches(grant, folder)) return folder;
    for (const PlaceRow &row : kPlaces) {
      if (row.kind != kind) continue;
      std::string place = from_home(row.path);
      if (reaches(grant, resolved(place))) return place;
    }
    return "";
  }

  void check_own(const Grant &grant) {
    for (size_t i = 1; i < policy_.source_count; i++) {
      const Text name = policy_.sources[i].name;
      if (policy_.sources[i].inode == 0) continue;
      const std::string file = resolved(whole_path(policy_, name));
      if (is_in(file, grant.resolved) && !is_denied(file, grant, true))
        return add_finding(Warning::Own, grant.rule->where, name);
    }
    search_.find(process_, {.environment = process_.environment});
    for (size_t i = 0; i < search_.size(); i++)
      if (reaches(grant, resolved(string_of(search_[i]))))
        return add_finding(Warning::Own, grant.rule->where, search_[i]);
  }

  // A part of a path that names a secret, as a place that a grant may be above; empty if it is in
  // no certain directory.
  [[nodiscard]] std::string place_of_secret(std::string part) const {
    if (part.ends_with('/')) part.pop_back();
    if (part.starts_with("/.")) return home_.empty() ? "" : home_ + part;
    return std::count(part.begin(), part.end(), '/') > 1 ? part : "";
  }

  void check_secrets(const Grant &grant) {
    if ((grant.rule->rights & kReadFile) == 0) return;
    std::vector<std::string> found;
    for (const char *part : kSecrets) {
      const std::string place = place_of_secret(part);
      const bool above = !place.empty() && is_in(place, grant.resolved) && !is_denied(place, grant);
      if ((grant.path + "/").find(part) != std::string::npos)
        return add_finding(Warning::SecretsDir, grant.rule->where);
      if (above) found.push_back(place);
    }
    if (found.empty()) return;
    std::string names;
    for (size_t i = 0; i < found.size() && i < kNamedSecrets; i++)
      names += (i == 0 ? "" : ", ") + found[i];
    if (found.size() > kNamedSecrets)
      names += " and " + std::to_string(found.size() - kNamedSecrets) + " more";
    add_finding(Warning::Secret, grant.rule->where, text_of(names), text_of(found[0]));
  }

  void check_run(const Grant &grant) {
    if (!changes(grant)) return;
    if ((grant.rule->rights & kRun) != 0)
      return add_finding(Warning::RunWritten, grant.rule->where);
    for (const Grant &other : grants_) {
      if ((other.rule->rights & kRun) == 0 || other.resolved == "/") continue;
      const bool within =
          is_in(other.resolved, grant.resolved) && !is_denied(other.resolved, grant);
      const bool around =
          is_in(grant.resolved, other.resolved) && !is_denied(grant.resolved, other);
      if (!within && !around) continue;
      return add_finding(Warning::RunOverlap, grant.rule->where, *other.rule,
                         Location{policy_, other.rule->where});
    }
  }

  // As they are written: what a link makes of it may differ on the next machine.
  void check_redundant(const Grant &grant) {
    if (grant.rule->directive == Directive::Keep) return;
    for (const Grant &other : grants_) {
      if (other.rule == grant.rule || other.rule->directive == Directive::Deny) continue;
      if (other.moves != grant.moves || !is_in(grant.path, other.path)) continue;
      if ((grant.rule->rights & ~other.rule->rights) != 0) continue;
      const bool same = grant.path == other.path && grant.rule->rights == other.rule->rights;
      if (same && other.rule > grant.rule) continue;
      if (is_denied_between(grant, other)) continue;
      return add_finding(Warning::Redundant, grant.rule->where, *other.rule,
                         Location{policy_, other.rule->where});
    }
  }
  [[nodiscard]] bool is_denied_between(const Grant &grant, const Grant &above) const {
    return std::ranges::any_of(grants_, [&](const Grant &other) {
      return (other.rule->directive == Directive::Deny ||
              other.rule->directive == Directive::Keep) &&
             is_in(grant.path, other.path) && is_in(other.path, above.path);
    });
  }

  void check_denial(const Grant &denial) {
    if (denial.moves) return;
    for (const Grant &grant : grants_)
      if (grant.rule->directive != Directive::Deny &&
          (grant.moves || is_in(denial.resolved, grant.resolved) ||
           is_in(grant.resolved, denial.resolved)))
        return;
    add_finding(Warning::NoEffect, denial.rule->where, denial.rule->value);
  }

  void check_socket(const Grant &grant) {
    if (grant.rule->directive != Directive::Unix) return;
    if (const std::string place = first_reached(grant, SensitivePath::Socket); !place.empty())
      add_finding(Warning::Socket, grant.rule->where, text_of(place));
  }

  void check_rule(const Rule &rule) {
    switch (row_of(rule.directive).value) {
      case Value::Socket:
        if (rule.any) add_finding(Warning::AnySocket, rule.where);
        break;
      case Value::Port: check_port(rule); break;
      case Value::Syscall: check_call(rule); break;
      case Value::Cap: check_capability(rule); break;
      case Value::Switch:
        if (rule.directive == Directive::Aslr) add_finding(Warning::SameAddresses, rule.where);
        break;
      case Value::Env:
        if (rule.value == "*"_t) add_finding(Warning::AnyVariable, rule.where);
        break;
      default: break;
    }
  }

  // capabilities(7): those by which others, or other users' files, can be had.
  void check_capability(const Rule &rule) {
    static constexpr Text kStrong[] = {
        "sys_admin"_t, "sys_ptrace"_t,   "sys_module"_t,      "sys_rawio"_t, "sys_boot"_t,
        "bpf"_t,       "dac_override"_t, "dac_read_search"_t, "mac_admin"_t, "mac_override"_t,
    };
    const Text name = nth(kCapabilityNames, rule.number);
    for (const Text strong : kStrong)
      if (name == strong) add_finding(Warning::Capability, rule.where, name);
  }

  // `bind`; of `connect` see host_warnings.cpp.
  void check_port(const Rule &rule) {
    if (rule.directive != Directive::Bind) return;
    // Whether 0 is among them makes no difference.
    if (rule.low <= 1 && rule.high == kMaxPort)
      add_finding(Warning::AnyPort, rule.where, name_of(rule.directive));
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &other = policy_.rules[i];
      if (&other == &rule || other.directive != rule.directive || other.udp != rule.udp) continue;
      if (other.low > rule.low || other.high < rule.high) continue;
      const bool same = other.low == rule.low && other.high == rule.high;
      if (same && &other > &rule) continue;
      return add_finding(Warning::Redundant, rule.where, other, Location{policy_, other.where});
    }
  }

  // By what refuses it when no policy says anything.
  void check_call(const Rule &rule) {
    if (is_verb(rule, SyscallVerb::Action) && rule.value == "log"_t)
      return add_finding(Warning::OnlyLogged, rule.where);
    if (!is_verb(rule, SyscallVerb::Allow)) return;
    if (!decided_) decide_by_default();
    size_t row = 0;
    for (const char *name = kCallNames; *name != '\0'; name += c_text(name).size + 1, row++) {
      const int number = number_of_call(row);
      if (number < 0 || !(rule.any ? is_in_group(row, rule.low) : row == rule.low)) continue;
      const Decision decision = filter_.decisions[number];
      if (decision == kAllowed || decision > kLastRow) continue;
      return add_finding(Warning::Call, rule.where, c_text(name), reason_of(decision));
    }
  }

  void decide_by_default() {
    const auto nothing = std::make_unique<Policy>();
    const auto plan = std::make_unique<Plan>();
    Diagnostic problem;
    make_plan(*nothing, kernel_of_abi(kNewestAbi), true, *plan, problem);
    decide(*nothing, *plan, filter_);
    decided_ = true;
  }

  void check_environment() {
    const Rule *network = last_rule(policy_, Directive::Connect);
    if (network != nullptr && last_rule(policy_, Directive::Env) == nullptr &&
        network->where.source == 1)
      add_finding(Warning::OpenEnv, network->where);
  }

  const Process &process_;
  Policy &policy_;
  SearchPath search_;
  std::string home_;
  std::vector<std::string> programs_;  // the folders of PATH
  std::vector<Grant> grants_;
  std::vector<Finding> findings_;
  Filter filter_{};
  bool decided_ = false;
};

}  // namespace

std::vector<Finding> findings_in(const Process &process, Policy &policy) {
  return FindingList(process, policy).all();
}

}  // namespace ll
