#include "os/enforce/deny.h"

#include "os/input/mounts.h"
#include "os/input/resolve.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr int kMaxDepth = 64;
constexpr long kLastHeld = 255;  // a descriptor
// All rights but reading and executing, which `keep` does not change.
constexpr uint64_t kKept =
    ~(mask_of(RightId::read_file) | mask_of(RightId::read_dir) | mask_of(RightId::execute));

Kind kind_of(const uapi::Statx &stat) {
  switch (stat.mode & uapi::kS_IFMT) {
    case uapi::kS_IFDIR: return Kind::Directory;
    case uapi::kS_IFCHR:
    case uapi::kS_IFBLK: return Kind::Device;
    case uapi::kS_IFLNK: return Kind::Link;
    default: return Kind::File;
  }
}

FileId found_in(const uapi::Statx &stat) {
  return {.kind = kind_of(stat), .device = uapi::device_of(stat), .inode = stat.ino};
}

uint64_t taken_by(const Rule &rule) {
  if (rule.directive == Directive::Deny) return UINT64_MAX;
  return rule.directive == Directive::Keep ? kKept : 0;
}

// The size of the file's path without links; 0 if another file is there.
long find_path(const Policy &policy, const Rule &rule, const FileId &found, char (&path)[kMaxPath],
               Links &links) {
  const long size = resolve(policy.directory, rule.value, path, sizeof path, &links);
  if (size < 0) fail_to_grant(policy, rule, size);
  uapi::Statx stat;
  const long result = sys::stat_at(uapi::kAT_FDCWD, path, uapi::kAT_SYMLINK_NOFOLLOW, stat);
  if (result < 0) fail_to_grant(policy, rule, result);
  return stat.ino == found.inode && uapi::device_of(stat) == found.device ? size : 0;
}

// Grants the entries of a directory, and recursively of those above a denied path.
class SiblingGrants {
 public:
  SiblingGrants(const Policy &policy, size_t index, const Denials &denials, Plan &plan, int ruleset)
      : policy_(policy),
        rule_(policy.rules[index]),
        index_(index),
        denials_(denials),
        plan_(plan),
        ruleset_(ruleset) {}

  // `directory` is open with O_PATH.
  void grant_all_in(int directory, int depth) {
    if (depth == kMaxDepth) die_at(policy_, rule_.where, "`deny` is nested too deeply in it");
    const long listing = sys::open_at(directory, ".", uapi::kO_RDONLY | uapi::kO_DIRECTORY);
    if (listing < 0) fail_to_list(listing);
    alignas(uapi::DirectoryEntry) char buffer[2048];
    for (;;) {
      const long size = sys::read_directory(static_cast<int>(listing), buffer, sizeof buffer);
      if (size < 0) fail_to_list(size);
      if (size == 0) break;
      for (long at = 0; at < size;) {
        const auto &entry = *reinterpret_cast<const uapi::DirectoryEntry *>(buffer + at);
        grant_entry(directory, entry.name, depth);
        at += entry.length;
      }
    }
    sys::close(static_cast<int>(listing));
  }

 private:
  [[noreturn]] void fail_to_list(long error) {
    die_at(policy_, rule_.where, "cannot list %, which holds a denied path: %", rule_.value,
           Error{error});
  }

  void grant_entry(int directory, const char *name, int depth) {
    if (c_text(name) == "."_t || c_text(name) == ".."_t) return;
    const long opened = sys::open_at(directory, name, uapi::kO_PATH | uapi::kO_NOFOLLOW);
    if (opened == -uapi::kENOENT) return;  // removed since it was listed
    if (opened < 0) fail_to_grant(policy_, rule_, opened);
    const int descriptor = static_cast<int>(opened);
    const FileId found = identify(policy_, rule_, descriptor);
    const uint64_t wanted = access_on(rule_, found, plan_) & ~denials_.taken_from(found);
    const uint64_t beneath = wanted & denials_.taken_beneath(found);
    if (found.kind != Kind::Link) grant(descriptor, found, wanted & ~beneath);
    if (beneath != 0) denials_.note(found, beneath, index_, plan_);
    if (beneath != 0) grant_all_in(descriptor, depth + 1);
    sys::close(descriptor);
  }

