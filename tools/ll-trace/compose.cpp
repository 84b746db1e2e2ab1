#include "compose.h"

#include "calls.h"
#include "core/host.h"
#include "core/withheld.h"
#include "line.h"
#include "os/process.h"
#include "os/why.h"
#include "store.h"

namespace ll {

namespace {

constexpr uint64_t kRun = mask_of(RightId::execute);
constexpr uint64_t kLook = mask_of(RightId::read_file) | mask_of(RightId::read_dir);
constexpr uint64_t kDevices = mask_of(RightId::ioctl_dev);
constexpr size_t kMostTrees = 4096;
constexpr size_t kFewPrograms = 6;  // of one directory; more are the directory
constexpr size_t kFewFiles = 3;     // likewise
constexpr size_t kMostTreesWritten = 80;
constexpr size_t kMostMissing = 8;

struct Tree {
  Text path;
  uint64_t rights = 0;
  bool dropped = false;
  bool secret = false;
  bool too_much = false;
};
struct Trees {
  size_t count;
  Tree rows[kMostTrees];
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

bool is_in(Text path, Text folder) {
  if (folder.size <= 1) return folder.size == 1;
  return starts_with(path, folder) && (path.size == folder.size || path[folder.size] == '/');
}

// The first `count` components: "/usr/share" of 2.
Text components(Text path, size_t count) {
  size_t end = 0;
  for (; count > 0 && end < path.size; count--) {
    const size_t next = find(path.from(end + 1), '/');
    end = next == kNone ? path.size : end + 1 + next;
  }
  return path.first(end);
}
size_t depth_of(Text path) {
  size_t depth = 0;
  for (size_t i = 0; i + 1 < path.size; i++) depth += path[i] == '/' ? 1 : 0;
  return depth;
}

class Composer {
 public:
  Composer(const Sandbox &sandbox, const Teacher &teacher) : sandbox_(sandbox), teacher_(teacher) {}

  void collect() {
    for (size_t i = 0; i < lessons.count; i++) {
      const Learnt &learnt = lessons.paths[i];
      if (learnt.rights != 0) place(learnt);
    }
    join_siblings();
    drop_covered();
  }

  void write(Builder &out) {
    constexpr Directive kOrder[] = {Directive::Rx,  Directive::Ro,  Directive::Rw,
                                    Directive::Rwx, Directive::Dev, Directive::Unix};
    for (const Directive directive : kOrder) write_group(out, directive);
    write_missing(out);
    for (size_t i = 0; i < lessons.line_count; i++)
      if (!lessons.lines[i].suspicious) out << lessons.lines[i].line << '\n';
    if (lessons.metadata && !writes_directory()) out << "metadata allow\n"_t;
    write_environment(out, false);
    write_doubtful(out);
    write_environment(out, true);
  }

  [[nodiscard]] size_t count_doubtful() const {
    size_t count = 0;
    for (size_t i = 0; i < trees.count; i++)
      count += is_doubtful(trees.rows[i]) && !trees.rows[i].dropped ? 1 : 0;
    for (size_t i = 0; i < lessons.line_count; i++) count += lessons.lines[i].suspicious ? 1 : 0;
    return count;
  }

 private:
  static bool is_doubtful(const Tree &tree) { return tree.secret || tree.too_much; }

  [[nodiscard]] uint64_t lacking(Text path, uint64_t rights) const {
    Verdict verdict;
    judge(sandbox_.policy, sandbox_.plan, {}, path, rights, kOfEntries, verdict);
    const uint64_t handled =
        sandbox_.plan.handled[index_of(Field::Fs)] | sandbox_.plan.closed[index_of(Field::Fs)];
    return rights & handled & ~verdict.granted;
  }

  // What was there before, and holds what was made in it.
  static Text anchor_of(Text path) {
    Text folder = keep(parent_of(path));
    for (;;) {
      const Learnt *learnt = find_learnt(folder);
      if (learnt == nullptr || !learnt->created || folder.size <= 1) return folder;
      folder = keep(parent_of(folder));
    }
  }
  static bool is_in_created(Text path) {
    for (Text folder = keep(parent_of(path)); folder.size > 1; folder = keep(parent_of(folder))) {
      const Learnt *learnt = find_learnt(folder);
      if (learnt != nullptr && learnt->created) return true;
    }
    return false;
  }

