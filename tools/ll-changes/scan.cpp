#include "scan.h"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "fail.h"

namespace ll {

namespace {

bool is_later(const timespec &a, const timespec &b) {
  return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

std::string link_target(int directory, const char *name, const FileStat &stats) {
  return stats.is(S_IFLNK) ? target_of(directory, name) : std::string();
}

bool same_contents(int a, int b) {
  char left[65536];
  char right[65536];
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(a, left, sizeof left, at);
    const ssize_t other = ::pread(b, right, sizeof right, at);
    if (got < 0 || other < 0) fail_errno("read", "a file");
    if (got != other) return false;
    if (got == 0) return true;
    if (std::memcmp(left, right, static_cast<size_t>(got)) != 0) return false;
    at += got;
  }
}

// Not open where this user may not read it.
Descriptor open_contents(int directory, const char *name) {
  Descriptor opened = open_file(directory, name, O_RDONLY | O_NONBLOCK);
  if (!opened.is_open() && errno != EACCES) fail_errno("read", name);
  return opened;
}

// What this user may not list is told as one.
Descriptor open_readable(int directory, const char *name) {
  Descriptor opened = open_directory(directory, name);
  if (!opened.is_open() && errno != EACCES) fail_errno("open", name);
  return opened;
}

class Scanner {
 public:
  Scanner(const OverlayDir &part, Baseline &baseline) : part_(part), meanwhile_(baseline) {}

  std::deque<Change> scan() {
    const Descriptor upper = open_upper(part_);
    const Descriptor target = open_target(part_);
    add_directory(upper.number(), ".", target.number(), ".", ".", true);
    walk(upper.number(), target.number(), "", is_opaque(upper.number()), 1);
    return std::move(changes_);
  }

 private:
  void walk(int upper, int target, const std::string &prefix, bool opaque, int depth) {
    if (depth > kDeepest) fail(shown(prefix.substr(0, 64)) + "... is too deep", "drop the layer");
    const std::vector<std::string> names = names_in(upper);
    for (const std::string &name : names) {
      const FileStat before = target >= 0 ? facts_of(target, name.c_str()) : FileStat{};
      compare(upper, target, name, prefix + name, before, opaque, depth);
    }
    if (!opaque || target < 0) return;
    for (const std::string &name : names_in(target))
      if (!std::binary_search(names.begin(), names.end(), name))
        add_deleted(target, name.c_str(), prefix + name, facts_of(target, name.c_str()));
  }

  void compare(int upper, int target, const std::string &name, const std::string &path,
               const FileStat &before, bool opaque, int depth) {
    const FileStat after = upper_stat(part_, upper, name.c_str());
    if (after.is_whiteout()) {
      if (before.exists()) add_deleted(target, name.c_str(), path, before);
    } else if (after.is_directory()) {
      enter(upper, target, name, path, before, opaque, depth);
    } else if (!before.exists()) {
      add('A', path, before, after, upper, target, name);
    } else {
      see_if_needed(before);
      if (!are_same(meanwhile_, upper, target, name.c_str(), after, before))
        add('M', path, before, after, upper, target, name);
      if (before.is_directory()) add_contents(target, name.c_str(), path);
    }
  }

  void enter(int upper, int target, const std::string &name, const std::string &path,
             const FileStat &before, bool opaque, int depth) {
    const Descriptor child = open_upper(part_, upper, name.c_str());
    if (!child.is_open()) fail_errno("open", path);
    Descriptor below;
    if (before.is_directory()) {
      below = open_readable(target, name.c_str());
      add_directory(upper, name.c_str(), target, name.c_str(), path, below.is_open());
    } else {
      add(before.exists() ? 'M' : 'A', path, before, upper_stat(part_, upper, name.c_str()), upper,
          target, name);
    }
    opaque = opaque || is_opaque(child.number());
    if (opaque && before.is_directory()) {
      if (meanwhile_.changed(before))
        changes_.push_back({'M', path, before, before, {}, {}, Obstacle::Conflict});
      see_if_needed(before);
    }
    walk(child.number(), below.number(), path + "/", opaque, depth + 1);
  }

  // One that is in both: what is in it is not what it is. Of an unreadable one the attributes are
  // not known.
  void add_directory(int upper, const char *name, int target, const char *target_name,
                     const std::string &path, bool readable) {
    const FileStat before = facts_of(target, target_name);
    const FileStat after = upper_stat(part_, upper, name);
    if (before.st_mode == after.st_mode &&
        (!readable || attributes_of(upper, name) == attributes_of(target, target_name)))
      return;
    const bool conflicts = meanwhile_.changed(before, after);
    if (!conflicts) meanwhile_.see(before);
    changes_.push_back(
        {'M', path, before, after, {}, {}, conflicts ? Obstacle::Conflict : Obstacle::None});
  }

  void add(char kind, const std::string &path, const FileStat &before, const FileStat &after,
           int upper, int target, const std::string &name) {
    Obstacle obstacle = Obstacle::None;
    if (after.is_device()) obstacle = Obstacle::Device;
    if (before.exists() && meanwhile_.changed(before)) obstacle = Obstacle::Conflict;
    changes_.push_back({kind, path, before, after, link_target(target, name.c_str(), before),
                        link_target(upper, name.c_str(), after), obstacle});
  }

  void add_deleted(int target, const char *name, const std::string &path, const FileStat &before) {
    see_if_needed(before);
    changes_.push_back({'D',
                        path,
                        before,
                        FileStat{},
                        link_target(target, name, before),
                        {},
                        meanwhile_.changed(before) ? Obstacle::Conflict : Obstacle::None});
    if (before.is_directory()) add_contents(target, name, path);
  }

