#include "generate_policy.h"

#include "calls.h"
#include "calls_seen.h"
#include "core/host.h"
#include "core/policy/withheld.h"
#include "hosts.h"
#include "intern.h"
#include "line.h"
#include "os/kernel/process.h"
#include "os/query/access_check.h"
#include "policy_file.h"
#include "variables.h"
#include "writable.h"

namespace ll {

namespace {

constexpr uint64_t kDevices = mask_of(RightId::ioctl_dev);
constexpr size_t kMostTrees = 4096;
constexpr size_t kFewPrograms = 6;  // of one directory; more are the directory
constexpr size_t kFewFiles = 3;     // likewise
constexpr size_t kMostTreesWritten = 80;
constexpr size_t kMostMissing = 8;

struct GrantTree {
  Text path;
  uint64_t rights = 0;
  bool dropped = false;
  bool secret = false;
  bool too_much = false;
  bool unwritable = false;  // no line can hold its name
  bool named = false;       // its names are written instead
};
struct Trees {
  size_t count;
  GrantTree rows[kMostTrees];
};
constinit Trees trees{};

constexpr char kSecrets[] =
#define SECRET(part) part "\0"
#include "secrets.def"
    ;

bool is_secret(Text path) {
  for (Text part = c_text(kSecrets); !part.empty(); part = c_text(part.data + part.size + 1))
    if (contains(path, part)) return true;
  return false;
}

// The first `count` components: "/usr/share" of 2.
Text components(Text path, size_t count) {
  size_t end = 0;
  for (; count > 0 && end < path.size; count--) {
    const size_t next = find(path.from(end + 1), '/');
    end = next == kNpos ? path.size : end + 1 + next;
  }
  return path.first(end);
}
size_t depth_of(Text path) {
  size_t depth = 0;
  for (size_t i = 0; i + 1 < path.size; i++) depth += path[i] == '/' ? 1 : 0;
  return depth;
}

class PolicyGenerator {
 public:
  PolicyGenerator(const TraceContext &sandbox, const ProfileConfig &config)
      : sandbox_(sandbox),
        config_(config),
        before_(text_of_policy(sandbox.policy, config.file)),
        home_(nameable(config.home)),
        own_(nameable(config.directory)) {}

  void collect() {
    for (size_t i = 0; i < profile.count; i++)
      reads_secret_here_ =
          reads_secret_here_ || (profile.paths[i].rights != 0 && is_secret(profile.paths[i].path) &&
                                 is_here(profile.paths[i].path));
    for (size_t i = 0; i < profile.count; i++) {
      const RecordedPath &recorded = profile.paths[i];
      if (recorded.rights != 0) place(recorded);
    }
    join_siblings();
    drop_covered();
    add_names();
  }

  void write(Builder &out) {
    if (!config_.exists) write_heading(out);
    constexpr Directive kOrder[] = {Directive::Rx,  Directive::Ro,  Directive::Rw,
                                    Directive::Rwx, Directive::Dev, Directive::Unix};
    for (const Directive directive : kOrder) {
      const bool terminals = directive == Directive::Dev && tree_at("/dev/pts"_t) != nullptr;
      if (terminals && !holds(before_, "/dev/pts"_t))
        out << "# Terminals: those that this user has open elsewhere as well.\n"_t;
      write_group(out, directive);
    }
    write_missing(out);
    write_denied(out);
    write_hosts(out, sandbox_.policy, sandbox_.plan.kernel);
    for (size_t i = 0; i < profile.line_count; i++)
      if (!profile.lines[i].suspicious) out << profile.lines[i].line << '\n';
    if (profile.metadata && !writes_directory()) out << "metadata allow\n"_t;
    if (config_.calls) write_calls(out, sandbox_.policy);
    if (learns_variables()) write_variables(out, config_.environment, config_.all_variables);
    write_doubtful(out);
    if (learns_variables()) write_secrets(out, config_.environment, config_.all_variables);
  }

