#include "duplicate.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "copy.h"
#include "fail.h"
#include "index.h"
#include "scan.h"

namespace ll {

namespace {

constexpr uint64_t kMuchData = uint64_t{256} << 20;  // bytes; from there on it is said before
constexpr uint64_t kManyFiles = 20'000;
constexpr uint64_t kDataInSecond = 400'000'000;  // bytes, of a disk that is not slow
constexpr uint64_t kFilesInSecond = 15'000;

struct Size {
  uint64_t bytes = 0;
  uint64_t files = 0;
};

[[noreturn]] void fail_to_enter(const OverlayDir &part, const std::string &path) {
  if (errno == EXDEV)
    fail("cannot copy " + part.directory + ": " + part.directory + "/" + path + " is mounted in it",
         "unmount it, or name the directories beside it");
  fail_errno("open", path);
}

// Ctrl-C during a long copy leaves nothing behind: who blocked it ends when that is removed.
void check_signals() {
  sigset_t pending;
  ::sigpending(&pending);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    if (::sigismember(&pending, signal) == 1) throw Failure();
}

class Measurer {
 public:
  explicit Measurer(const OverlayDir &part) : part_(part) {}

  Size measure() {
    const Descriptor target = open_target(part_);
    add(target.number(), "", 1);
    return size_;
  }
  // Whether data is shared, and not copied.
  [[nodiscard]] bool shares() const { return shares_; }

 private:
  void add(int directory, const std::string &prefix, int depth) {
    if (depth > kDeepest)
      fail(shown(prefix.substr(0, 64)) + "... is too deep", "name a directory further down");
    check_signals();
    for (const std::string &name : names_in(directory)) {
      const FileStat stats = facts_of(directory, name.c_str());
      size_.files++;
      if (stats.is(S_IFREG)) {
        if (!tried_ && stats.st_size > 0) try_sharing(directory, name.c_str());
        size_.bytes += static_cast<uint64_t>(stats.st_blocks) * 512;  // stat(2)
      } else if (stats.is_directory()) {
        const Descriptor child = open_directory(directory, name.c_str());
        if (child.is_open())
          add(child.number(), prefix + name + "/", depth + 1);
        else if (errno != EACCES && errno != ENOENT)
          fail_to_enter(part_, prefix + name);
      }
    }
  }

  void try_sharing(int directory, const char *name) {
    const Descriptor from = open_file(directory, name, O_RDONLY | O_NONBLOCK);
    if (!from.is_open()) return;
    tried_ = true;
    const Descriptor to = open_file(part_.opened.number(), "try", O_WRONLY | O_CREAT, 0600);
    shares_ = to.is_open() && ::ioctl(to.number(), FICLONE, from.number()) == 0;
    ::unlinkat(part_.opened.number(), "try", 0);
  }

  const OverlayDir &part_;
  Size size_;
  bool tried_ = false;
  bool shares_ = false;
};

std::string shown_size(uint64_t bytes) {
  char text[32];
  if (bytes >= uint64_t{1} << 30)
    std::snprintf(text, sizeof text, "%.1f GiB", static_cast<double>(bytes) / (1 << 30));
  else
    std::snprintf(text, sizeof text, "%lu MiB", (bytes >> 20) + 1);
  return text;
}

// On a terminal, where it is rewritten.
class Progress {
 public:
  explicit Progress(const Size &size) : size_(size), shown_(::isatty(2) == 1) {}

  void begin(const OverlayDir &part, bool shares) {
    const uint64_t bytes = shares ? 0 : size_.bytes;
    if (bytes < kMuchData && size_.files < kManyFiles) {
      shown_ = false;
      return;
    }
    const uint64_t seconds = bytes / kDataInSecond + size_.files / kFilesInSecond + 1;
    tell("copying " + shown(part.directory) + ": " + std::to_string(size_.files) + " files, " +
         shown_size(size_.bytes) + (shares ? ", sharing their data" : "") + "; about " +
         std::to_string(seconds) + " s");
  }

  void add(const FileStat &stats) {
    done_.files++;
    if (stats.is(S_IFREG)) done_.bytes += static_cast<uint64_t>(stats.st_blocks) * 512;
    if (!shown_ || done_.files % 64 != 0) return;
    const uint64_t percent =
        (percent_of(done_.files, size_.files) + percent_of(done_.bytes, size_.bytes)) / 2;
    if (percent == percent_) return;
    percent_ = percent;
    std::fprintf(stderr, "\r%3lu%%", percent);
  }

