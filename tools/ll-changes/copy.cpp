#include "copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <cerrno>

#include "fail.h"

namespace ll {

namespace {

void copy_range(int from, int to, off_t start, off_t end, const char *name) {
  char bytes[262144];
  while (start < end) {
    const off_t left = end - start;
    const auto most = static_cast<size_t>(left < 262144 ? left : 262144);
    const ssize_t got = ::pread(from, bytes, most, start);
    if (got < 0) fail_errno("read", name);
    if (got == 0) break;
    for (ssize_t done = 0; done < got;) {
      const ssize_t put = ::pwrite(to, bytes + done, static_cast<size_t>(got - done), start + done);
      if (put <= 0) fail_errno("write", name);
      done += put;
    }
    start += got;
  }
}

// Holes stay holes.
void copy_contents(int from, int to, off_t size, const char *name) {
  if (::ftruncate(to, size) < 0) fail_errno("write", name);
  for (off_t at = 0; at < size;) {
    const off_t start = ::lseek(from, at, SEEK_DATA);
    if (start < 0 && errno == ENXIO) return;
    const off_t end = start < 0 ? start : ::lseek(from, start, SEEK_HOLE);
    if (end < 0) fail_errno("read", name);
    copy_range(from, to, start, end, name);
    at = end;
  }
}

// Whether the file system lets both have the same data: ioctl_ficlone(2).
bool share_contents(int from, int to) {
  static bool can = true;
  if (!can) return false;
  if (::ioctl(to, FICLONE, from) == 0) return true;
  // EINVAL: just this file cannot be.
  can = errno == EINVAL;
  return false;
}

bool copy_file(int stage, const char *made, int directory, const char *name, const FileStat &stats,
               Owner owner) {
  const Descriptor from = open_file(directory, name, O_RDONLY | O_NONBLOCK);
  if (!from.is_open() && errno == EACCES && owner == Owner::IfAllowed) return false;
  if (!from.is_open()) fail_errno("read", name);
  const Descriptor to = open_file(stage, made, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!to.is_open()) fail_errno("write", name);
  constexpr off_t kBlock = 512;  // stat(2)
  if (stats.st_size > 0 && share_contents(from.number(), to.number()))
    ;
  else if (stats.st_blocks * kBlock < stats.st_size)
    copy_contents(from.number(), to.number(), stats.st_size, name);
  else
    copy_range(from.number(), to.number(), 0, stats.st_size, name);
  // Few files have any; a directory can give some to what is made in it.
  if (!attribute_names(from.number()).empty() || !attribute_names(to.number()).empty())
    set_attributes(stage, made, attributes_of(directory, name));
  set_owner(to.number(), stats, owner);
  const timespec times[] = {stats.st_atim, stats.st_mtim};
  if (::fchmod(to.number(), stats.permissions()) < 0 || ::futimens(to.number(), times) < 0)
    fail_errno("change the mode of", name);
  return true;
}

void copy_special(int stage, const char *made, int directory, const char *name,
                  const FileStat &stats) {
  const bool is_link = stats.is(S_IFLNK);
  const int result = is_link ? ::symlinkat(target_of(directory, name).c_str(), stage, made)
                             : ::mknodat(stage, made, stats.st_mode, 0);
  if (result < 0) fail_errno("make", name);
  // Not by its name: somebody else who may write there could put a link in its place.
  if (!is_link) {
    const Descriptor opened = open_file(stage, made, O_PATH);
    if (!opened.is_open()) fail_errno("change the mode of", name);
    set_permissions(opened, stats.permissions(), name);
  }
  const timespec times[] = {stats.st_atim, stats.st_mtim};
  if (::utimensat(stage, made, times, AT_SYMLINK_NOFOLLOW) < 0)
    fail_errno("change the times of", name);
}

}  // namespace

void set_owner(int descriptor, const FileStat &wanted, Owner owner) {
  const FileStat stats = facts_of(descriptor);
  if (stats.st_uid == wanted.st_uid && stats.st_gid == wanted.st_gid) return;
  if (::fchown(descriptor, wanted.st_uid, wanted.st_gid) == 0) return;
  if (owner == Owner::Same || errno != EPERM) fail_errno("change the owner of", "a copy");
}

bool copy_named(int stage, const char *made, int directory, const char *name, const FileStat &stats,
                Owner owner) {
  if (stats.is(S_IFREG)) return copy_file(stage, made, directory, name, stats, owner);
  copy_special(stage, made, directory, name, stats);
  return true;
}

std::string copy_into(int stage, int directory, const char *name, const FileStat &stats) {
  if (stats.st_nlink < 2) {
    copy_named(stage, kNew, directory, name, stats, Owner::Same);
    return kNew;
  }
  const std::string linked = kLinked + std::to_string(stats.st_ino);
  if (!facts_of(stage, linked.c_str()).exists()) {
    copy_named(stage, kNew, directory, name, stats, Owner::Same);
    if (::renameat(stage, kNew, stage, linked.c_str()) < 0) fail_errno("write", name);
  }
  if (::linkat(stage, linked.c_str(), stage, kNew, 0) < 0) fail_errno("link", name);
  return kNew;
}

}  // namespace ll
