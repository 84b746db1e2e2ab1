#include "opens.h"

#include "core/mem.h"
#include "os/kernel/process.h"
#include "question.h"
#include "task.h"

namespace ll {

namespace {

// open(2), asm-generic/fcntl.h; arm64 has some of its own.
constexpr uint64_t kO_DSYNC = 010000, kO_NOATIME = 01000000, kO_SYNC = 04010000;
#if defined(__aarch64__)
constexpr uint64_t kO_DIRECT = 0200000, kO_LARGEFILE = 0400000;
#else
constexpr uint64_t kO_DIRECT = 040000, kO_LARGEFILE = 0100000;
#endif
constexpr uint64_t kKeptFlags = uapi::kO_ACCMODE | uapi::kO_APPEND | uapi::kO_TRUNC | kO_DSYNC |
                                kO_SYNC | kO_DIRECT | kO_LARGEFILE | kO_NOATIME |
                                uapi::kO_DIRECTORY;
// fcntl(2), F_SETFL
constexpr uint64_t kSettable = uapi::kO_APPEND | kO_DIRECT | kO_NOATIME;
constexpr uint64_t kKnownFlags = kKeptFlags | uapi::kO_CREAT | uapi::kO_EXCL | uapi::kO_NONBLOCK |
                                 uapi::kO_NOCTTY | uapi::kO_NOFOLLOW | uapi::kO_CLOEXEC |
                                 020000;  // FASYNC

constexpr uint64_t kNoMagicLinks = 0x02;  // RESOLVE_NO_MAGICLINKS
constexpr uint64_t kProcFileSystem = 0x9fa0;

constexpr uint64_t kRead = mask_of(RightId::read_file), kWrite = mask_of(RightId::write_file),
                   kList = mask_of(RightId::read_dir), kTruncate = mask_of(RightId::truncate),
                   kMake = mask_of(RightId::make_reg);

bool reads(uint64_t flags) { return (flags & uapi::kO_ACCMODE) != uapi::kO_WRONLY; }
bool writes(uint64_t flags) { return (flags & uapi::kO_ACCMODE) != 0; }

uint64_t rights_of_file(uint64_t flags) {
  return (reads(flags) ? kRead : 0) | (writes(flags) ? kWrite : 0) |
         ((flags & uapi::kO_TRUNC) != 0 ? kTruncate : 0);
}

constexpr uint64_t kNoLinksAtAll = 0x04;  // RESOLVE_NO_SYMLINKS

long open_object(int base, const char *path, uint64_t flags, uint64_t resolve = 0) {
  const uapi::OpenHow how = {
      .flags = static_cast<uint64_t>(uapi::kO_PATH | uapi::kO_CLOEXEC) |
               (flags & static_cast<uint64_t>(uapi::kO_NOFOLLOW | uapi::kO_DIRECTORY)),
      .mode = 0,
      .resolve = kNoMagicLinks | resolve};
  return sys::call(number::openat2, base, sys::address(path), sys::address(&how), sizeof how);
}

// What the kernel calls it; empty: it has no path that is whole.
Text path_of(int object, char *bytes, size_t size) {
  FixedString<32> link;
  link << "/proc/self/fd/"_t << static_cast<uint32_t>(object) << '\0';
  const long got = sys::read_link(link.text().data, bytes, size - 1);
  if (got <= 0 || static_cast<size_t>(got) >= size - 1 || bytes[0] != '/') return {};
  bytes[got] = '\0';
  const Text path = {bytes, static_cast<size_t>(got)};
  return ends_with(path, " (deleted)"_t) ? Text{} : path;
}

// proc(5): what is below a number is of one process; another one than the command means.
bool is_in_proc(int object) {
  uint64_t type = 0;
  return sys::file_system_type(object, type) < 0 || type == kProcFileSystem;
}

bool is_of_process(int object, Text path) {
  if (!is_in_proc(object)) return false;
  const Text prefix = "/proc/"_t;
  return !starts_with(path, prefix) || path.size == prefix.size ||
         (path[prefix.size] >= '0' && path[prefix.size] <= '9');
}

uint64_t place_of(int directory) {
  char bytes[4096];
  const Text path = path_of(directory, bytes, sizeof bytes);
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < path.size; i++)
    hash = (hash ^ static_cast<unsigned char>(path[i])) * 0x100000001b3;
  return hash;
}

bool is_plain_name(Text name) {
  return !name.empty() && name.size < 256 && !(name == "."_t) && !(name == ".."_t);
}

// What opened at once has not to say so for ever.
long restore_flags(long opened, uint64_t flags) {
  if (opened < 0 || (flags & uapi::kO_NONBLOCK) != 0) return opened;
  const auto file = static_cast<int>(opened);
  const long set = sys::set_file_flags(file, static_cast<long>(flags & kSettable));
  if (set >= 0) return opened;
  sys::close(file);
  return set;
}

long reopen(int object, uint64_t flags) {
  FixedString<32> link;
  link << "/proc/self/fd/"_t << static_cast<uint32_t>(object) << '\0';
  const uint64_t kept = (flags & kKeptFlags) | uapi::kO_NONBLOCK | uapi::kO_NOCTTY;
  return restore_flags(sys::open_at(uapi::kAT_FDCWD, link.text().data, static_cast<int>(kept)),
                       flags);
}

long create(int directory, const char *name, uint64_t flags, uint64_t mode) {
  const uint64_t kept = (flags & kKeptFlags) | uapi::kO_EXCL | uapi::kO_NONBLOCK | uapi::kO_NOCTTY |
                        static_cast<uint64_t>(uapi::kO_NOFOLLOW);
  return restore_flags(
      sys::create_at(directory, name, static_cast<int>(kept), static_cast<int>(mode)), flags);
}

}  // namespace