  // Taking away one name, or what is in a directory, changes the ctime of the rest.
  void see_if_needed(const FileStat &before) {
    if (before.is_directory() || before.st_nlink > 1) meanwhile_.see(before);
  }

  void add_contents(int target, const char *name, const std::string &path) {
    const Descriptor directory = open_readable(target, name);
    if (!directory.is_open()) return;
    const std::string prefix = path + "/";
    for (const std::string &child : names_in(directory.number()))
      add_deleted(directory.number(), child.c_str(), prefix + child,
                  facts_of(directory.number(), child.c_str()));
  }

  const OverlayDir &part_;
  Baseline &meanwhile_;
  std::deque<Change> changes_;
};

}  // namespace

Baseline::Baseline(const OverlayDir &part) : start_(part.start) {}

bool Baseline::touched(const FileStat &stats) const { return is_later(stats.st_ctim, start_); }

bool Baseline::changed(const FileStat &stats) const {
  if (!touched(stats)) return false;
  const auto found = seen_.find(stats.st_ino);
  if (found == seen_.end()) return true;
  const Snapshot &seen = found->second;
  // What is in a directory has facts of its own; and it may have been unlocked.
  if (stats.is_directory()) return (stats.st_mode | S_IRWXU) != (seen.mode | S_IRWXU);
  return stats.st_mode != seen.mode || stats.st_size != seen.size ||
         is_later(stats.st_mtim, seen.modified) || is_later(seen.modified, stats.st_mtim);
}

bool Baseline::changed(const FileStat &stats, const FileStat &wanted) const {
  if (!touched(stats)) return false;
  const auto found = seen_.find(stats.st_ino);
  if (found != seen_.end() && (stats.st_mode | S_IRWXU) == (found->second.mode | S_IRWXU))
    return false;
  return (stats.st_mode | S_IRWXU) != (wanted.st_mode | S_IRWXU);
}

void Baseline::see(const FileStat &stats) {
  if (!changed(stats))
    seen_.try_emplace(stats.st_ino, Snapshot{stats.st_mode, stats.st_size, stats.st_mtim});
}

void Baseline::own(const FileStat &stats) {
  seen_.insert_or_assign(stats.st_ino, Snapshot{stats.st_mode, stats.st_size, stats.st_mtim});
}

bool Baseline::load(const OverlayDir &part) {
  const Descriptor file = open_file(part.opened.number(), "known", O_RDONLY);
  if (!file.is_open()) {
    if (errno != ENOENT) fail_errno("read", "known");
    return false;
  }
  const std::string contents = contents_of(file.number());
  const char *at = contents.c_str();
  unsigned long inode;
  Snapshot seen = {};
  for (int used = 0; std::sscanf(at, "%lu %o %ld %ld %ld\n%n", &inode, &seen.mode, &seen.size,
                                 &seen.modified.tv_sec, &seen.modified.tv_nsec, &used) == 5;
       at += used)
    seen_[inode] = seen;
  return true;
}

// There as a whole or not at all.
void Baseline::save(const OverlayDir &part) const {
  std::string contents;
  for (const auto &[inode, seen] : seen_) {
    char line[160];
    std::snprintf(line, sizeof line, "%lu %o %ld %ld %ld\n", inode, seen.mode, seen.size,
                  seen.modified.tv_sec, seen.modified.tv_nsec);
    contents += line;
  }
  const int directory = part.opened.number();
  const Descriptor file = open_file(directory, "known.new", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (!file.is_open() || !write_all(file.number(), contents) ||
      ::renameat(directory, "known.new", directory, "known") < 0)
    fail_errno("write", "known");
}

bool are_same(const Baseline &baseline, int upper, int target, const char *name,
              const FileStat &after, const FileStat &before) {
  if (after.st_mode != before.st_mode || after.st_uid != before.st_uid ||
      after.st_gid != before.st_gid)
    return false;
  if (after.is(S_IFLNK)) return target_of(upper, name) == target_of(target, name);
  if (!after.is(S_IFREG)) return true;
  if (after.st_size != before.st_size || after.st_mtim.tv_sec != before.st_mtim.tv_sec ||
      after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
    return false;
  const Descriptor left = open_contents(upper, name);
  const Descriptor right = open_contents(target, name);
  // Alike down to the nanosecond, and made since: by an interrupted commit.
  if (!left.is_open() || !right.is_open()) return baseline.touched(before);
  return same_contents(left.number(), right.number()) &&
         attributes_of(upper, name) == attributes_of(target, name);
}

bool is_opaque(int directory) { return has_attribute(directory, "user.overlay.opaque", "y"); }

bool tree_changed(const Baseline &baseline, int directory, const char *name,
                  const FileStat &stats) {
  if (baseline.changed(stats)) return true;
  if (!stats.is_directory()) return false;
  const Descriptor opened = open_readable(directory, name);
  if (!opened.is_open()) return false;
  return std::ranges::any_of(names_in(opened.number()), [&](const std::string &child) {
    return tree_changed(baseline, opened.number(), child.c_str(),
                        facts_of(opened.number(), child.c_str()));
  });
}

std::deque<Change> scan(const OverlayDir &part, Baseline &baseline, const Selection &selection) {
  std::deque<Change> changes = Scanner(part, baseline).scan();
  if (!selection.is_all())
    std::erase_if(changes, [&](const Change &change) { return !selection.takes(change.path); });
  return changes;
}

}  // namespace ll