  void place(const Learnt &learnt) {
    const uint64_t rights = learnt.rights & ~mask_of(RightId::refer);
    const bool made = learnt.created || is_in_created(learnt.path);
    uint64_t needed = learnt.rights;
    if (made) needed |= mask_of(RightId::make_reg);
    if (lacking(learnt.path, needed) == 0) return;
    const bool writes = (rights & ~kLook & ~kRun & ~kDevices) != 0;
    const bool entries = made || (needed & kOfEntries) != 0;
    if (is_secret(learnt.path)) return add({.path = learnt.path, .rights = rights, .secret = true});
    // Files beneath what was made are the anchor's; to be run they need more than it.
    if (entries) return add_writable(anchor_of(learnt.path), needed);
    if (writes && process_in(learnt.path) != 0) return add_of_process(learnt.path, rights);
    if (writes) return add({.path = learnt.path, .rights = rights});
    if ((rights & kDevices) != 0) return add({.path = learnt.path, .rights = rights});
    if ((rights & kRun) != 0) return add({.path = program_tree(learnt.path), .rights = rights});
    add({.path = keep(tree_of(learnt.path, (rights & mask_of(RightId::read_dir)) != 0)),
         .rights = rights});
  }

  // The number of a process is another in the next run; of all processes is too much.
  void add_of_process(Text path, uint64_t rights) const {
    const bool own = process_in(path) == sandbox_.command;
    Line<kMaxPath> renamed;
    renamed << "/proc/self"_t << path.from(components(path, 2).size);
    add({.path = own ? keep(renamed.text()) : "/proc"_t, .rights = rights, .too_much = !own});
  }

  // All of a home directory or of the system is more than was written.
  void add_writable(Text folder, uint64_t rights) {
    const bool home = !teacher_.home.empty() && folder == teacher_.home;
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
      if (is_in(path, tree) && depth_of(path) > depth) return keep(components(path, depth + 1));
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
    const Text home = teacher_.home;
    const Text own = teacher_.directory;
    if (own.size > 1 && own.data != nullptr && is_in(path, own) && !(own == home)) return path;
    if (home.size > 1 && is_in(path, home)) return home_tree(path);
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
    const Text rest = path.from(teacher_.home.size);
    const size_t base = depth_of(teacher_.home) + 1;
    if (!starts_with(rest, "/."_t)) return path;
    if (is_in(rest, "/.local"_t)) return components(path, base + 3);
    if (is_in(rest, "/.config"_t) || is_in(rest, "/.cache"_t)) return components(path, base + 2);
    return components(path, base + 1);
  }

  static void add(const Tree &tree) {
    for (size_t i = 0; i < trees.count; i++) {
      Tree &other = trees.rows[i];
      if (!(other.path == tree.path) || is_doubtful(other) != is_doubtful(tree)) continue;
      other.rights |= tree.rights;
      return;
    }
    if (trees.count == kMostTrees) {
      lessons.full = true;
      return;
    }
    trees.rows[trees.count++] = tree;
  }

  static bool only_looks(const Tree &tree) { return (tree.rights & ~kLook) == 0; }
  static bool only_runs(const Tree &tree) {
    return (tree.rights & ~kLook & ~kRun) == 0 && !only_looks(tree);
  }

  // Several files of one directory become the directory, from the deepest on.
  void join_siblings() {
    for (size_t depth = 12; depth >= 2; depth--)
      for (size_t i = 0; i < trees.count; i++) {
        const Tree tree = trees.rows[i];
        if (tree.dropped || is_doubtful(tree) || depth_of(tree.path) != depth) continue;
        if (only_looks(tree)) join(parent_of(tree.path), depth, kFewFiles, &only_looks, kLook);
        if (only_runs(tree))
          join(parent_of(tree.path), depth, kFewPrograms, &only_runs, kLook | kRun);
      }
  }

  [[nodiscard]] bool may_join(Text folder) const {
    if (is_in(teacher_.home, folder) || depth_of(folder) < 1) return false;
    return !(folder == "/tmp"_t || folder == "/usr"_t || folder == "/usr/local"_t ||
             folder == "/dev"_t || folder == "/etc"_t || folder == "/run"_t) &&
           depth_of(folder) >= (is_in(folder, "/usr"_t) || is_in(folder, "/proc"_t) ? 1U : 2U);
  }