void Opens::start(const Policy &policy, Asking &asking, Floor &floor, TaskRights &rights,
                  int listener) {
  policy_ = &policy;
  asking_ = &asking;
  floor_ = &floor;
  listener_ = listener;
  rights_ = &rights;
}

bool Opens::is_open(int32_t number) {
  return number == number::openat || number == number::openat2 ||
         (number::open >= 0 && (number == number::open || number == number::creat));
}

bool Opens::is_execution(int32_t number) {
  return number == number::execve || number == number::execveat;
}

bool Opens::is_restriction(int32_t number) {
  return number == number::seccomp || number == number::prctl;
}

void Opens::on_restriction(const uapi::Notification &call) {
  rights_->expect_restricted();
  go_on(call.id);
}

void Opens::go_on(uint64_t id) const {
  const uapi::NotificationAnswer done = {id, 0, 0, uapi::kSECCOMP_USER_NOTIF_FLAG_CONTINUE};
  sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_SEND, &done);
}

// Nothing is cut for who is gone; what else is opened for him is closed again.
bool Opens::may_cut(uint64_t id, uint64_t flags) const {
  return (flags & uapi::kO_TRUNC) == 0 || is_valid(id);
}

bool Opens::is_valid(uint64_t id) const {
  return sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_ID_VALID, &id) >= 0;
}

// ENOENT, of a call that is not waited for any more, is no fault.
void Opens::answer(uint64_t id, long error) const {
  const uapi::NotificationAnswer done = {id, 0, static_cast<int32_t>(error), 0};
  sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_SEND, &done);
}

// A page at a time: the next one may not be there. Empty: it cannot be read, or is too long.
Text Opens::read_path(uint32_t task, uint64_t at, char *path) const {
  constexpr uint64_t kPiece = 256;
  for (size_t size = 0; size < kMostPath;) {
    const uint64_t piece = kPiece - (at + size) % kPiece;
    const size_t left = kMostPath - size;
    const long got = sys::read_memory(task, at + size, path + size, piece < left ? piece : left);
    if (got <= 0) return {};
    const Text read = {path + size, static_cast<size_t>(got)};
    const size_t end = find(read, '\0');
    if (end != kNpos) return {path, size + end};
    size += static_cast<size_t>(got);
  }
  return {};
}