  // Of what was written.
  [[nodiscard]] size_t count_doubtful() const { return doubtful_; }

 private:
  static bool is_doubtful(const GrantTree &tree) {
    return tree.secret || tree.too_much || tree.unwritable;
  }
  // $PWD and $HOME are an error where they hold a newline.
  static Text nameable(Text folder) { return can_be_written(folder) ? folder : Text{}; }

  // Where a command works: what files are called there is another input's matter. Not in /etc
  // or /tmp, which others' files are in as well.
  [[nodiscard]] bool is_here(Text path) const {
    return depth_of(own_) > 1 && is_in(path, own_) && !is_in(home_, own_);
  }

  // A policy that has `env` says already which.
  [[nodiscard]] bool learns_variables() const {
    return (!config_.exists || config_.all_variables) &&
           last_rule(sandbox_.policy, Directive::Env) == nullptr;
  }

  // As `clone` of git: no path, no password.
  static bool is_word(Text argument) {
    for (size_t i = 0; i < argument.size; i++)
      if ((argument[i] < 'a' || argument[i] > 'z') && (argument[i] != '-' || i == 0)) return false;
    return !argument.empty() && argument.size <= 20;
  }

  void write_heading(Builder &out) const {
    const Text program = config_.command.from(find_last(config_.command, '/') + 1);
    out << "# "_t;
    format(out, "%", program);
    if (is_word(config_.argument)) out << ' ' << config_.argument;
    out << ": what it needed when ll-trace recorded it, "_t;
    write_date(out);
    out << ".\nuse base\n"_t;
  }

  [[nodiscard]] uint64_t lacking(Text path, uint64_t rights) const {
    Verdict verdict;
    check_access(sandbox_.policy, sandbox_.plan, {}, path, rights, kOfEntries, verdict);
    const uint64_t handled =
        sandbox_.plan.handled[index_of(Field::Fs)] | sandbox_.plan.closed[index_of(Field::Fs)];
    return rights & handled & ~verdict.granted;
  }

  // What was there before, and holds what was made in it.
  static Text anchor_of(Text path) {
    Text folder = intern(parent_of(path));
    for (;;) {
      const RecordedPath *recorded = find_recorded_path(folder);
      if (recorded == nullptr || !recorded->created || folder.size <= 1) return folder;
      folder = intern(parent_of(folder));
    }
  }
  static bool is_in_created(Text path) {
    for (Text folder = intern(parent_of(path)); folder.size > 1;
         folder = intern(parent_of(folder))) {
      const RecordedPath *recorded = find_recorded_path(folder);
      if (recorded != nullptr && recorded->created) return true;
    }
    return false;
  }

  void place(const RecordedPath &recorded) {
    const uint64_t rights = recorded.rights & ~mask_of(RightId::refer);
    const bool made = recorded.created || is_in_created(recorded.path);
    uint64_t needed = recorded.rights;
    if (made) needed |= mask_of(RightId::make_reg);
    if (lacking(recorded.path, needed) == 0) return;
    const bool writes = (rights & ~kLook & ~kRun & ~kDevices) != 0;
    const bool entries = made || (needed & kOfEntries) != 0;
    if (is_secret(recorded.path))
      return add({.path = recorded.path, .rights = rights, .secret = true});
    if (is_terminal(recorded.path))
      return add({.path = "/dev/pts"_t, .rights = rights | kDevices | kLook});
    // Files beneath what was made are the anchor's; to be run they need more than it.
    if (entries) return add_writable(anchor_of(recorded.path), needed);
    if (writes && process_in(recorded.path) != 0) return add_of_process(recorded.path, rights);
    if (writes && is_here(recorded.path)) return add_writable(anchor_of(recorded.path), rights);
    if (writes) return add({.path = recorded.path, .rights = rights});
    if ((rights & kDevices) != 0) return add({.path = recorded.path, .rights = rights});
    if ((rights & kRun) != 0) return add({.path = program_tree(recorded.path), .rights = rights});
    add_readable(intern(tree_of(recorded.path, (rights & mask_of(RightId::read_dir)) != 0)),
                 rights);
  }