  void join(Text folder, size_t depth, size_t few, bool (*alike)(const Tree &), uint64_t rights) {
    const bool own = folder == teacher_.directory && folder.size > 1 && !(folder == teacher_.home);
    if (!own && !may_join(folder)) return;
    const auto is_child = [&](const Tree &tree) {
      return !tree.dropped && !is_doubtful(tree) && depth_of(tree.path) == depth && alike(tree) &&
             parent_of(tree.path) == folder;
    };
    size_t count = 0;
    for (size_t i = 0; i < trees.count; i++) count += is_child(trees.rows[i]) ? 1 : 0;
    if (count <= few) return;
    for (size_t i = 0; i < trees.count; i++)
      if (is_child(trees.rows[i])) trees.rows[i].dropped = true;
    add({.path = keep(folder), .rights = rights});
  }

  void drop_covered() {
    for (size_t i = 0; i < trees.count; i++)
      for (size_t k = 0; k < trees.count && !trees.rows[i].dropped; k++) {
        const Tree &other = trees.rows[k];
        Tree &tree = trees.rows[i];
        if (i == k || other.dropped || is_doubtful(other) || tree.secret) continue;
        if (!is_in(tree.path, other.path) || tree.path == other.path) continue;
        const auto own = kDirectives[static_cast<size_t>(directive_for(tree.rights))].grants;
        const auto above = kDirectives[static_cast<size_t>(directive_for(other.rights))].grants;
        if ((own & ~above) == 0) tree.dropped = true;
      }
  }

  [[nodiscard]] bool writes_directory() const {
    for (size_t i = 0; i < trees.count; i++) {
      const Tree &tree = trees.rows[i];
      const Directive directive = directive_for(tree.rights);
      if (!tree.dropped && !is_doubtful(tree) && kind_at(tree.path) == Kind::Directory &&
          (directive == Directive::Rw || directive == Directive::Rwx))
        return true;
    }
    return !sandbox_.filter.opened.no_metadata;
  }

  void write_path(Builder &out, Text path, bool optional) const {
    if (optional) out << '-';
    const Text own = teacher_.directory;
    const Text home = teacher_.home;
    Text rest = path;
    if (own.size > 1 && is_in(path, own)) {
      out << "$PWD"_t;
      rest = path.from(own.size);
    } else if (home.size > 1 && is_in(path, home)) {
      out << "$HOME"_t;
      rest = path.from(home.size);
    }
    if (!rest.empty()) write_value(out, rest);
  }

  void write_group(Builder &out, Directive directive) const {
    constexpr size_t kWidth = 110;
    size_t start = kNone;
    size_t written = 0;
    for (size_t i = 0; i < trees.count && written < kMostTreesWritten; i++) {
      const Tree &tree = trees.rows[i];
      if (tree.dropped || is_doubtful(tree) || directive_for(tree.rights) != directive) continue;
      if (start == kNone || out.text().size - start > kWidth) {
        if (start != kNone) out << '\n';
        start = out.text().size;
        out << name_of(directive);
      }
      out << ' ';
      write_path(out, tree.path, kind_at(tree.path) == Kind::Missing);
      written++;
    }
    if (start != kNone) out << '\n';
  }

  // A configuration that is not there today may be there tomorrow.
  [[nodiscard]] bool matters(Text path) const {
    if (is_secret(path) || contains(path, ".so"_t) || contains(path, "ld-"_t)) return false;
    const bool system = is_in(path, "/etc"_t) && depth_of(path) <= 2;
    const Text home = teacher_.home;
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
    for (size_t i = 0; i < lessons.count && written < kMostMissing; i++) {
      const Learnt &learnt = lessons.paths[i];
      if (!learnt.missing || !matters(learnt.path) || is_covered(learnt.path)) continue;
      out << (written == 0 ? "ro "_t : " "_t);
      write_path(out, learnt.path, true);
      written++;
    }
    if (written > 0) out << '\n';
  }

