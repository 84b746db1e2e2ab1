#include "needs.h"

#include "calls.h"
#include "intern.h"
#include "tracee_memory.h"

namespace ll {

namespace {

constexpr uint64_t kExecute = mask_of(RightId::execute), kReadFile = mask_of(RightId::read_file),
                   kWriteFile = mask_of(RightId::write_file), kReadDir = mask_of(RightId::read_dir),
                   kTruncate = mask_of(RightId::truncate), kRefer = mask_of(RightId::refer),
                   kRemoveDir = mask_of(RightId::remove_dir),
                   kRemoveFile = mask_of(RightId::remove_file),
                   kMakeFile = mask_of(RightId::make_reg);

// open(2), unlinkat(2), rename(2), linkat(2)
constexpr uint64_t kRightsToOpen[] = {kReadFile, kWriteFile, kReadFile | kWriteFile, 0};
constexpr uint64_t kUnnamed = 020000000;  // of O_TMPFILE
constexpr uint64_t kOfDirectory = 0x200;  // AT_REMOVEDIR
constexpr uint64_t kExchange = 2;         // RENAME_EXCHANGE
constexpr uint64_t kFollowLink = 0x400;   // AT_SYMLINK_FOLLOW

// S_IFMT; 0 for nothing.
int type_of(Text path, bool follow) {
  uapi::Statx stat;
  return sys::stat_at(uapi::kAT_FDCWD, path.data, follow ? 0 : uapi::kAT_SYMLINK_NOFOLLOW, stat) ==
                 0
             ? stat.mode & uapi::kS_IFMT
             : 0;
}

Kind kind_of_type(int type) {
  switch (type) {
    case 0: return Kind::Missing;
    case uapi::kS_IFDIR: return Kind::Directory;
    case uapi::kS_IFCHR:
    case uapi::kS_IFBLK: return Kind::Device;
    case uapi::kS_IFLNK: return Kind::Link;
    default: return Kind::File;
  }
}

uint64_t right_to_make(int type) {
  constexpr int kPipe = 0010000, kSocket = 0140000;
  switch (type) {
    case uapi::kS_IFDIR: return mask_of(RightId::make_dir);
    case uapi::kS_IFCHR: return mask_of(RightId::make_char);
    case uapi::kS_IFBLK: return mask_of(RightId::make_block);
    case uapi::kS_IFLNK: return mask_of(RightId::make_sym);
    case kPipe: return mask_of(RightId::make_fifo);
    case kSocket: return mask_of(RightId::make_sock);
    default: return kMakeFile;
  }
}

uint64_t right_to_remove(int type) { return type == uapi::kS_IFDIR ? kRemoveDir : kRemoveFile; }

class Finder {
 public:
  Finder(int tid, const TracedSyscall &traced, const Syscall &call, Needs &needs)
      : tid_(tid), traced_(traced), call_(call), needs_(needs) {}

  void find() {
    switch (traced_.kind) {
      case CallKind::Open: return open(more());
      case CallKind::Open2: return open2();
      case CallKind::Create: return open(uapi::kO_WRONLY | uapi::kO_CREAT | uapi::kO_TRUNC);
      case CallKind::Execute: return execute();
      case CallKind::Unlink: return remove((more() & kOfDirectory) != 0);
      case CallKind::Rmdir: return remove(true);
      case CallKind::Rename: return rename();
      case CallKind::Link: return link();
      case CallKind::Symlink: return add(false, mask_of(RightId::make_sym));
      case CallKind::Mkdir: return add(false, mask_of(RightId::make_dir));
      case CallKind::Mknod: return add(false, right_to_make(static_cast<int>(more() & 0170000)));
      case CallKind::Truncate: return add(true, kTruncate);
      case CallKind::Ftruncate: return of_descriptor(kTruncate);
      case CallKind::Ioctl: return control();
      default: return;
    }
  }

  void add_path(int directory, Text path, bool follow, uint64_t rights) {
    const size_t before = needs_.count;
    add_asked(directory, path, follow, rights);
    const bool by_name = follow && needs_.count > before && starts_with(path, "/"_t) &&
                         !starts_with(path, "/proc/"_t) && !starts_with(path, "/dev/"_t);
    if (by_name && !(path == needs_.rows[before].path)) needs_.rows[before].named = intern(path);
  }

 private:
  void add_asked(int directory, Text path, bool follow, uint64_t rights) {
    static char resolved[kMaxPath];
    const long size = resolve_for(tid_, directory, path, follow, resolved);
    if (size < 0) {
      needs_.error = size;
      needs_.asked = intern(path);
      return;
    }
    add_resolved({resolved, static_cast<size_t>(size)}, rights);
  }

  [[nodiscard]] uint64_t argument(uint8_t index) const {
    return index == kNo ? 0 : call_.arguments[index];
  }
  [[nodiscard]] uint64_t more() const { return argument(traced_.more); }
  [[nodiscard]] int directory() const { return directory_at(traced_.directory); }
  [[nodiscard]] int directory_at(uint8_t index) const {
    return index == kNo ? kCurrentDirectory : static_cast<int>(call_.arguments[index]);
  }

  void add_resolved(Text path, uint64_t rights) {
    const Text kept = intern(path);
    if (kept.empty()) {
      needs_.error = -uapi::kENOMEM;
      return;
    }
    needs_.rows[needs_.count++] = {kept, rights, kind_of_type(type_of(kept, false))};
  }

