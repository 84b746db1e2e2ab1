#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fail.h"

namespace ll {

namespace {

constexpr int kMostOpen = 64;  // directories that are open at a time while a tree is removed

bool is_kept(const std::string &attribute) {
  if (attribute.starts_with("user.")) return !attribute.starts_with("user.overlay.");
  return attribute.starts_with("system.posix_acl_");
}

// For calls that take no directory.
std::string path_of(int directory, const char *name) {
  return "/proc/self/fd/" + std::to_string(directory) + "/" + name;
}

std::vector<std::string> names_of(const char *list, ssize_t size) {
  // A file system without any.
  if (size < 0 && errno != ENOTSUP) fail_errno("list", "attributes");
  std::vector<std::string> names;
  for (const char *at = list; at < list + size; at += std::strlen(at) + 1) names.emplace_back(at);
  return names;
}

// Into others' directories as far as this user may go.
void let_owner_in(const Descriptor &directory, const char *name) {
  const FileStat stats = facts_of(directory.number());
  if ((stats.st_mode & S_IRWXU) != S_IRWXU && stats.st_uid == ::geteuid())
    set_permissions(directory, stats.permissions() | S_IRWXU, name);
}

class Remover {
 public:
  void remove(int directory, const char *name) {
    if (::unlinkat(directory, name, 0) == 0 || errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) fail_errno("remove", name);
    const Descriptor top = open_unlocked(directory, name);
    if (!top.is_open()) fail_errno("remove", name);
    top_ = top.number();
    unsigned raised;
    do {
      raised = raised_;
      empty(top_, names_in(top_), 1);
    } while (raised != raised_);
    if (::unlinkat(directory, name, AT_REMOVEDIR) < 0) fail_errno("remove", name);
  }

 private:
  // What is too deep is moved to the top first, and found there.
  void empty(int directory, const std::vector<std::string> &names, int depth) {
    for (const std::string &name : names) {
      if (::unlinkat(directory, name.c_str(), 0) == 0) continue;
      if (errno != EISDIR && errno != EPERM) fail_errno("remove", name);
      const Descriptor child = open_unlocked(directory, name.c_str());
      if (!child.is_open()) fail_errno("remove", name);
      if (depth == kMostOpen) {
        raise(directory, name);
        continue;
      }
      empty(child.number(), names_in(child.number()), depth + 1);
      if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) < 0) fail_errno("remove", name);
    }
  }

  void raise(int directory, const std::string &name) {
    do {
      const std::string raised = ".deep" + std::to_string(raised_++);
      if (::renameat2(directory, name.c_str(), top_, raised.c_str(), RENAME_NOREPLACE) == 0) return;
    } while (errno == EEXIST);
    fail_errno("remove", name);
  }

  int top_ = -1;
  unsigned raised_ = 0;
};

}  // namespace

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

