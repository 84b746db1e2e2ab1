#include "commit.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "copy.h"
#include "fail.h"
#include "scan.h"

namespace ll {

namespace {

void report_conflict(const std::string &path) {
  report_error(shown(path) + " has changed meanwhile: left as it is");
}

class Committer {
 public:
  Committer(const OverlayDir &part, Baseline &baseline, const Commit &commit)
      : part_(part),
        meanwhile_(baseline),
        force_(commit.force),
        selection_(commit.selection),
        upper_(open_upper(part)),
        target_(open_target(part)),
        moves_(can_rename()) {
    open_stage();
  }

  // Whether nothing stood in the way.
  bool commit() {
    note_stat(part_, facts_of(upper_.number()));
    merge(upper_.number(), target_.number(), "");
    stage_ = Descriptor();
    if (!moves_) remove_stage(part_, target_);
    if (selection_.is_all())
      finish_directory(upper_.number(), ".", target_.number(),
                       upper_stat(part_, upper_.number(), "."));
    if (!moves_ && ::syncfs(target_.number()) < 0) fail_errno("write", part_.directory);
    if (!moves_ && !selection_.is_all() && !conflicts_) forget_copied();
    return !conflicts_;
  }

 private:
  // rename(2): not from one mount to another, even of the same file system.
  [[nodiscard]] bool can_rename() const {
    struct statx upper = {};
    struct statx target = {};
    const auto look = [](const Descriptor &opened, struct statx &stats) {
      if (::statx(opened.number(), "", AT_EMPTY_PATH, STATX_MNT_ID, &stats) < 0)
        fail_errno("stat", "a directory");
    };
    look(upper_, upper);
    look(target_, target);
    return upper.stx_dev_major == target.stx_dev_major &&
           upper.stx_dev_minor == target.stx_dev_minor && upper.stx_mnt_id == target.stx_mnt_id;
  }

  // What was copied, and is on the disk, is no change any more. All of it is the same now.
  void forget_copied() {
    copied_ = true;
    merge(upper_.number(), target_.number(), "");
  }

  // On the file system of the directory. What is in it is what an interrupted commit left.
  void open_stage() {
    const std::string stage = moves_ ? "stage" : part_.stage();
    const int parent = moves_ ? part_.opened.number() : target_.number();
    if (::mkdirat(parent, stage.c_str(), 0700) < 0 && errno != EEXIST)
      fail_errno("write to", part_.directory);
    stage_ = open_directory(parent, stage.c_str());
    if (!stage_.is_open()) fail_errno("open", stage);
    if (facts_of(stage_.number()).st_uid != ::geteuid())
      fail(shown(part_.shown_path(stage)) + " belongs to another user", "remove it");
    for (const std::string &name : names_in(stage_.number()))
      if (name[0] != kLinked) remove_tree(stage_.number(), name.c_str());
  }

  void merge(int upper, int target, const std::string &prefix) {
    for (const std::string &name : names_in(upper)) {
      const FileStat after = upper_stat(part_, upper, name.c_str());
      const FileStat before = facts_of(target, name.c_str());
      const std::string path = prefix + name;
      if (after.is_directory())
        merge_directory(upper, target, name.c_str(), path, after, before);
      else if (!selection_.takes(path))
        continue;
      else if (after.is_whiteout())
        erase(upper, target, name.c_str(), path, before);
      else
        put(upper, target, name.c_str(), path, after, before);
    }
  }

  void erase(int upper, int target, const char *name, const std::string &path,
             const FileStat &before) {
    if (before.exists() && !take_away(target, name, path, before)) return;
    consume(upper, name, 0);
  }

  // False where it has changed: that is left.
  bool take_away(int target, const char *name, const std::string &path, const FileStat &before) {
    if (!force_ && tree_changed(meanwhile_, target, name, before)) return conflict(path);
    if (!before.is_directory()) {
      if (::unlinkat(target, name, 0) < 0) fail_errno("delete", path);
      return true;
    }
    // rename(2) writes its "..".
    if (!open_unlocked(target, name).is_open()) fail_errno("open", path);
    const std::string taken = "taken" + std::to_string(taken_++);
    if (::renameat(target, name, stage_.number(), taken.c_str()) == 0) {
      if (!moves_ && ::fsync(target) < 0) fail_errno("write", path);
      remove_tree(stage_.number(), taken.c_str());
      return true;
    }
    // overlayfs(5): it moves no directory that is in its lower layer.
    if (errno != EXDEV) fail_errno("delete", path);
    remove_tree(target, name);
    return true;
  }