  // An empty path is the descriptor's, where the kernel was asked for that.
  bool path_at(uint8_t index, Text &path) {
    static char buffer[kMaxPath];
    if (read_string(tid_, call_.arguments[index], buffer, path)) return true;
    needs_.error = -uapi::kEFAULT;
    return false;
  }

  void add_at(uint8_t directory_index, uint8_t path_index, bool follow, uint64_t rights) {
    Text path;
    if (!path_at(path_index, path)) return;
    if (path.empty() && directory_index != kNo) return of_descriptor(rights);
    add_path(directory_at(directory_index), path, follow, rights);
  }
  void add(bool follow, uint64_t rights) {
    add_at(traced_.directory, traced_.path, follow, rights);
  }

  // Pipes, sockets and such are nowhere, and are restricted by nobody.
  void of_descriptor(uint64_t rights) {
    static char path[kMaxPath];
    const long size = path_of_descriptor(tid_, directory(), path);
    if (size > 0 && path[0] == '/') add_resolved({path, static_cast<size_t>(size)}, rights);
  }

  // TIOCGPTPEER opens the other end of a pseudo-terminal, without a path.
  void control() {
    of_descriptor(mask_of(RightId::ioctl_dev));
    if ((more() & UINT32_MAX) != uapi::kTIOCGPTPEER) return;
    const long copy = copy_of_descriptor(tid_, directory());
    if (copy < 0) return;
    uint32_t number = 0;
    const long known = sys::peer_of_terminal(static_cast<int>(copy), number);
    sys::close(static_cast<int>(copy));
    if (known < 0) return;
    FixedString<40> path;
    path << "/dev/pts/"_t << number;
    add_resolved(path.text(), kRightsToOpen[call_.arguments[2] & uapi::kO_ACCMODE]);
  }

  void open(uint64_t flags) {
    if ((flags & static_cast<uint64_t>(uapi::kO_PATH)) != 0) return;
    const bool created = (flags & uapi::kO_CREAT) != 0;
    const bool follow = (flags & static_cast<uint64_t>(uapi::kO_NOFOLLOW)) == 0 &&
                        !(created && (flags & uapi::kO_EXCL) != 0);
    add(follow, 0);
    if (needs_.count == 0) return;
    Need &need = needs_.rows[0];
    const bool directory = need.kind == Kind::Directory && (flags & kUnnamed) == 0;
    need.rights = directory ? kReadDir : kRightsToOpen[flags & uapi::kO_ACCMODE];
    // fs/namei.c, do_open: only a regular file is cut.
    const bool cut = (flags & uapi::kO_TRUNC) != 0 && type_of(need.path, true) == uapi::kS_IFREG;
    if (cut) need.rights |= kTruncate;
    if (created && need.kind == Kind::Missing) need.rights |= kMakeFile;
  }

  void open2() {
    uint64_t flags = 0;  // the first of struct open_how
    if (read_bytes(tid_, more(), &flags, sizeof flags))
      open(flags);
    else
      needs_.error = -uapi::kEFAULT;
  }

  void execute() { add(true, kExecute | kReadFile); }

  void remove(bool directory) { add(false, directory ? kRemoveDir : kRemoveFile); }

  // The second path comes behind the first, with a directory of its own or without one.
  void second(uint64_t rights) {
    const bool at = traced_.directory != kNo;
    add_at(at ? uint8_t{2} : kNo, at ? uint8_t{3} : uint8_t{1}, false, rights);
  }

  void refer_where_they_differ() {
    if (parent_of(needs_.rows[0].path) == parent_of(needs_.rows[1].path)) return;
    for (Need &need : needs_.rows) need.rights |= kRefer;
  }

  void rename() {
    add(false, 0);
    second(0);
    if (needs_.count < 2) return;
    Need &from = needs_.rows[0];
    Need &to = needs_.rows[1];
    const int type = type_of(from.path, false);
    const int other = type_of(to.path, false);
    from.rights = right_to_remove(type);
    to.rights = right_to_make(type);
    if (other != 0) to.rights |= right_to_remove(other);
    if ((more() & kExchange) != 0) from.rights |= right_to_make(other);
    refer_where_they_differ();
  }

  void link() {
    add((more() & kFollowLink) != 0, 0);
    second(0);
    if (needs_.count < 2) return;
    needs_.rows[1].rights = right_to_make(type_of(needs_.rows[0].path, false));
    refer_where_they_differ();
  }

  int tid_;
  const TracedSyscall &traced_;
  const Syscall &call_;
  Needs &needs_;
};

}  // namespace

Text parent_of(Text path) {
  const size_t slash = find_last(path, '/');
  return slash == 0 || slash == kNpos ? "/"_t : path.first(slash);
}

bool is_terminal(Text path) {
  uint64_t number = 0;
  constexpr Text kTerminals = "/dev/pts/"_t;
  return starts_with(path, kTerminals) &&
         parse_number(path.from(kTerminals.size), UINT32_MAX, number);
}

Kind kind_at(Text path) { return kind_of_type(type_of(path, true)); }

void find_needs(int tid, const TracedSyscall &traced, const Syscall &call, Needs &needs) {
  Finder(tid, traced, call, needs).find();
}

void add_need(int tid, int directory, Text path, bool follow, uint64_t rights, Needs &needs) {
  const TracedSyscall none = {-1, CallKind::None, kNo, kNo, kNo};
  Finder(tid, none, {}, needs).add_path(directory, path, follow, rights);
}

}  // namespace ll