  void grant(int descriptor, const FileId &found, uint64_t access) {
    if (access == 0) return;
    if (plan_.sibling_count == kMaxSiblingGrants)
      die_at(policy_, rule_.where,
             "more than % entries beside a denied path\ngrant subdirectories instead",
             kMaxSiblingGrants);
    plan_.siblings[plan_.sibling_count++] = {.access = access, .found = found, .rule = index_};
    add_rule(policy_, rule_, ruleset_, descriptor, access);
  }

  const Policy &policy_;
  const Rule &rule_;
  size_t index_;
  const Denials &denials_;
  Plan &plan_;
  int ruleset_;
};

}  // namespace

Denials::Denials(const Policy &policy, int directory, PathTables &tables)
    : tables_(tables), denied_{tables.denied}, above_{tables.above} {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (taken_by(policy.rules[i]) != 0) add(policy, policy.rules[i], directory);
}

void Denials::add(const Policy &policy, const Rule &rule, int directory) {
  const long opened = sys::open_at(directory, rule.value.data, uapi::kO_PATH);
  const bool missing = opened == -uapi::kENOENT || opened == -uapi::kENOTDIR;
  if (missing && rule.optional) return;
  if (opened < 0) fail_to_grant(policy, rule, opened);
  const FileId found = identify(policy, rule, static_cast<int>(opened));
  // The others stay open until execve: FUSE can change the inode number of a file that is not open.
  if (opened > kLastHeld) sys::close(static_cast<int>(opened));
  const uint64_t taken = taken_by(rule);
  take(policy, rule, denied_, found, taken);
  // Listing a directory reveals nothing of a file's contents.
  const bool lists = found.kind != Kind::Directory;
  add_names(policy, rule, found, lists ? taken & ~mask_of(RightId::read_dir) : taken);
}

// By its path, by the symbolic links on the way there, which must not be replaced, and by its paths
// in other mounts.
void Denials::add_names(const Policy &policy, const Rule &rule, const FileId &found,
                        uint64_t taken) {
  char path[kMaxPath];
  tables_.links.used = 0;
  Links links = {.arena = tables_.links};
  long size = find_path(policy, rule, found, path, links);
  // Retried once if it changed meanwhile.
  if (size == 0) size = find_path(policy, rule, found, path, links);
  if (size == 0) {
    const long length = sys::read_link(path, path, sizeof path);
    if (length < 0) fail_to_grant(policy, rule, length);
    die_at(policy, rule.where, "% changed while it was read", rule.value);
  }
  add_parents(policy, rule, {path, static_cast<size_t>(size)}, taken);
  for (size_t i = 0; i < links.count; i++)
    add_parents(policy, rule, links.rows[i].path, taken & kKept);
  Aliases aliases(policy, rule.where, {path, static_cast<size_t>(size)}, tables_.mounts);
  for (Text alias; aliases.next(alias);) {
    uapi::Statx stat;
    const long looked = sys::stat_at(uapi::kAT_FDCWD, alias.data, uapi::kAT_SYMLINK_NOFOLLOW, stat);
    if (looked < 0) fail_to_grant(policy, rule, looked);
    take(policy, rule, denied_, found_in(stat), taken_by(rule));
    add_parents(policy, rule, alias, taken);
  }
}

void Denials::add_parents(const Policy &policy, const Rule &rule, Text child, uint64_t taken) {
  char path[kMaxPath];
  Builder copy(path, sizeof path);
  copy << child;
  for (size_t end = child.size; end > 1;) {
    while (path[end - 1] != '/') end--;
    if (end > 1) end--;
    path[end] = '\0';
    uapi::Statx stat;
    const long result = sys::stat_at(uapi::kAT_FDCWD, path, 0, stat);
    if (result < 0) fail_to_grant(policy, rule, result);
    take(policy, rule, above_, found_in(stat), taken);
  }
}

Denials::Identity Denials::find(const Identities &identities, const FileId &found) {
  for (size_t i = 0; i < identities.count; i++)
    if (identities.rows[i].inode == found.inode && identities.rows[i].device == found.device)
      return identities.rows[i];
  return {};
}