  // To list the root or a home is not to read all that is beneath.
  void add_readable(Text path, uint64_t rights) {
    add({.path = path, .rights = rights, .too_much = is_in(home_, path)});
  }

  // The number of a process is another in the next run; of all processes is too much.
  void add_of_process(Text path, uint64_t rights) const {
    const bool own = process_in(path) == sandbox_.command;
    FixedString<kMaxPath> renamed;
    renamed << "/proc/self"_t << path.from(components(path, 2).size);
    add({.path = own ? intern(renamed.text()) : "/proc"_t, .rights = rights, .too_much = !own});
  }

  // All of a home directory or of the system is more than was written.
  void add_writable(Text folder, uint64_t rights) {
    const bool home = is_in(home_, folder);
    const bool system = depth_of(folder) < 1 || folder == "/"_t || folder == "/etc"_t ||
                        folder == "/usr"_t || folder == "/home"_t || folder == "/var"_t ||
                        folder == "/dev"_t || folder == "/proc"_t || folder == "/sys"_t;
    add({.path = folder,
         .rights = rights,
         .too_much = home || (system && !(folder == "/tmp"_t || folder == "/srv"_t))});
  }

  // Programs one by one; those of a compiler lie together.
  static Text program_tree(Text path) {
    constexpr char kLibraries[] = "/usr/lib\0/usr/libexec\0/usr/local/lib\0";
    for (Text tree = c_text(kLibraries); !tree.empty(); tree = c_text(tree.data + tree.size + 1)) {
      const size_t depth = depth_of(tree) + 1;
      if (is_in(path, tree) && depth_of(path) > depth) return intern(components(path, depth + 1));
    }
    return path;
  }

  [[nodiscard]] Text tree_of(Text path, bool listed) const {
    const Text folder = listed ? path : parent_of(path);
    if (is_in(path, "/proc"_t)) return process_tree(path);
    if (is_in(path, "/sys"_t)) return depth_of(folder) >= 3 ? components(folder, 4) : path;
    if (is_in(path, "/usr/share"_t) || is_in(path, "/usr/lib"_t) || is_in(path, "/opt"_t) ||
        is_in(path, "/usr/libexec"_t) || is_in(path, "/usr/local"_t))
      return program_data(path);
    if (is_in(path, "/usr/include"_t)) return "/usr/include"_t;
    if (is_in(path, "/etc/ssl"_t)) return components(path, 3);  // one of its folders is secret
    if (is_in(path, "/etc/ssh"_t)) return path;
    if (is_in(path, "/etc"_t)) return components(path, 2);
    if (is_here(path)) return reads_secret_here_ ? path : own_;
    if (home_.size > 1 && is_in(path, home_)) return home_tree(path);
    return path;
  }

  static Text program_data(Text path) {
    const size_t depth = is_in(path, "/usr/local"_t) ? 4 : is_in(path, "/opt"_t) ? 2 : 3;
    return components(path, depth);
  }

  [[nodiscard]] Text process_tree(Text path) const {
    const int process = process_in(path);
    if (process == 0) return path;
    return process == sandbox_.command ? "/proc/self"_t : "/proc"_t;
  }

  // ~/.config/x, ~/.local/share/x, ~/.x
  [[nodiscard]] Text home_tree(Text path) const {
    const Text rest = path.from(home_.size);
    const size_t base = depth_of(home_) + 1;
    if (!starts_with(rest, "/."_t)) return path;
    if (is_in(rest, "/.local"_t)) return components(path, base + 3);
    if (is_in(rest, "/.config"_t) || is_in(rest, "/.cache"_t)) return components(path, base + 2);
    return components(path, base + 1);
  }