void allow_many_files() {
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

FileStat facts_of(int directory, const char *name) {
  FileStat stats = {};
  if (::fstatat(directory, name, &stats, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0) return stats;
  if (errno != ENOENT) fail_errno("stat", name);
  stats.st_mode = 0;
  return stats;
}

FileStat facts_of(int descriptor) {
  FileStat stats = {};
  if (::fstat(descriptor, &stats) < 0) fail_errno("stat", "a directory");
  return stats;
}

Descriptor open_named(const std::string &path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Descriptor open_file(int parent, const char *name, int flags, mode_t mode) {
  open_how how = {};
  how.flags = static_cast<unsigned>(flags) | O_NOFOLLOW | O_CLOEXEC;
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  return Descriptor(static_cast<int>(::syscall(SYS_openat2, parent, name, &how, sizeof how)));
}

Descriptor open_directory(int parent, const char *name) {
  return open_file(parent, name, O_RDONLY | O_DIRECTORY);
}

std::string real_path_of(const Descriptor &opened) {
  const std::string link = "/proc/self/fd/" + std::to_string(opened.number());
  return target_of(AT_FDCWD, link.c_str());
}

std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  alignas(dirent64) char entries[32768];
  if (::lseek(directory, 0, SEEK_SET) < 0) fail_errno("list", "a directory");
  ssize_t size;
  while ((size = ::getdents64(directory, entries, sizeof entries)) > 0) {
    const dirent64 *entry = nullptr;
    for (const char *at = entries; at < entries + size; at += entry->d_reclen) {
      entry = reinterpret_cast<const dirent64 *>(at);
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
  }
  if (size < 0) fail_errno("list", "a directory");
  std::sort(names.begin(), names.end());
  return names;
}

std::string target_of(int directory, const char *name) {
  char target[4096];
  const ssize_t size = ::readlinkat(directory, name, target, sizeof target);
  if (size < 0) fail_errno("read the link", name);
  return {target, static_cast<size_t>(size)};
}

std::string contents_of(int descriptor) {
  std::string contents;
  char bytes[65536];
  ssize_t got;
  while ((got = ::read(descriptor, bytes, sizeof bytes)) > 0)
    contents.append(bytes, static_cast<size_t>(got));
  if (got < 0) fail_errno("read", "a file of the layer");
  return contents;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

std::vector<std::string> attribute_names(int descriptor) {
  char list[65536];
  return names_of(list, ::flistxattr(descriptor, list, sizeof list));
}

Attributes attributes_of(int directory, const char *name) {
  Attributes attributes;
  const std::string path = path_of(directory, name);
  char list[65536];
  for (const std::string &attribute :
       names_of(list, ::llistxattr(path.c_str(), list, sizeof list))) {
    if (!is_kept(attribute)) continue;
    char value[65536];
    const ssize_t size = ::lgetxattr(path.c_str(), attribute.c_str(), value, sizeof value);
    if (size >= 0)
      attributes[attribute] = {value, static_cast<size_t>(size)};
    else if (errno != ENODATA)
      fail_errno("read an attribute of", name);
  }
  return attributes;
}

void set_attributes(int directory, const char *name, const Attributes &attributes) {
  const std::string path = path_of(directory, name);
  const Attributes present = attributes_of(directory, name);
  for (const auto &[attribute, value] : present)
    if (!attributes.contains(attribute) && ::lremovexattr(path.c_str(), attribute.c_str()) < 0)
      fail_errno("remove an attribute of", name);
  for (const auto &[attribute, value] : attributes) {
    const auto known = present.find(attribute);
    if (known != present.end() && known->second == value) continue;
    if (::lsetxattr(path.c_str(), attribute.c_str(), value.data(), value.size(), 0) < 0)
      fail_errno("set an attribute of", name);
  }
}

bool has_attribute(int descriptor, const char *name, const char *value) {
  char bytes[16] = {};
  const ssize_t size = ::fgetxattr(descriptor, name, bytes, sizeof bytes - 1);
  // ERANGE: it is longer.
  if (size < 0 && errno != ENODATA && errno != ENOTSUP && errno != ERANGE)
    fail_errno("read the attribute", name);
  return size > 0 && std::strcmp(bytes, value) == 0;
}

bool rename_new(int from, const char *old_name, int to, const char *new_name) {
  if (::renameat2(from, old_name, to, new_name, RENAME_NOREPLACE) == 0) return true;
  // A file system that cannot say so, such as NFS: nearly the same.
  if (errno != EINVAL) return false;
  if (facts_of(to, new_name).exists()) return errno = EEXIST, false;
  return ::renameat(from, old_name, to, new_name) == 0;
}

void set_permissions(const Descriptor &opened, mode_t permissions, const char *name) {
  const std::string path = "/proc/self/fd/" + std::to_string(opened.number());
  if (::chmod(path.c_str(), permissions) < 0) fail_errno("change the mode of", name);
}

Descriptor open_unlocked(int parent, const char *name) {
  Descriptor opened = open_directory(parent, name);
  const bool closed = !opened.is_open() && errno == EACCES;
  if (closed) opened = open_file(parent, name, O_PATH | O_DIRECTORY);
  if (opened.is_open()) let_owner_in(opened, name);
  return closed && opened.is_open() ? open_directory(parent, name) : std::move(opened);
}

void remove_tree(int directory, const char *name) { Remover().remove(directory, name); }

}  // namespace ll