  void merge_directory(int upper, int target, const char *name, const std::string &path,
                       const FileStat &after, FileStat before) {
    const bool taken = selection_.takes(path);
    if (!taken && !takes_any_in(upper, name, path)) return;
    if (moves_) note_stat(part_, after);
    unlock(part_, upper, name, S_IRWXU);
    const Descriptor child = open_directory(upper, name);
    if (!child.is_open()) fail_errno("open", path);
    const bool opaque = is_opaque(child.number());
    if (!taken && before.exists() && (opaque || !before.is_directory())) {
      report_error(shown(part_.shown_path(path)) +
                   " was replaced as a whole: select it, not a part of it");
      conflicts_ = true;
      return;
    }
    if (before.exists() && (opaque || !before.is_directory())) {
      if (!take_away(target, name, path, before)) return;
      before = FileStat{};
    }
    if (opaque && ::fremovexattr(child.number(), "user.overlay.opaque") < 0)
      fail_errno("change", path);
    const bool made = !before.exists();
    if (made && !make_directory(upper, target, name, path, after)) return;
    if (taken && !force_ && !made && meanwhile_.changed(before, after)) {
      conflict(path);
      return;
    }
    const Descriptor below = open_unlocked(target, name);
    if (!below.is_open()) fail_errno("open", path);
    merge(child.number(), below.number(), path + "/");
    if (taken || made) finish_directory(upper, name, below.number(), after);
    if (!selection_.is_all()) meanwhile_.own(facts_of(below.number()));
    if (taken) consume(upper, name, AT_REMOVEDIR);
  }

  // Without that a directory on the way to nothing would be made.
  [[nodiscard]] bool takes_any_in(int upper, const char *name, const std::string &path) const {
    const Descriptor opened = open_upper(part_, upper, name);
    if (!opened.is_open()) fail_errno("open", path);
    return std::ranges::any_of(names_in(opened.number()), [&](const std::string &child) {
      const std::string below = path + "/" + child;
      return selection_.takes(below) || (facts_of(opened.number(), child.c_str()).is_directory() &&
                                         takes_any_in(opened.number(), child.c_str(), below));
    });
  }

  bool make_directory(int upper, int target, const char *name, const std::string &path,
                      const FileStat &wanted) {
    if (::mkdirat(stage_.number(), kNew, 0700) < 0) fail_errno("make", path);
    const Descriptor made = open_directory(stage_.number(), kNew);
    set_attributes(made.number(), ".", attributes_of(upper, name));
    set_owner(made.number(), wanted);
    if (::fchmod(made.number(), wanted.permissions() | S_IRWXU) < 0) fail_errno("make", path);
    if (rename_new(stage_.number(), kNew, target, name)) return true;
    if (errno != EEXIST) fail_errno("make", path);
    remove_tree(stage_.number(), kNew);
    return conflict(path);
  }

  static void finish_directory(int upper, const char *name, int target, const FileStat &wanted) {
    const Attributes attributes = attributes_of(upper, name);
    if (attributes_of(target, ".") != attributes) set_attributes(target, ".", attributes);
    if (facts_of(target).permissions() != wanted.permissions() &&
        ::fchmod(target, wanted.permissions()) < 0)
      fail_errno("change the mode of", name);
    const timespec times[] = {wanted.st_atim, wanted.st_mtim};
    // EPERM: a directory that others own, where this user may write.
    if (::futimens(target, times) < 0 && errno != EPERM) fail_errno("change the times of", name);
  }

  void put(int upper, int target, const char *name, const std::string &path, const FileStat &after,
           const FileStat &before) {
    if (before.exists() && are_same(meanwhile_, upper, target, name, after, before))
      return consume(upper, name, 0);
    if (before.is_directory()) {
      if (!take_away(target, name, path, before)) return;
    } else if (before.exists() && !force_ && meanwhile_.changed(before)) {
      conflict(path);
      return;
    }
    const bool replaces = before.exists() && !before.is_directory();
    std::string source = name;
    if (!moves_) {
      if (after.is(S_IFREG) && (after.st_mode & S_IRUSR) == 0) unlock(part_, upper, name, S_IRUSR);
      source = copy_into(stage_.number(), upper, name, after);
    } else if (after.is(S_IFREG)) {
      strip_attributes(upper, name, after);
    }
    const int from = moves_ ? upper : stage_.number();
    if (replaces ? ::renameat(from, source.c_str(), target, name) == 0
                 : rename_new(from, source.c_str(), target, name)) {
      if (!selection_.is_all()) meanwhile_.own(facts_of(target, name));
      return;
    }
    if (errno != EEXIST) fail_errno("write", path);
    conflict(path);
  }

  // What a rename would take along although it is overlayfs's, or no user's to give.
  void strip_attributes(int upper, const char *name, const FileStat &stats) const {
    if ((stats.st_mode & S_IRUSR) == 0) unlock(part_, upper, name, S_IRUSR);
    const Descriptor opened = open_file(upper, name, O_RDONLY | O_NONBLOCK);
    if (!opened.is_open()) fail_errno("open", name);
    for (const std::string &attribute : attribute_names(opened.number())) {
      if (!attribute.starts_with("user.overlay.") && attribute != "security.capability") continue;
      if ((stats.st_mode & S_IWUSR) == 0) unlock(part_, upper, name, S_IWUSR);
      if (::fremovexattr(opened.number(), attribute.c_str()) < 0)
        fail_errno("remove an attribute of", name);
    }
    // It may have been unlocked just now, or by a commit that was interrupted then.
    constexpr mode_t kOpen = S_IRUSR | S_IWUSR;
    if ((stats.st_mode & kOpen) != kOpen) set_permissions(opened, stats.permissions(), name);
  }