  static void add(GrantTree tree) {
    tree.unwritable = !can_be_written(tree.path);
    for (size_t i = 0; i < trees.count; i++) {
      GrantTree &other = trees.rows[i];
      if (!(other.path == tree.path) || is_doubtful(other) != is_doubtful(tree)) continue;
      other.rights |= tree.rights;
      return;
    }
    if (trees.count == kMostTrees) {
      profile.full = true;
      return;
    }
    trees.rows[trees.count++] = tree;
  }

  static bool only_looks(const GrantTree &tree) { return (tree.rights & ~kLook) == 0; }
  static bool only_runs(const GrantTree &tree) {
    return (tree.rights & ~kLook & ~kRun) == 0 && !only_looks(tree);
  }

  // Several files of one directory become the directory, from the deepest on.
  void join_siblings() {
    for (size_t depth = 12; depth >= 2; depth--)
      for (size_t i = 0; i < trees.count; i++) {
        const GrantTree tree = trees.rows[i];
        if (tree.dropped || is_doubtful(tree) || depth_of(tree.path) != depth) continue;
        if (only_looks(tree)) join(parent_of(tree.path), depth, kFewFiles, &only_looks, kLook);
        if (only_runs(tree))
          join(parent_of(tree.path), depth, kFewPrograms, &only_runs, kLook | kRun);
      }
  }

  [[nodiscard]] bool may_join(Text folder) const {
    if (is_in(home_, folder) || depth_of(folder) < 1) return false;
    return !(folder == "/tmp"_t || folder == "/usr"_t || folder == "/usr/local"_t ||
             folder == "/dev"_t || folder == "/etc"_t || folder == "/run"_t) &&
           depth_of(folder) >= (is_in(folder, "/usr"_t) || is_in(folder, "/proc"_t) ? 1U : 2U);
  }

  void join(Text folder, size_t depth, size_t few, bool (*alike)(const GrantTree &),
            uint64_t rights) {
    const bool own = folder == own_ && is_here(own_) && !reads_secret_here_;
    if (!own && !may_join(folder)) return;
    const auto is_child = [&](const GrantTree &tree) {
      return !tree.dropped && !is_doubtful(tree) && depth_of(tree.path) == depth && alike(tree) &&
             parent_of(tree.path) == folder;
    };
    size_t count = 0;
    for (size_t i = 0; i < trees.count; i++) count += is_child(trees.rows[i]) ? 1 : 0;
    if (count <= few) return;
    for (size_t i = 0; i < trees.count; i++)
      if (is_child(trees.rows[i])) trees.rows[i].dropped = true;
    add({.path = intern(folder), .rights = rights});
  }

  void drop_covered() {
    for (size_t i = 0; i < trees.count; i++)
      for (size_t k = 0; k < trees.count && !trees.rows[i].dropped; k++) {
        const GrantTree &other = trees.rows[k];
        GrantTree &tree = trees.rows[i];
        if (i == k || other.dropped || is_doubtful(other) || tree.secret) continue;
        if (!is_in(tree.path, other.path) || tree.path == other.path) continue;
        const auto own = kDirectives[static_cast<size_t>(directive_for(tree.rights))].grants;
        const auto above = kDirectives[static_cast<size_t>(directive_for(other.rights))].grants;
        if ((own & ~above) == 0) tree.dropped = true;
      }
  }

  // In a private root a name has to be there, not only what it leads to.
  void add_names() {
    for (size_t i = 0; i < profile.name_count; i++) {
      const Name &name = profile.names[i];
      const RecordedPath *recorded = find_recorded_path(name.path);
      const bool own = is_in(name.name, own_) || is_in(name.name, home_);
      if (recorded == nullptr || recorded->created || own || !can_be_written(name.name) ||
          is_secret(name.path) || is_secret(name.name) || is_named(name.name))
        continue;
      GrantTree *tree = tree_at(name.path);
      const uint64_t rights = recorded->rights & (kLook | kRun);
      if (tree != nullptr) tree->named = true;
      if (tree != nullptr || lacking(name.path, rights) == 0 || is_in_tree(name.path))
        add({.path = name.name, .rights = tree != nullptr ? tree->rights : rights});
    }
  }