// False: that is none that is judged.
bool Opens::read_wanted(const uapi::Notification &call, Wanted &wanted) const {
  const uint64_t *arguments = call.arguments;
  constexpr uint64_t kCreatFlags = uapi::kO_CREAT | uapi::kO_WRONLY | uapi::kO_TRUNC;
  if (call.number == number::openat || call.number == number::openat2)
    wanted = {
        static_cast<int>(arguments[0]), arguments[1], arguments[2] & UINT32_MAX, arguments[3], {}};
  else if (call.number == number::open)
    wanted = {uapi::kAT_FDCWD, arguments[0], arguments[1] & UINT32_MAX, arguments[2], {}};
  else
    wanted = {uapi::kAT_FDCWD, arguments[0], kCreatFlags, arguments[1], {}};
  if (call.number == number::openat2) {
    uapi::OpenHow how = {};
    if (arguments[3] < sizeof how ||
        sys::read_memory(call.pid, arguments[2], &how, sizeof how) != sizeof how ||
        how.resolve != 0)
      return false;
    wanted.flags = how.flags;
    wanted.mode = how.mode;
  }
  wanted.mode &= 07777;
  return (wanted.flags & ~kKnownFlags) == 0 &&
         (wanted.flags & uapi::kO_ACCMODE) != uapi::kO_ACCMODE;
}

long Opens::base_of(const uapi::Notification &call, const Wanted &wanted) {
  if (wanted.path[0] == '/') return uapi::kAT_FDCWD;
  FixedString<64> path;
  path << "/proc/"_t << call.pid;
  if (wanted.directory == uapi::kAT_FDCWD)
    path << "/cwd"_t << '\0';
  else if (wanted.directory >= 0)
    path << "/fd/"_t << static_cast<uint32_t>(wanted.directory) << '\0';
  else
    return -uapi::kEBADF;
  return sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_PATH | uapi::kO_DIRECTORY);
}

void Opens::on_call(const uapi::Notification &call) {
  char path[kMostPath];
  Wanted wanted;
  if (!asking_->asks(kAskOpen) || !read_wanted(call, wanted)) return go_on(call.id);
  wanted.path = read_path(call.pid, wanted.path_at, path);
  if (wanted.path.empty() || granted_.has(wanted.path, wanted.flags, now_)) return go_on(call.id);
  if (floor_->is_known()) return decide(call, wanted);
  if (!decide_outside(call, wanted)) go_on(call.id);
}

void Opens::decide(const uapi::Notification &call, const Wanted &wanted) {
  const long base = base_of(call, wanted);
  if (base < 0 && base != uapi::kAT_FDCWD) return go_on(call.id);
  const auto from = static_cast<int>(base);
  Text known;
  long opened = -uapi::kELOOP;
  // Without a link on the way, the kernel calls it so, too.
  if (is_plain_path(wanted.path)) {
    opened = open_object(from, wanted.path.data, wanted.flags, kNoLinksAtAll);
    known = wanted.path;
  }
  if (opened == -uapi::kELOOP) {
    opened = open_object(from, wanted.path.data, wanted.flags);
    known = {};
  }
  bool taken = false;
  if (opened >= 0)
    taken = decide_object(call, wanted, static_cast<int>(opened), known);
  else if (opened == -uapi::kENOENT && (wanted.flags & uapi::kO_CREAT) != 0)
    taken = decide_new(call, wanted, from);
  if (from >= 0) sys::close(from);
  if (!taken) go_on(call.id);
}