  // What is copied stays in the layer until all is on the disk.
  void consume(int upper, const char *name, int flags) const {
    if ((!moves_ && !copied_) || ::unlinkat(upper, name, flags) == 0) return;
    if (errno != ENOTEMPTY || (!conflicts_ && selection_.is_all()))
      fail_errno("remove from the layer", name);
  }

  bool conflict(const std::string &path) {
    report_conflict(part_.shown_path(path));
    conflicts_ = true;
    return false;
  }

  const OverlayDir &part_;
  Baseline &meanwhile_;
  bool force_;
  const Selection &selection_;
  Descriptor upper_, target_, stage_;
  bool moves_;
  unsigned taken_ = 0;
  bool conflicts_ = false;
  bool copied_ = false;
};

// A signal that ends this program may be blocked: while it waits it is obeyed.
bool is_asked_to_end() {
  sigset_t pending;
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGINT) == 1 || ::sigismember(&pending, SIGTERM) == 1 ||
         ::sigismember(&pending, SIGHUP) == 1;
}

void wait_for_lock(const Descriptor &directory, const std::string &path) {
  constexpr useconds_t kPause = 20'000;  // microseconds
  bool told = false;
  while (::flock(directory.number(), LOCK_EX | LOCK_NB) < 0) {
    if (errno != EWOULDBLOCK) fail_errno("lock", path);
    if (!told) tell("another commit is running in " + shown(path) + ": waiting for it");
    told = true;
    if (is_asked_to_end()) fail("nothing was committed", "commit the layer later");
    ::usleep(kPause);
  }
}

bool is_clear(const OverlayDir &part, const std::deque<Change> &changes, bool force) {
  bool clear = true;
  for (const Change &change : changes) {
    const std::string path = part.shown_path(change.path);
    if (change.obstacle == Obstacle::Device) {
      report_error(shown(path) + " is a device: devices are not committed");
      clear = false;
    } else if (change.obstacle == Obstacle::Conflict && !force) {
      report_conflict(path);
      clear = false;
    } else if (change.after.is(S_IFREG) && (change.after.st_mode & (S_ISUID | S_ISGID)) != 0) {
      report_error(shown(path) + " runs as its owner or group: a set-user-ID or set-group-ID file");
    }
  }
  return clear;
}

// Nothing was written to the directory: the usual case need not make a stage.
bool is_untouched(const OverlayDir &part) {
  const Descriptor upper = open_upper(part);
  const Descriptor target = open_target(part);
  const FileStat after = upper_stat(part, upper.number(), ".");
  const FileStat before = facts_of(target.number());
  return after.st_mode == before.st_mode && after.st_mtim.tv_sec == before.st_mtim.tv_sec &&
         after.st_mtim.tv_nsec == before.st_mtim.tv_nsec && names_in(upper.number()).empty() &&
         attributes_of(upper.number(), ".") == attributes_of(target.number(), ".");
}

// In the order of their numbers, so that two commits do not wait for each other.
std::vector<Descriptor> lock_targets(const Layer &layer) {
  std::vector<const OverlayDir *> parts;
  for (const OverlayDir &part : layer.parts) parts.push_back(&part);
  std::ranges::sort(parts, {},
                    [](const OverlayDir *part) { return std::pair(part->device, part->inode); });
  std::vector<Descriptor> locks;
  for (const OverlayDir *part : parts) {
    locks.push_back(open_target(*part));
    wait_for_lock(locks.back(), part->directory);
  }
  return locks;
}

bool has_changes(const OverlayDir &part) {
  Baseline baseline(part);
  baseline.load(part);
  return !scan(part, baseline).empty();
}

}  // namespace

bool commit_layer(Layer &layer, const Commit &commit) {
  if (is_dropped(layer)) return drop_layer(layer), true;
  const std::vector<Descriptor> locks = lock_targets(layer);
  std::deque<Baseline> known;
  bool clear = true;
  for (const OverlayDir &part : layer.parts) {
    Baseline &baseline = known.emplace_back(part);
    const bool saved = baseline.load(part);
    const std::deque<Change> changes = scan(part, baseline, commit.selection);
    const bool free = is_clear(part, changes, commit.force);
    if (free && !saved && !changes.empty()) baseline.save(part);
    clear = clear && free;
  }
  if (!clear) return false;
  for (size_t i = 0; i < layer.parts.size(); i++) {
    if (is_untouched(layer.parts[i])) continue;
    clear = Committer(layer.parts[i], known[i], commit).commit() && clear;
    if (!commit.selection.is_all()) known[i].save(layer.parts[i]);
  }
  if (clear && (commit.selection.is_all() || std::ranges::none_of(layer.parts, has_changes)))
    drop_layer(layer);
  return clear;
}

}  // namespace ll
