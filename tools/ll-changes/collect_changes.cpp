#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <set>

#include "copy.h"
#include "duplicate.h"
#include "fail.h"
#include "index.h"

namespace ll {

namespace {

class Collector {
 public:
  explicit Collector(const OverlayDir &part) : part_(part) { index_.load(part.opened.number()); }

  // False: something was left out.
  bool collect() {
    const int place = part_.opened.number();
    remove_tree(place, "upper");
    if (::mkdirat(place, "upper", 0700) < 0) fail_errno("make", "upper");
    const FileStat stats = facts_of(place, "copy");
    const Descriptor copy = open_unlocked(place, "copy");
    const Descriptor upper = open_directory(place, "upper");
    if (!copy.is_open() || !upper.is_open()) fail_errno("open", "copy");
    unread_ = index_.unread();
    load_denied();
    if (!unread_.empty()) find_moved(copy.number(), "");
    collect(copy.number(), upper.number(), "", false);
    finish(copy.number(), upper.number(), stats);
    if (::unlinkat(place, "index", 0) < 0) fail_errno("remove", "index");
    for (const char *name : {"copy", "hidden", "denied"}) remove_tree(place, name);
    return whole_;
  }

 private:
  void load_denied() {
    const Descriptor file = open_file(part_.opened.number(), "denied", O_RDONLY);
    if (!file.is_open() && errno == ENOENT) return;
    if (!file.is_open()) fail_errno("read", "denied");
    const std::string names = contents_of(file.number());
    for (size_t at = 0; at < names.size(); at += names.find('\0', at) - at + 1)
      denied_.emplace(names.c_str() + at);
  }

  // What the command has put in the place of what it was denied.
  bool is_denied(const std::string &path, const FileStat &stats, const Entry *known) {
    if (!denied_.contains(path) || (known != nullptr && known->is_just(stats))) return false;
    report_error(shown(part_.shown_path(path)) + " is denied: what was written there is omitted");
    whole_ = false;
    return true;
  }

  void leave_out(const std::string &path) {
    report_error(shown(part_.shown_path(path)) +
                 " could not be read when it was copied: its change is omitted");
    whole_ = false;
  }

  // Something beneath it that must stay as it is: denied, or without its contents in the copy.
  [[nodiscard]] bool holds_kept(const std::string &path) const {
    const std::string prefix = path + "/";
    const auto denied = denied_.lower_bound(prefix);
    if (denied != denied_.end() && denied->starts_with(prefix)) return true;
    return index_.any_beneath(prefix, [&](const Entry &entry) {
      return entry.unread == Unread::Listing || moved_.contains(entry.inode);
    });
  }

  bool leave_kept(const std::string &path) {
    if (!holds_kept(path)) return false;
    report_error(shown(part_.shown_path(path)) +
                 " contains denied or unreadable files: left as it is");
    whole_ = false;
    return true;
  }

  // What is in the place of something unread elsewhere than it was: that is not deleted.
  void find_moved(int directory, const std::string &prefix) {
    for (const std::string &name : names_in(directory)) {
      const FileStat stats = facts_of(directory, name.c_str());
      const Entry *known = index_.find(prefix + name);
      if (unread_.contains(stats.st_ino) && (known == nullptr || known->inode != stats.st_ino))
        moved_.insert(stats.st_ino);
      if (!stats.is_directory()) continue;
      const Descriptor child = open_unlocked(directory, name.c_str());
      if (!child.is_open()) fail_errno("open", prefix + name);
      find_moved(child.number(), prefix + name + "/");
      restore(child, stats, name);
    }
  }

  static void restore(const Descriptor &opened, const FileStat &stats, const std::string &name) {
    if (facts_of(opened.number()).permissions() != stats.permissions())
      set_permissions(opened, stats.permissions(), name.c_str());
  }

  // How many names are in the layer then. `anew`: the command has made the directory.
  size_t collect(int copy, int upper, const std::string &prefix, bool anew) {
    const std::vector<std::string> names = names_in(copy);
    size_t count = 0;
    for (const std::string &name : names) {
      const FileStat stats = facts_of(copy, name.c_str());
      const Entry *known = anew ? nullptr : index_.find(prefix + name);
      if (is_denied(prefix + name, stats, known)) continue;
      const bool put = stats.is_directory()
                           ? put_directory(copy, upper, name.c_str(), prefix + name, stats, known)
                           : put_file(copy, upper, name.c_str(), prefix + name, stats, known);
      count += put ? 1 : 0;
    }
    if (anew) return count;
    for (const std::string &name : index_.names_in(prefix))
      if (!std::binary_search(names.begin(), names.end(), name))
        count += put_whiteout(upper, name.c_str(), prefix + name) ? 1 : 0;
    return count;
  }