// Whether it is taken care of: asked, or answered.
bool Opens::decide_object(const uapi::Notification &call, const Wanted &wanted, int object,
                          Text path) {
  uapi::Statx stat = {};
  char bytes[kMostPath];
  if (path.empty()) path = path_of(object, bytes, sizeof bytes);
  const bool seen = !path.empty() && sys::stat_of(object, stat) >= 0;
  const bool directory = seen && (stat.mode & uapi::kS_IFMT) == uapi::kS_IFDIR;
  const bool regular = seen && (stat.mode & uapi::kS_IFMT) == uapi::kS_IFREG;
  const uint64_t rights = directory ? kList : rights_of_file(wanted.flags);
  const uint64_t device = uapi::device_of(stat);
  const bool exclusive =
      (wanted.flags & (uapi::kO_CREAT | uapi::kO_EXCL)) == (uapi::kO_CREAT | uapi::kO_EXCL);
  const bool wrong = directory && (writes(wanted.flags) || (wanted.flags & uapi::kO_CREAT) != 0);
  const bool judged = (directory || regular) && !exclusive && !wrong;
  if (judged && remembered_.has(device, stat.ino, rights) && may_cut(call.id, wanted.flags) &&
      rights_->are_those_of(call.pid, floor_->is_known(), nullptr)) {
    give_file(call.id, reopen(object, wanted.flags), wanted.flags);
    sys::close(object);
    return true;
  }
  const bool refused = judged && floor_->refused(path, device, stat.ino, rights, now_) != 0;
  if (judged && !refused) granted_.add(wanted.path, wanted.flags, now_);
  // What was taken for its name is looked at once more.
  if (refused) path = path_of(object, bytes, sizeof bytes);
  if (refused && !path.empty() && !is_of_process(object, path) &&
      !floor_->denies(path, device, stat.ino, writes(wanted.flags)) &&
      ask(call, wanted, object, path, {}, directory))
    return true;
  sys::close(object);
  return false;
}

bool Opens::decide_new(const uapi::Notification &call, const Wanted &wanted, int base) {
  const size_t slash = find_last(wanted.path, '/');
  const Text name = wanted.path.from(slash == kNpos ? 0 : slash + 1);
  if (!is_plain_name(name) || (wanted.flags & uapi::kO_DIRECTORY) != 0) return false;
  FixedString<kMostPath> parent;
  parent << (slash == kNpos ? "."_t : wanted.path.first(slash + 1)) << '\0';
  const long opened = open_object(base, parent.text().data, uapi::kO_DIRECTORY);
  if (opened < 0) return false;
  const auto directory = static_cast<int>(opened);
  uapi::Statx stat = {};
  char bytes[kMostPath + 256];
  Text path = path_of(directory, bytes, kMostPath);
  const bool seen = !path.empty() && sys::stat_of(directory, stat) >= 0;
  const uint64_t device = uapi::device_of(stat);
  const uint64_t rights = kMake | rights_of_file(wanted.flags & ~uapi::kO_TRUNC);
  if (seen) {
    char *end = bytes + path.size;
    Builder rest(end, sizeof bytes - path.size);
    if (path.size > 1) rest << '/';
    rest << name << '\0';
    path = {bytes, path.size + rest.text().size - 1};
  }
  // A link that leads nowhere is there.
  uapi::Statx there;
  const bool is_new =
      sys::stat_at(directory, name.data, uapi::kAT_SYMLINK_NOFOLLOW, there) == -uapi::kENOENT;
  if (seen && is_new && floor_->refused(path, device, stat.ino, rights, now_) != 0 &&
      !is_of_process(directory, path) && !floor_->denies(path, device, stat.ino, true) &&
      ask(call, wanted, directory, path, name, false))
    return true;
  sys::close(directory);
  return false;
}

// ---- where the command has a root of its own: what it does not see there is what is refused

