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

constexpr int kDeepest = 64;  // directories that are open at a time while a tree is removed

bool is_kept(const std::string &attribute) {
  if (attribute.starts_with("user.")) return !attribute.starts_with("user.overlay.");
  return attribute.starts_with("system.posix_acl_");
}

std::vector<std::string> attribute_names(const std::string &path) {
  std::vector<std::string> names;
  char list[65536];
  const ssize_t size = ::llistxattr(path.c_str(), list, sizeof list);
  for (const char *name = list; name < list + size; name += std::strlen(name) + 1)
    names.emplace_back(name);
  return names;
}

class Remover {
 public:
  void remove(int directory, const char *name) {
    if (::unlinkat(directory, name, 0) == 0 || errno == ENOENT) return;
    if (errno != EISDIR && errno != EPERM) fail_of("remove", name);
    const Descriptor top = open_unlocked(directory, name);
    if (!top.is_open()) fail_of("remove", name);
    top_ = top.number();
    for (std::vector<std::string> names = names_in(top_); !names.empty(); names = names_in(top_))
      empty(top_, names, 1);
    if (::unlinkat(directory, name, AT_REMOVEDIR) < 0) fail_of("remove", name);
  }

 private:
  // What is too deep is moved to the top first, and found there.
  void empty(int directory, const std::vector<std::string> &names, int depth) {
    for (const std::string &name : names) {
      if (::unlinkat(directory, name.c_str(), 0) == 0) continue;
      if (errno != EISDIR && errno != EPERM) fail_of("remove", name);
      const Descriptor child = open_unlocked(directory, name.c_str());
      if (!child.is_open()) fail_of("remove", name);
      if (depth == kDeepest) {
        raise(directory, name);
        continue;
      }
      empty(child.number(), names_in(child.number()), depth + 1);
      if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) < 0) fail_of("remove", name);
    }
  }

  void raise(int directory, const std::string &name) {
    do {
      const std::string raised = ".deep" + std::to_string(raised_++);
      if (::renameat2(directory, name.c_str(), top_, raised.c_str(), RENAME_NOREPLACE) == 0) return;
    } while (errno == EEXIST);
    fail_of("remove", name);
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

Facts facts_of(int directory, const char *name) {
  Facts facts = {};
  if (::fstatat(directory, name, &facts, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0) return facts;
  if (errno != ENOENT) fail_of("look at", name);
  facts.st_mode = 0;
  return facts;
}

Facts facts_of(int descriptor) {
  Facts facts = {};
  if (::fstat(descriptor, &facts) < 0) fail_of("look at", "a directory");
  return facts;
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

std::string path_of(int directory, const char *name) {
  return "/proc/self/fd/" + std::to_string(directory) + "/" + name;
}

std::string real_path_of(const Descriptor &opened) {
  const std::string link = "/proc/self/fd/" + std::to_string(opened.number());
  return target_of(AT_FDCWD, link.c_str());
}

std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  const int again = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *list = again < 0 ? nullptr : ::fdopendir(again);
  if (list == nullptr) fail_of("list", "a directory");
  while (const dirent *entry = ::readdir(list)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(list);
  std::sort(names.begin(), names.end());
  return names;
}

std::string target_of(int directory, const char *name) {
  char target[4096];
  const ssize_t size = ::readlinkat(directory, name, target, sizeof target);
  if (size < 0) fail_of("read the link", name);
  return {target, static_cast<size_t>(size)};
}

std::string contents_of(int descriptor) {
  std::string contents;
  char bytes[65536];
  ssize_t got;
  while ((got = ::read(descriptor, bytes, sizeof bytes)) > 0)
    contents.append(bytes, static_cast<size_t>(got));
  return contents;
}

Attributes attributes_of(int directory, const char *name) {
  Attributes attributes;
  const std::string path = path_of(directory, name);
  for (const std::string &attribute : attribute_names(path)) {
    if (!is_kept(attribute)) continue;
    char value[65536];
    const ssize_t size = ::lgetxattr(path.c_str(), attribute.c_str(), value, sizeof value);
    if (size >= 0) attributes[attribute] = {value, static_cast<size_t>(size)};
  }
  return attributes;
}

void set_attributes(int directory, const char *name, const Attributes &attributes) {
  const std::string path = path_of(directory, name);
  const Attributes present = attributes_of(directory, name);
  for (const auto &[attribute, value] : present)
    if (!attributes.contains(attribute) && ::lremovexattr(path.c_str(), attribute.c_str()) < 0)
      fail_of("remove an attribute of", name);
  for (const auto &[attribute, value] : attributes) {
    const auto known = present.find(attribute);
    if (known != present.end() && known->second == value) continue;
    if (::lsetxattr(path.c_str(), attribute.c_str(), value.data(), value.size(), 0) < 0)
      fail_of("set an attribute of", name);
  }
}

bool has_attribute(int descriptor, const char *name, const char *value) {
  char bytes[16] = {};
  return ::fgetxattr(descriptor, name, bytes, sizeof bytes - 1) > 0 &&
         std::strcmp(bytes, value) == 0;
}

bool same_contents(int a, int b) {
  char left[65536];
  char right[65536];
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(a, left, sizeof left, at);
    if (got < 0 || ::pread(b, right, sizeof right, at) != got) return false;
    if (got == 0) return true;
    if (std::memcmp(left, right, static_cast<size_t>(got)) != 0) return false;
    at += got;
  }
}

bool are_same(int directory, int other, const char *name, const Facts &a, const Facts &b) {
  if (a.st_mode != b.st_mode || a.st_uid != b.st_uid || a.st_gid != b.st_gid) return false;
  if (a.is(S_IFLNK)) return target_of(directory, name) == target_of(other, name);
  if (!a.is(S_IFREG)) return true;
  if (a.st_size != b.st_size || a.st_mtim.tv_sec != b.st_mtim.tv_sec ||
      a.st_mtim.tv_nsec != b.st_mtim.tv_nsec)
    return false;
  const Descriptor left = open_file(directory, name, O_RDONLY | O_NONBLOCK);
  const Descriptor right = open_file(other, name, O_RDONLY | O_NONBLOCK);
  const bool closed = !left.is_open() || !right.is_open();
  return (closed || same_contents(left.number(), right.number())) &&
         attributes_of(directory, name) == attributes_of(other, name);
}

Descriptor open_unlocked(int parent, const char *name) {
  Descriptor found = open_file(parent, name, O_PATH | O_DIRECTORY);
  if (!found.is_open()) return found;
  const std::string path = "/proc/self/fd/" + std::to_string(found.number());
  const Facts facts = facts_of(found.number());
  if ((facts.st_mode & S_IRWXU) != S_IRWXU) ::chmod(path.c_str(), facts.permissions() | S_IRWXU);
  return open_directory(parent, name);
}

void remove_tree(int directory, const char *name) { Remover().remove(directory, name); }

}  // namespace ll
