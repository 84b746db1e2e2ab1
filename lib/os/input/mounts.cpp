#include "os/input/mounts.h"

#include "core/diagnostic.h"
#include "core/mem.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

// proc_pid_mountinfo(5): "36 35 98:0 /root /mount/point options ..."
struct Mount {
  uint64_t id = 0;
  Text device;  // "98:0"
  Text root;    // of the mount, from that of its file system
  Text point;
};

Text take_word(Text &line) {
  const Text word = line.first(find(line, ' '));
  line = line.from(word.size + 1);
  return word;
}

// A blank in a path is written as \040.
class Path {
 public:
  explicit Path(Text word) : written_(bytes_, sizeof bytes_) {
    while (!word.empty()) {
      const bool escaped = word[0] == '\\' && word.size >= 4;
      written_ << (escaped ? static_cast<char>(digit(word[1]) << 6 | digit(word[2]) << 3 |
                                               digit(word[3]))
                           : word[0]);
      word = word.from(escaped ? 4 : 1);
    }
  }
  [[nodiscard]] Text text() const { return written_.text(); }

 private:
  static int digit(char byte) { return byte - '0'; }

  char bytes_[kMaxPath];
  Builder written_;
};

// False at the end of the list.
bool next_mount(Text &left, Mount &mount) {
  if (left.empty()) return false;
  Text line = left.first(find(left, '\n'));
  left = left.from(line.size + 1);
  const Text id = take_word(line);
  take_word(line);
  mount.device = take_word(line);
  mount.root = take_word(line);
  mount.point = take_word(line);
  return parse_number(id, UINT64_MAX, mount.id);
}

// What is behind a directory that the path is in: "/b" of "/a/b" in "/a".
Text behind(Text path, Text directory) {
  return directory == "/"_t ? (path == "/"_t ? Text{} : path) : path.from(directory.size);
}

}  // namespace

long MountList::read() {
  if (size_ != 0) return size_;
  const long file = sys::open_at(uapi::kAT_FDCWD, "/proc/self/mountinfo", uapi::kO_RDONLY);
  if (file < 0) return file;
  size_t size = 0;
  long got = 1;
  while (got > 0 && size < sizeof bytes_) {
    got = sys::read(static_cast<int>(file), bytes_ + size, sizeof bytes_ - size);
    if (got == -uapi::kEINTR)
      got = 1;
    else if (got > 0)
      size += static_cast<size_t>(got);
  }
  sys::close(static_cast<int>(file));
  if (got < 0) return got;
  if (size == sizeof bytes_) return -uapi::kE2BIG;
  size_ = static_cast<long>(size);
  return size_;
}

Aliases::Aliases(const Policy &policy, const SourceSpan &where, Text path, MountList &mounts)
    : policy_(policy), where_(where), path_(path) {
  uapi::Statx stat;
  char terminated[kMaxPath];
  Builder copy(terminated, sizeof terminated);
  copy << path << '\0';
  const long looked = sys::stat_at(uapi::kAT_FDCWD, terminated, uapi::kAT_SYMLINK_NOFOLLOW, stat);
  if (looked < 0) die_at(policy_, where_, "cannot stat %: %", path, Error{looked});
  device_number_ = uapi::device_of(stat);
  inode_ = stat.ino;
  const long size = mounts.read();
  // No /proc, or one that is not granted to a launcher that runs in a sandbox.
  if (size == -uapi::kENOENT || size == -uapi::kENOTDIR || size == -uapi::kEACCES) return;
  if (size < 0) die_at(policy_, where_, "cannot read /proc/self/mountinfo: %", Error{size});
  const Text all = mounts.text();
  Mount mount;
  for (Text left = all; next_mount(left, mount);) {
    if (mount.id != stat.mount_id) continue;
    const Path point(mount.point);
    const Path root(mount.root);
    if (!is_in(path, point.text())) return;
    Builder inside(inside_, sizeof inside_);
    if (!(root.text() == "/"_t)) inside << root.text();
    inside << behind(path, point.text());
    if (inside.empty()) inside << '/';
    inside_size_ = inside.text().size;
    mount_ = mount.id;
    device_ = mount.device;
    all_ = left_ = others_ = all;
    return;
  }
}