namespace {

// As the command would see it, without the links of processes.
long open_inside(int root, const char *path, uint64_t flags) {
  constexpr uint64_t kInRoot = 0x10;  // RESOLVE_IN_ROOT
  const uapi::OpenHow how = {
      .flags = static_cast<uint64_t>(uapi::kO_PATH | uapi::kO_CLOEXEC) | flags,
      .mode = 0,
      .resolve = kInRoot | kNoMagicLinks};
  return sys::call(number::openat2, root, sys::address(path), sys::address(&how), sizeof how);
}

bool is_read_only(int object) {
  constexpr size_t kFlags = 10;  // struct statfs, f_flags
  constexpr uint64_t kReadOnlyMount = 1;
  uint64_t words[15] = {};
  return sys::call(number::fstatfs, object, sys::address(words)) >= 0 &&
         (words[kFlags] & kReadOnlyMount) != 0;
}

// Where a relative path starts, as the command sees it. False: it has no path.
bool begin_with_directory(Builder &path, const uapi::Notification &call, int directory) {
  FixedString<64> link;
  link << "/proc/"_t << call.pid;
  if (directory == uapi::kAT_FDCWD)
    link << "/cwd"_t << '\0';
  else if (directory >= 0)
    link << "/fd/"_t << static_cast<uint32_t>(directory) << '\0';
  else
    return false;
  char bytes[4096];
  const long size = sys::read_link(link.text().data, bytes, sizeof bytes);
  if (size <= 0 || static_cast<size_t>(size) == sizeof bytes || bytes[0] != '/') return false;
  path << Text{bytes, static_cast<size_t>(size)} << '/';
  return true;
}

long open_root_of(uint32_t task) {
  FixedString<64> path;
  path << "/proc/"_t << task << "/root"_t << '\0';
  return sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_PATH | uapi::kO_DIRECTORY);
}

}  // namespace

// Whether the command sees it, so that the kernel is to decide.
bool Opens::is_inside(int root, Text path, uint64_t flags) {
  const auto look = flags & static_cast<uint64_t>(uapi::kO_NOFOLLOW | uapi::kO_DIRECTORY);
  const long opened = open_inside(root, path.data, look);
  if (opened >= 0) {
    const auto object = static_cast<int>(opened);
    const bool asked = writes(flags) && is_read_only(object);
    sys::close(object);
    return !asked;
  }
  if (opened != -uapi::kENOENT) return true;
  if ((flags & uapi::kO_CREAT) == 0) return false;
  // What would be made where the command may write.
  FixedString<2 * kMostPath> parent;
  parent << path.first(find_last(path, '/') + 1) << '\0';
  const long above = open_inside(root, parent.text().data, uapi::kO_DIRECTORY);
  if (above < 0) return false;
  const bool writable = !is_read_only(static_cast<int>(above));
  sys::close(static_cast<int>(above));
  return writable;
}

// Only regular files, which are there: a directory of the machine's would lead out of the root.
bool Opens::decide_outside(const uapi::Notification &call, const Wanted &wanted) {
  FixedString<2 * kMostPath> whole;
  if (wanted.path[0] != '/' && !begin_with_directory(whole, call, wanted.directory)) return false;
  whole << wanted.path << '\0';
  const Text written = whole.text().first(whole.text().size - 1);
  if (written.size >= kMostPath) return false;
  const long root = open_root_of(call.pid);
  if (root < 0) return false;
  const bool inside = is_inside(static_cast<int>(root), written, wanted.flags);
  sys::close(static_cast<int>(root));
  if (inside) return false;
  const long opened = open_object(uapi::kAT_FDCWD, written.data, wanted.flags);
  if (opened < 0) return false;
  const auto object = static_cast<int>(opened);
  uapi::Statx stat = {};
  char bytes[kMostPath];
  const Text path = path_of(object, bytes, sizeof bytes);
  const bool exclusive = (wanted.flags & uapi::kO_EXCL) != 0;
  if (!exclusive && sys::stat_of(object, stat) >= 0 &&
      remembered_.has(uapi::device_of(stat), stat.ino, rights_of_file(wanted.flags)) &&
      is_valid(call.id) && rights_->are_those_of(call.pid, false, nullptr)) {
    give_file(call.id, reopen(object, wanted.flags), wanted.flags);
    sys::close(object);
    return true;
  }
  if (!path.empty() && !exclusive && sys::stat_of(object, stat) >= 0 &&
      (stat.mode & uapi::kS_IFMT) == uapi::kS_IFREG && !is_in_proc(object) &&
      !floor_->denies(path, uapi::device_of(stat), stat.ino, writes(wanted.flags)) &&
      ask(call, wanted, object, path, {}, false))
    return true;
  sys::close(object);
  return false;
}