  static GrantTree *tree_at(Text path) {
    for (size_t i = 0; i < trees.count; i++)
      if (!trees.rows[i].dropped && !is_doubtful(trees.rows[i]) && trees.rows[i].path == path)
        return &trees.rows[i];
    return nullptr;
  }
  static bool is_in_tree(Text path) {
    for (size_t i = 0; i < trees.count; i++)
      if (!trees.rows[i].dropped && !is_doubtful(trees.rows[i]) && is_in(path, trees.rows[i].path))
        return true;
    return false;
  }
  // A rule or a tree shows the directory that the name is in.
  [[nodiscard]] bool is_named(Text name) const {
    for (size_t i = 0; i < sandbox_.policy.rule_count; i++) {
      const Rule &rule = sandbox_.policy.rules[i];
      if (is_path(rule.directive) && !rule.any && is_in(name, rule.value)) return true;
    }
    return is_in_tree(name);
  }

  [[nodiscard]] bool writes_directory() const {
    for (size_t i = 0; i < trees.count; i++) {
      const GrantTree &tree = trees.rows[i];
      const Directive directive = directive_for(tree.rights);
      if (!tree.dropped && !is_doubtful(tree) && kind_at(tree.path) == Kind::Directory &&
          (directive == Directive::Rw || directive == Directive::Rwx))
        return true;
    }
    return !sandbox_.filter.opened.no_metadata;
  }

  void write_path(Builder &out, Text path, bool optional) const {
    if (optional) out << '-';
    Text rest = path;
    if (own_.size > 1 && is_in(path, own_)) {
      out << "$PWD"_t;
      rest = path.from(own_.size);
    } else if (home_.size > 1 && is_in(path, home_)) {
      out << "$HOME"_t;
      rest = path.from(home_.size);
    }
    if (!rest.empty()) write_value(out, rest);
  }

  // What is beneath a home or the current directory may be missing where the policy is used next.
  [[nodiscard]] bool is_optional(const GrantTree &tree) const {
    if (kind_at(tree.path) == Kind::Missing) return true;
    const bool here = own_.size > 1 && is_in(tree.path, own_);
    const bool at_home = home_.size > 1 && is_in(tree.path, home_);
    return (here || at_home) && !(tree.path == own_) && !(tree.path == home_);
  }

  // Not into a line that it would make too long.
  static constexpr size_t kWidth = 110;

  void write_group(Builder &out, Directive directive) {
    size_t start = kNpos;
    size_t written = 0;
    for (size_t i = 0; i < trees.count; i++) {
      const GrantTree &tree = trees.rows[i];
      if (tree.dropped || tree.named || is_doubtful(tree)) continue;
      if (directive_for(tree.rights) != directive) continue;
      FixedString<kMaxLine> value;
      write_path(value, tree.path, is_optional(tree));
      if (holds(before_, value.text())) continue;
      if (written == kMostTreesWritten) {
        profile.full = true;
        break;
      }
      if (start == kNpos || out.text().size - start + value.text().size > kWidth) {
        if (start != kNpos) out << '\n';
        start = out.text().size;
        out << name_of(directive);
      }
      out << ' ' << value.text();
      written++;
    }
    if (start != kNpos) out << '\n';
  }

  // A configuration that is not there today may be there tomorrow.
  [[nodiscard]] bool matters(Text path) const {
    if (is_secret(path) || contains(path, ".so"_t) || contains(path, "ld-"_t)) return false;
    const bool system = is_in(path, "/etc"_t) && depth_of(path) <= 2;
    const Text home = home_;
    const bool own = home.size > 1 && is_in(path, home) &&
                     starts_with(path.from(home.size), "/."_t) &&
                     depth_of(path) <= depth_of(home) + 3;
    return system || own;
  }