  // A policy that has `env` says already which.
  void write_environment(Builder &out, bool secret) const {
    if (teacher_.environment == nullptr || last_rule(sandbox_.policy, Directive::Env) != nullptr)
      return;
    bool any = false;
    for (char **entry = teacher_.environment; *entry != nullptr; entry++) {
      const Text name = c_text(*entry).first(find(c_text(*entry), '='));
      if (name.empty() || name[0] == '-' || (is_withheld(c_text(*entry)) != Withheld::No) != secret)
        continue;
      out << (any ? " "_t : secret ? "# deny? env "_t : "env "_t);
      write_value(out, name);
      any = true;
    }
    if (any) out << (secret ? "  # secrets\n"_t : "\n"_t);
  }

  void write_doubtful(Builder &out) const {
    for (size_t i = 0; i < trees.count; i++) {
      const Tree &tree = trees.rows[i];
      if (tree.dropped || !is_doubtful(tree)) continue;
      out << "# deny? "_t << name_of(directive_for(tree.rights)) << ' ';
      write_path(out, tree.path, false);
      out << (tree.secret ? "  # a secret\n"_t : "  # more than was written\n"_t);
    }
    for (size_t i = 0; i < lessons.line_count; i++)
      if (lessons.lines[i].suspicious)
        out << "# deny? "_t << lessons.lines[i].line << "  # it opens the sandbox\n"_t;
  }

  const Sandbox &sandbox_;
  const Teacher &teacher_;
};

// The civil date of a day since 1970-01-01: years are counted from March, so that the leap day is
// the last.
void write_date(Builder &out) {
  uapi::Time time = {};
  sys::wall_clock(time);
  const uint64_t days = static_cast<uint64_t>(time.seconds) / 86400 + 719468;  // since 0000-03-01
  const uint64_t era = days / 146097;
  const uint64_t day = days % 146097;
  const uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  const uint64_t of_year = day - (365 * year + year / 4 - year / 100);
  const uint64_t month = (5 * of_year + 2) / 153;
  const uint64_t of_month = of_year - (153 * month + 2) / 5 + 1;
  const uint64_t civil = month < 10 ? month + 3 : month - 9;
  out << era * 400 + year + (civil <= 2 ? 1 : 0) << (civil < 10 ? "-0"_t : "-"_t) << civil
      << (of_month < 10 ? "-0"_t : "-"_t) << of_month;
}

}  // namespace

bool contains(Text whole, Text part) {
  for (size_t i = 0; i + part.size <= whole.size; i++)
    if (whole.from(i).first(part.size) == part) return true;
  return false;
}

bool append_lines(Text file, Text lines, long &error) {
  constexpr int kAppend = 02000, kReadWrite = 2;
  error = sys::create_at(uapi::kAtCwd, file.data, kReadWrite | kAppend, 0644);
  if (error < 0) return false;
  const auto descriptor = static_cast<int>(error);
  char last = '\n';
  constexpr int kToEnd = 2;
  const long size = sys::seek(descriptor, 0, kToEnd);
  if (size > 0) sys::read_at(descriptor, &last, 1, static_cast<uint64_t>(size) - 1);
  Line<128> heading;
  if (last != '\n') heading << '\n';
  heading << "# ll-trace, "_t;
  write_date(heading);
  heading << '\n';
  host_write(descriptor, heading.text());
  host_write(descriptor, lines);
  sys::close(descriptor);
  error = 0;
  return true;
}

void write_lessons(const Sandbox &sandbox, const Teacher &teacher) {
  Composer composer(sandbox, teacher);
  composer.collect();
  Line<kMaxFile> out;
  if (!teacher.exists) out << "use base\n"_t;
  composer.write(out);
  long error = 0;
  const bool written = out.empty() || append_lines(teacher.file, out.text(), error);
  const auto tried = static_cast<char>(lessons.tried & ~lessons.needed);
  if (written) host_write(teacher.outcome, {&tried, 1});
  Problem problem;
  if (!written) {
    problem.fail({}, "cannot write %: %"_packed, teacher.file, Error{error});
    warn(sandbox.policy, problem);
  }
  if (lessons.full || is_store_full()) {
    problem.fail({}, "there was more than it can remember"_packed);
    warn(sandbox.policy, problem);
  }
  if (const size_t count = composer.count_doubtful(); count > 0) {
    problem.fail({},
                 count == 1 ? "a line of % is for you to decide: see `# deny?`"_packed
                            : "some lines of % are for you to decide: see `# deny?`"_packed,
                 teacher.file);
    warn(sandbox.policy, problem);
  }
}

}  // namespace ll