void Denials::note(const FileId &directory, uint64_t lost, size_t rule, Plan &plan) const {
  for (size_t i = 0; i < plan.obstacle_count; i++) {
    Obstacle &known = plan.obstacles[i];
    if (known.directory.inode != directory.inode || known.directory.device != directory.device)
      continue;
    known.lost |= lost;
    return;
  }
  if (plan.obstacle_count == kMaxObstacles) return;
  plan.obstacles[plan.obstacle_count++] = {
      .lost = lost, .directory = directory, .rule = rule, .taker = find(above_, directory).rule};
}

void Denials::take(const Policy &policy, const Rule &rule, Identities &identities,
                   const FileId &found, uint64_t taken) {
  for (size_t i = 0; i < identities.count; i++) {
    auto &row = identities.rows[i];
    if (row.inode != found.inode || row.device != found.device) continue;
    row.taken |= taken;
    return;
  }
  if (identities.count == PathTables::kMax)
    die_at(policy, rule.where, "more than % directories above denied paths", PathTables::kMax);
  identities.rows[identities.count++] = {found.device, found.inode, taken,
                                         static_cast<size_t>(&rule - policy.rules)};
}

FileId identify(const Policy &policy, const Rule &rule, int descriptor) {
  uapi::Statx stat;
  const long result = sys::stat_of(descriptor, stat);
  if (result < 0) fail_to_grant(policy, rule, result);
  return found_in(stat);
}

static bool is_stream(const Policy &policy, const Rule &rule, int descriptor) {
  uapi::Statx stat;
  const long result = sys::stat_of(descriptor, stat);
  if (result < 0) fail_to_grant(policy, rule, result);
  const int type = stat.mode & uapi::kS_IFMT;
  return type == uapi::kS_IFIFO || type == uapi::kS_IFSOCK;
}

// gitrepository-layout(5): of a linked worktree and of a submodule, .git is a file.
static bool is_in_repository(Text path) {
  for (size_t i = 0; i < path.size; i++)
    if ((i == 0 || path[i - 1] == '/') && starts_with(path.from(i), ".git/"_t)) return true;
  return false;
}

namespace {

// The comment after the values is advice for a missing path: `ro ~/.tool # mkdir ~/.tool`.
Text comment_behind(const Policy &policy, const SourceSpan &where) {
  if (where.source == 0) return {};
  Text rest = policy.sources[where.source].text.from(where.offset + where.length);
  rest = rest.first(find(rest, '\n'));
  Text comment = rest.from(find(rest, '#'));
  while (!comment.empty() && (comment[0] == '#' || comment[0] == ' ')) comment = comment.from(1);
  return comment;
}

}  // namespace

void fail_to_grant(const Policy &policy, const Rule &rule, long error) {
  if (error == -uapi::kENOTDIR && is_in_repository(rule.value))
    die_at(policy, rule.where,
           "% does not exist: this .git is a file (linked worktree or submodule)\n"
           "run in the repository that it names, or add rules for that one",
           rule.value);
  const bool missing = error == -uapi::kENOENT || error == -uapi::kENOTDIR;
  const Text comment = comment_behind(policy, rule.where);
  if (missing && !comment.empty())
    die_at(policy, rule.where, "% does not exist\ncreate it first: %", rule.value, comment);
  if (missing)
    die_at(policy, rule.where, "% does not exist\nif it is optional, write -%", rule.value,
           rule.value);
  const Text act = rule.directive == Directive::Deny ? "deny"_t : "grant"_t;
  if (error == -uapi::kEACCES)
    die_at(policy, rule.where, "cannot % %: %\nthis user may not search a directory on the path",
           act, rule.value, Error{error});
  die_at(policy, rule.where, "cannot % %: %", act, rule.value, Error{error});
}

void add_rule(const Policy &policy, const Rule &rule, int ruleset, int descriptor,
              uint64_t access) {
  if (ruleset < 0 || access == 0) return;
  const long added = sys::add_path_rule(ruleset, {access, descriptor});
  // An inherited pipe or socket, such as /dev/stdout: Landlock never refuses to reopen it.
  if (added == -uapi::kEBADFD && is_stream(policy, rule, descriptor)) return;
  if (added < 0) fail_to_grant(policy, rule, added);
}

void grant_siblings(const Policy &policy, size_t rule, const Denials &denials, Plan &plan,
                    int descriptor, int ruleset) {
  SiblingGrants(policy, rule, denials, plan, ruleset).grant_all_in(descriptor, 0);
}

}  // namespace ll