  void end() const {
    if (shown_) std::fputs("\r    \r", stderr);
  }

 private:
  static uint64_t percent_of(uint64_t part, uint64_t whole) {
    return whole == 0 || part >= whole ? 100 : part * 100 / whole;
  }

  Size size_, done_;
  bool shown_;
  uint64_t percent_ = 101;
};

class Duplicator {
 public:
  Duplicator(const OverlayDir &part, Progress &progress) : part_(part), progress_(progress) {}

  void duplicate() {
    const int place = part_.opened.number();
    for (const char *name : {"copy", "hidden", "denied"}) remove_tree(place, name);
    if (::mkdirat(place, "copy", 0700) < 0) fail_errno("make", "copy");
    const Descriptor target = open_target(part_);
    const Descriptor copy = open_directory(place, "copy");
    if (!copy.is_open()) fail_errno("open", "copy");
    copy_entries(target.number(), copy.number(), "");
    const Descriptor upper = open_upper(part_);
    apply(upper.number(), copy.number(), "");
    finish(upper.number(), copy.number(), upper_stat(part_, upper.number(), "."));
    note(".", facts_of(copy.number()), Unread::No);
    index_.save(place);
    wait_for_next_time();
  }

 private:
  void note(const std::string &path, const FileStat &stats, Unread unread) {
    index_.add(path, {stats.st_ino, stats.st_ctim, unread});
  }

  void copy_entries(int from, int to, const std::string &prefix) {
    for (const std::string &name : names_in(from)) {
      const FileStat stats = facts_of(from, name.c_str());
      if (!stats.exists()) continue;  // removed since it was listed
      check_signals();
      const Unread unread = copy(from, to, name.c_str(), prefix + name, stats);
      const FileStat made = unread == Unread::All ? FileStat{} : facts_of(to, name.c_str());
      note(prefix + name, made, unread);
      if (unread != Unread::No) report_unread(prefix + name, unread);
      progress_.add(stats);
    }
  }

  Unread copy(int from, int to, const char *name, const std::string &path, const FileStat &stats) {
    if (stats.is_device()) return Unread::All;
    if (stats.is_directory()) return copy_directory(from, to, name, path, stats);
    if (copy_named(to, name, from, name, stats, Owner::IfAllowed)) return Unread::No;
    make_hole(to, name, stats);
    return Unread::Contents;
  }

  Unread copy_directory(int from, int to, const char *name, const std::string &path,
                        const FileStat &stats) {
    if (::mkdirat(to, name, 0700) < 0) fail_errno("make", path);
    const Descriptor below = open_directory(from, name);
    if (!below.is_open() && errno != EACCES) fail_to_enter(part_, path);
    const Descriptor made = open_directory(to, name);
    if (!made.is_open()) fail_errno("open", path);
    if (below.is_open()) {
      copy_entries(below.number(), made.number(), path + "/");
      finish(below.number(), made.number(), stats);
      return Unread::No;
    }
    if (::fchmod(made.number(), stats.permissions()) < 0) fail_errno("change the mode of", path);
    return Unread::Listing;
  }

  static void finish(int from, int made, const FileStat &stats) {
    set_attributes(made, ".", attributes_of(from, "."));
    set_owner(made, stats, Owner::IfAllowed);
    const timespec times[] = {stats.st_atim, stats.st_mtim};
    if (::fchmod(made, stats.permissions()) < 0 || ::futimens(made, times) < 0)
      fail_errno("change the mode of", "a copy");
  }