  bool put_directory(int copy, int upper, const char *name, const std::string &path,
                     const FileStat &stats, const Entry *known) {
    const bool same = known != nullptr && known->inode == stats.st_ino;
    if (unread_.contains(stats.st_ino)) return leave_unlisted(copy, name, path, stats, same);
    if (::mkdirat(upper, name, 0700) < 0) fail_errno("make", path);
    const Descriptor from = open_unlocked(copy, name);
    const Descriptor to = open_directory(upper, name);
    if (!from.is_open() || !to.is_open()) fail_errno("open", path);
    // Where a file system has no attributes, what is gone is said name by name.
    const bool opaque = known != nullptr && !same && !holds_kept(path) &&
                        ::fsetxattr(to.number(), "user.overlay.opaque", "y", 1, 0) == 0;
    const size_t count =
        collect(from.number(), to.number(), path + "/", known == nullptr || opaque);
    if (count == 0 && same && known->is_just(stats)) {
      if (::unlinkat(upper, name, AT_REMOVEDIR) < 0) fail_errno("remove", path);
      return false;
    }
    finish(from.number(), to.number(), stats);
    return true;
  }

  bool leave_unlisted(int copy, const char *name, const std::string &path, const FileStat &stats,
                      bool same) {
    if (same) {
      const Descriptor opened = open_unlocked(copy, name);
      if (!opened.is_open()) fail_errno("open", path);
      if (names_in(opened.number()).empty() && index_.find(path)->is_just(stats)) return false;
    }
    leave_out(path);
    return false;
  }

  bool put_file(int copy, int upper, const char *name, const std::string &path,
                const FileStat &stats, const Entry *known) {
    if (known != nullptr && known->is_just(stats)) return false;
    if (unread_.contains(stats.st_ino) && !is_written(copy, name, stats)) {
      leave_out(path);
      return false;
    }
    if (known != nullptr && leave_kept(path)) return false;
    if (::linkat(copy, name, upper, name, 0) < 0) fail_errno("link", path);
    return true;
  }

  // Any of it, at its place.
  static bool holds_placeholder(int file) {
    constexpr size_t kWindow = 4;
    char bytes[kPlaceholder];
    const ssize_t got = ::pread(file, bytes, sizeof bytes, 0);
    if (got < 0) fail_errno("read", "a copy");
    const std::string text = placeholder(static_cast<size_t>(got));
    for (size_t at = 0; at < text.size(); at += kWindow)
      if (text.compare(at, kWindow, bytes + at, std::min(kWindow, text.size() - at)) == 0)
        return true;
    return false;
  }

  // All of it, and not only a part of what was a hole.
  static bool is_written(int copy, const char *name, const FileStat &stats) {
    const Descriptor path = open_file(copy, name, O_PATH);
    if (!path.is_open()) fail_errno("open", name);
    set_permissions(path, stats.permissions() | S_IRUSR, name);
    const Descriptor opened = open_file(copy, name, O_RDONLY | O_NONBLOCK);
    if (!opened.is_open()) fail_errno("open", name);
    const bool written =
        !holds_placeholder(opened.number()) &&
        (stats.st_size == 0 || ::lseek(opened.number(), 0, SEEK_HOLE) == stats.st_size);
    set_permissions(path, stats.permissions(), name);
    return written;
  }

  bool put_whiteout(int upper, const char *name, const std::string &path) {
    const Entry &gone = *index_.find(path);
    if (gone.unread == Unread::All || denied_.contains(path)) return false;
    if (gone.unread == Unread::Listing || moved_.contains(gone.inode)) {
      leave_out(path);
      return false;
    }
    if (leave_kept(path)) return false;
    if (::symlinkat(part_.whiteout().c_str(), upper, name) < 0) fail_errno("write", path);
    return true;
  }

  static void finish(int from, int to, const FileStat &stats) {
    set_attributes(to, ".", attributes_of(from, "."));
    set_owner(to, stats, Owner::IfAllowed);
    const timespec times[] = {stats.st_atim, stats.st_mtim};
    if (::fchmod(to, stats.permissions()) < 0 || ::futimens(to, times) < 0)
      fail_errno("change the mode of", "a directory");
  }

  const OverlayDir &part_;
  Index index_;
  std::set<ino_t> unread_, moved_;
  std::set<std::string> denied_;
  bool whole_ = true;
};

}  // namespace

bool collect_changes(const OverlayDir &part) { return Collector(part).collect(); }

}  // namespace ll