bool Opens::ask(const uapi::Notification &call, const Wanted &wanted, int object, Text path,
                Text name, bool directory) {
  uint64_t umask = 0;
  if (!rights_->are_those_of(call.pid, floor_->is_known(), name.empty() ? nullptr : &umask))
    return false;
  size_t index = 0;
  while (index < end_ && waiting_[index].id != 0) index++;
  Builder line = asking_->begin(Subject::Open);
  add_text(line, "path"_t, path);
  add_truth(line, "write"_t, writes(wanted.flags));
  add_truth(line, "create"_t, !name.empty());
  add_truth(line, "truncate"_t, (wanted.flags & uapi::kO_TRUNC) != 0);
  add_truth(line, "directory"_t, directory);
  processes_.add(line, call.pid, now_);
  // What was read of the thread is its own only if it lives, still.
  if (!is_valid(call.id)) return false;
  const uint64_t question =
      index == kMostWaiting ? 0 : asking_->ask(Subject::Open, static_cast<uint32_t>(index), line);
  if (question == 0) {
    sys::close(object);
    answer(call.id, -uapi::kEACCES);
    return true;
  }
  if (index == end_) end_++;
  Waiting &waiting = waiting_[index];
  waiting.id = call.id;
  waiting.question = question;
  waiting.task = call.pid;
  waiting.object = object;
  waiting.flags = wanted.flags;
  waiting.mode = wanted.mode & ~umask;
  waiting.place = name.empty() ? 0 : place_of(object);
  memcpy(waiting.name, name.data, name.size);
  waiting.name[name.size] = '\0';
  next_look_ = now_ + kLookInterval;
  return true;
}

void Opens::release(Waiting &waiting) {
  if (waiting.object >= 0) sys::close(waiting.object);
  waiting.id = 0;
  while (end_ > 0 && waiting_[end_ - 1].id == 0) end_--;
}

void Opens::on_ruling(const Ruling &ruling) {
  Waiting &waiting = waiting_[ruling.owner];
  if (ruling.error != 0)
    answer(waiting.id, ruling.error);
  else
    give(waiting, ruling);
  release(waiting);
}

// The very file that was judged, or one that nobody had made before.
void Opens::give(Waiting &waiting, const Ruling &ruling) {
  const bool is_new = waiting.name[0] != '\0';
  // Nothing is cut or made for who is gone.
  if (!is_valid(waiting.id)) return;
  const long opened = is_new ? make(waiting) : reopen(waiting.object, waiting.flags);
  if (opened == -uapi::kEEXIST && (waiting.flags & uapi::kO_EXCL) == 0)
    return decide_again(waiting);
  if (ruling.audit && opened >= 0) format_audit(waiting);
  give_file(waiting.id, opened, waiting.flags);
  if (ruling.remember && opened >= 0 && !is_new) remember(waiting);
}

void Opens::give_file(uint64_t id, long opened, uint64_t flags) const {
  if (opened < 0) return answer(id, opened);
  const uapi::AddedDescriptor added = {
      .id = id,
      .flags = uapi::kSECCOMP_ADDFD_FLAG_SEND,
      .source = static_cast<uint32_t>(opened),
      .target_flags = static_cast<uint32_t>(flags) & uapi::kO_CLOEXEC};
  const long result = sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_ADDFD, &added);
  sys::close(static_cast<int>(opened));
  if (result < 0 && result != -uapi::kENOENT) answer(id, result);
}