  [[nodiscard]] bool is_covered(Text path) const {
    if (lacking(path, mask_of(RightId::read_file)) == 0) return true;
    for (size_t i = 0; i < trees.count; i++)
      if (!trees.rows[i].dropped && !is_doubtful(trees.rows[i]) && is_in(path, trees.rows[i].path))
        return true;
    return false;
  }

  void write_missing(Builder &out) const {
    size_t written = 0;
    for (size_t i = 0; i < profile.count && written < kMostMissing; i++) {
      const RecordedPath &recorded = profile.paths[i];
      if (!recorded.missing || !matters(recorded.path) || is_covered(recorded.path)) continue;
      FixedString<kMaxLine> value;
      write_path(value, recorded.path, true);
      if (!can_be_written(recorded.path) || holds(before_, value.text())) continue;
      out << (written == 0 ? "ro "_t : " "_t) << value.text();
      written++;
    }
    if (written > 0) out << '\n';
  }

  // The directory is granted to be read although not all in it was.
  void write_denied(Builder &out) const {
    const GrantTree *tree = tree_at(own_);
    if (tree == nullptr || !is_here(own_) || !only_looks(*tree)) return;
    constexpr Text kDenied = "deny -$PWD/.env -$PWD/.npmrc -$PWD/.netrc -$PWD/.git-credentials\n"_t;
    if (!contains(before_, kDenied)) out << kDenied;
  }

  void write_doubtful(Builder &out) {
    for (size_t i = 0; i < trees.count; i++)
      if (!trees.rows[i].dropped && is_doubtful(trees.rows[i])) write_doubt(out, trees.rows[i]);
    for (size_t i = 0; i < profile.line_count; i++) {
      if (!profile.lines[i].suspicious) continue;
      FixedString<kMaxLine> line;
      line << "# deny? "_t << profile.lines[i].line << "  # it weakens the sandbox\n"_t;
      add_doubt(out, line.text());
    }
  }

  void write_doubt(Builder &out, const GrantTree &tree) {
    FixedString<kMaxLine> line;
    line << "# deny? "_t << name_of(directive_for(tree.rights)) << ' ';
    if (tree.unwritable)
      format(line, "%", tree.path);
    else
      write_path(line, tree.path, false);
    line << (tree.unwritable    ? "  # a policy cannot hold this name\n"_t
             : tree.secret      ? "  # a secret\n"_t
             : only_looks(tree) ? "  # more than was read\n"_t
                                : "  # more than was written\n"_t);
    add_doubt(out, line.text());
  }

  void add_doubt(Builder &out, Text line) {
    if (contains(before_, line)) return;
    doubtful_++;
    out << line;
  }

  const TraceContext &sandbox_;
  const ProfileConfig &config_;
  Text before_;  // the policy that lines are added to
  Text home_;
  Text own_;
  bool reads_secret_here_ = false;
  size_t doubtful_ = 0;
};

}  // namespace

void generate_policy(const TraceContext &sandbox, const ProfileConfig &config) {
  PolicyGenerator generator(sandbox, config);
  generator.collect();
  FixedString<kMaxFile> out;
  generator.write(out);
  Diagnostic problem;
  const bool written = out.empty() || append_lines(sandbox, config.file, out.text(), problem);
  const auto outcome =
      static_cast<char>(written ? profile.tried & ~profile.needed : int{kNotWritten});
  host_write(config.outcome, {&outcome, 1});
  if (!written) return warn(sandbox.policy, problem);
  if (profile.full || is_store_full()) {
    problem.fail({}, "limit reached; some lines may be missing");
    warn(sandbox.policy, problem);
  }
  if (const size_t count = generator.count_doubtful(); count > 0) {
    problem.fail({},
                 count == 1 ? "a line of % is for you to decide: see `# deny?`"
                            : "some lines of % are for you to decide: see `# deny?`",
                 config.file);
    warn(sandbox.policy, problem);
  }
}

}  // namespace ll