Text find_mount_in(Text directory, MountList &mounts, char (&path)[kMaxPath]) {
  const long size = mounts.read();
  if (size < 0) return {};
  Mount mount;
  for (Text left = mounts.text(); next_mount(left, mount);) {
    const Path point(mount.point);
    if (point.text() == directory || !is_in(point.text(), directory)) continue;
    Builder found(path, sizeof path);
    found << point.text();
    return found.text();
  }
  return {};
}

bool Aliases::next(Text &alias) {
  do {
    if (next_of_target(alias)) return true;
  } while (turn_to_next_beneath());
  return false;
}

bool Aliases::next_of_target(Text &alias) {
  Mount mount;
  while (next_mount(left_, mount)) {
    if (mount.id == mount_ || !(mount.device == device_)) continue;
    const Text inside = {inside_, inside_size_};
    const Path root(mount.root);
    const bool whole = is_in(inside, root.text());
    if (!whole && !is_in(root.text(), inside)) continue;
    Builder path(alias_, sizeof alias_);
    const Path point(mount.point);
    if (beneath_ && is_in(point.text(), path_)) continue;
    if (!(point.text() == "/"_t && whole)) path << point.text();
    if (whole) path << behind(inside, root.text());
    if (path.empty()) path << '/';
    const size_t size = path.text().size;
    path << '\0';
    uapi::Statx stat;
    if (sys::stat_at(uapi::kAT_FDCWD, alias_, uapi::kAT_SYMLINK_NOFOLLOW, stat) < 0) continue;
    // Something else is mounted over it.
    if (whole && (uapi::device_of(stat) != device_number_ || stat.ino != inode_)) continue;
    alias = {alias_, size};
    return true;
  }
  return false;
}

// What is mounted beneath the path is a part of it, although of another file system.
bool Aliases::turn_to_next_beneath() {
  Mount mount;
  while (next_mount(others_, mount)) {
    const Path point(mount.point);
    if (point.text() == path_ || !is_in(point.text(), path_)) continue;
    char terminated[kMaxPath];
    Builder copy(terminated, sizeof terminated);
    copy << point.text() << '\0';
    uapi::Statx stat;
    const long looked = sys::stat_at(uapi::kAT_FDCWD, terminated, uapi::kAT_SYMLINK_NOFOLLOW, stat);
    // What is mounted over it hides it; where nobody gets, nothing is to be taken.
    if (looked < 0 || stat.mount_id != mount.id || is_granted_again(point.text())) continue;
    beneath_ = true;
    device_number_ = uapi::device_of(stat);
    inode_ = stat.ino;
    mount_ = mount.id;
    device_ = mount.device;
    const Path root(mount.root);
    Builder inside(inside_, sizeof inside_);
    inside << root.text();
    inside_size_ = inside.text().size;
    left_ = all_;
    return true;
  }
  return false;
}

// The most specific path wins.
bool Aliases::is_granted_again(Text point) const {
  char resolved[kMaxPath];
  for (size_t i = 0; i < policy_.rule_count; i++) {
    const Rule &rule = policy_.rules[i];
    if (!is_path(rule.directive) || rule.any || rule.rights == 0 ||
        rule.directive == Directive::Keep)
      continue;
    const long size = resolve(policy_.directory, rule.value, resolved, sizeof resolved);
    if (size < 0) continue;
    const Text granted = {resolved, static_cast<size_t>(size)};
    if (!(granted == path_) && is_in(granted, path_) && is_in(point, granted)) return true;
  }
  return false;
}

}  // namespace ll