  // Of its size; what is in it says that it is not what was to be read.
  static void make_hole(int to, const char *name, const FileStat &stats) {
    const Descriptor made = open_file(to, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    const timespec times[] = {stats.st_atim, stats.st_mtim};
    if (!made.is_open() ||
        !write_all(made.number(), placeholder(static_cast<size_t>(stats.st_size))) ||
        ::ftruncate(made.number(), stats.st_size) < 0 ||
        ::fchmod(made.number(), stats.permissions()) < 0 || ::futimens(made.number(), times) < 0)
      fail_errno("make", name);
  }

  void report_unread(const std::string &path, Unread unread) {
    const std::string name = shown(part_.shown_path(path));
    if (unread == Unread::All)
      tell(name + " is a device: it is not copied");
    else if (unread == Unread::Contents)
      tell(name + " cannot be read: it is empty in the copy");
    else
      tell(name + " cannot be listed: it is empty in the copy");
  }

  // What an earlier run in this layer has left.
  void apply(int upper, int copy, const std::string &prefix) {
    for (const std::string &name : names_in(upper)) {
      const FileStat after = upper_stat(part_, upper, name.c_str());
      const std::string path = prefix + name;
      if (after.is_whiteout()) {
        remove_tree(copy, name.c_str());
      } else if (after.is_directory()) {
        apply_directory(upper, copy, name.c_str(), path, after);
      } else {
        remove_tree(copy, name.c_str());
        if (::linkat(upper, name.c_str(), copy, name.c_str(), 0) < 0) fail_errno("link", path);
        mark(path, 0);
      }
    }
  }

  void apply_directory(int upper, int copy, const char *name, const std::string &path,
                       const FileStat &after) {
    const Descriptor from = open_upper(part_, upper, name);
    if (!from.is_open()) fail_errno("open", path);
    const bool replaced = is_opaque(from.number()) || !facts_of(copy, name).is_directory();
    if (replaced) {
      remove_tree(copy, name);
      if (::mkdirat(copy, name, 0700) < 0) fail_errno("make", path);
    }
    const Descriptor made = open_unlocked(copy, name);
    if (!made.is_open()) fail_errno("open", path);
    apply(from.number(), made.number(), path + "/");
    finish(from.number(), made.number(), after);
    mark(path, replaced ? 0 : facts_of(made.number()).st_ino);
  }

  // Changed by the run before: it is so after the next one, too.
  void mark(const std::string &path, ino_t inode) {
    const Entry *known = index_.find(path);
    if (known != nullptr) index_.add(path, {inode, {}, Unread::No});
  }

  // A change that comes in the same tick of the file system's clock has the same time.
  void wait_for_next_time() const {
    timespec last = index_.latest();
    if (index_.counts_seconds()) last.tv_sec++;
    for (;;) {
      timespec now = {};
      ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
      if (now.tv_sec > last.tv_sec || (now.tv_sec == last.tv_sec && now.tv_nsec > last.tv_nsec))
        return;
      // A clock that was set back is not waited for.
      if (last.tv_sec - now.tv_sec > 2)
        fail("the clock of the file system is ahead of this machine's clock", "set the clock");
      ::usleep(1000);
    }
  }

  const OverlayDir &part_;
  Progress &progress_;
  Index index_;
};

void check_room(const OverlayDir &part, const Size &size) {
  struct statvfs stats = {};
  if (::fstatvfs(part.opened.number(), &stats) < 0)
    fail_errno("read the free space of", "the layer");
  const uint64_t room = uint64_t{stats.f_bavail} * stats.f_frsize;
  if (size.bytes <= room) return;
  fail("a copy of " + shown(part.directory) + " needs " + shown_size(size.bytes) + ", but only " +
           shown_size(room) + " are free",
       "name a place with more: --keep-in LAYER, or TMPDIR");
}

}  // namespace

void duplicate(const OverlayDir &part) {
  Measurer measurer(part);
  const Size size = measurer.measure();
  if (!measurer.shares()) check_room(part, size);
  Progress progress(size);
  progress.begin(part, measurer.shares());
  const Descriptor made =
      open_file(part.opened.number(), "duplicated", O_WRONLY | O_CREAT, S_IRUSR | S_IWUSR);
  if (!made.is_open()) fail_errno("write", "duplicated");
  Duplicator(part, progress).duplicate();
  progress.end();
}

std::string placeholder(size_t size) {
  constexpr std::string_view kPattern = "\1unread\2";
  std::string text;
  for (size = std::min(size, kPlaceholder); text.size() < size;) text += kPattern;
  text.resize(size);
  return text;
}

bool has_copy(const OverlayDir &part) { return facts_of(part.opened.number(), "index").exists(); }

bool is_duplicated(const OverlayDir &part) {
  return facts_of(part.opened.number(), "duplicated").exists();
}

}  // namespace ll