void Opens::remember(Waiting &waiting) {
  uapi::Statx stat = {};
  if (sys::stat_of(waiting.object, stat) < 0) return;
  const bool directory = (stat.mode & uapi::kS_IFMT) == uapi::kS_IFDIR;
  const uint64_t rights = directory ? kList : rights_of_file(waiting.flags);
  if (remembered_.add(waiting.object, uapi::device_of(stat), stat.ino, rights)) waiting.object = -1;
}

// Where it was when the judge was asked.
long Opens::make(const Waiting &waiting) const {
  if (place_of(waiting.object) != waiting.place) return -uapi::kEACCES;
  return create(waiting.object, waiting.name, waiting.flags, waiting.mode);
}

// Another has made it meanwhile.
void Opens::decide_again(const Waiting &waiting) {
  uapi::Notification call = {};
  call.id = waiting.id;
  call.pid = waiting.task;
  const Wanted wanted = {uapi::kAT_FDCWD, 0, waiting.flags, waiting.mode, Text{waiting.name, 1}};
  const long object =
      open_object(waiting.object, waiting.name, static_cast<uint64_t>(uapi::kO_NOFOLLOW));
  if (object < 0) return answer(call.id, -uapi::kEACCES);
  if (!decide_object(call, wanted, static_cast<int>(object), {})) go_on(call.id);
}

void Opens::format_audit(const Waiting &waiting) const {
  char bytes[kMostPath];
  char name[16] = {};
  name_of_task(waiting.task, name);
  Diagnostic problem;
  problem.fail(kNoLocation, "allowed by the judge: % %% (%)",
               writes(waiting.flags) ? "write"_t : "read"_t,
               path_of(waiting.object, bytes, sizeof bytes), waiting.name[0] == '\0' ? ""_t : "/"_t,
               c_text(name));
  warn(*policy_, problem);
}

void Opens::on_time(uint64_t now) {
  if (end_ == 0 || now < next_look_) return;
  next_look_ = now + kLookInterval;
  for (size_t i = 0; i < end_; i++) {
    Waiting &waiting = waiting_[i];
    if (waiting.id == 0) continue;
    const bool waits = is_valid(waiting.id);
    if (waits && !is_interrupted(waiting.task)) continue;
    if (waits) answer(waiting.id, -uapi::kERESTARTSYS);
    asking_->forget(waiting.question);
    release(waiting);
  }
}

int Opens::next_time(uint64_t now) const {
  if (end_ == 0) return -1;
  return next_look_ <= now ? 0 : static_cast<int>(next_look_ - now);
}

// As the caller wrote it down: it can be another by the time that the kernel reads it.
void Opens::on_execution(const uapi::Notification &call) {
  const bool at = call.number == number::execveat;
  char path[kMostPath];
  const Text wanted = read_path(call.pid, call.arguments[at ? 1 : 0], path);
  uint64_t rows[64] = {};
  const uint64_t list = call.arguments[at ? 2 : 1];
  char argv[kMostArguments + 2];
  Builder out(argv, sizeof argv);
  for (size_t i = 0; i < 64; i++) {
    char word[kMostPath];
    if (sys::read_memory(call.pid, list + 8 * i, &rows[i], 8) != 8 || rows[i] == 0) break;
    const Text text = read_path(call.pid, rows[i], word);
    if (out.text().size + text.size + 1 > kMostArguments) break;
    out << text << '\0';
  }
  processes_.forget();
  rights_->note_command(call.pid);
  Builder line = asking_->begin_reported("exec"_t);
  add_text(line, "path"_t, wanted);
  add_process(line, call.pid, out.text());
  if (is_valid(call.id)) asking_->tell(line);
  go_on(call.id);
}

}  // namespace ll
