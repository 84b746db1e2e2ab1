// Modes, owners, times, extended attributes and inode flags: Landlock has no right for any of them
// (landlock(7), "Current limitations"), so that only a filter by number can refuse. Every number
// that reaches the same code in the kernel is a row of its own.
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/xattr.h>
#include <utime.h>
#include <cerrno>
#include <cstdint>
#include <ctime>

namespace {

constexpr mode_t new_mode = 0640;
constexpr char attribute[] = "user.escape";
constexpr timespec new_times[2] = {{1, 0}, {1, 0}};

// struct xattr_args, include/uapi/linux/xattr.h of Linux 6.13.
struct AttributeArguments {
  std::uint64_t value;
  std::uint32_t size;
  std::uint32_t flags;
};

// struct file_attr, include/uapi/linux/fs.h of Linux 6.17.
struct FileAttributes {
  std::uint64_t flags;
  std::uint32_t extent_size;
  std::uint32_t extent_count;
  std::uint32_t project;
  std::uint32_t copy_extent_size;
};

// With the flags that are there, or file systems find fault with what is missing. The one that is
// added needs no capability; only dump(8) looks at it.
int wanted_flags(int file) {
  int flags = 0;
  ioctl(file, FS_IOC_GETFLAGS, &flags);
  return flags | FS_NODUMP_FL;
}

Outcome set_attribute_at(int directory, const char *path, unsigned flags) {
  const AttributeArguments arguments{reinterpret_cast<std::uintptr_t>("x"), 1, 0};
  return outcome_of("setxattrat", syscall(number::setxattrat, directory, path, flags, attribute,
                                          &arguments, sizeof arguments));
}

Outcome set_file_attributes_at(int directory, const char *path, unsigned flags) {
  FileAttributes attributes{};
  attributes.flags = FS_XFLAG_NODUMP;
  return outcome_of("file_setattr", syscall(number::file_setattr, directory, path, &attributes,
                                            sizeof attributes, flags));
}

// A sandboxed process can hold this for any path, whatever the policy: Landlock lets O_PATH be.
int path_descriptor(const std::string &path) { return open(path.c_str(), O_PATH | O_CLOEXEC); }

}  // namespace

int opened_readonly() {
  const int file = open(readonly("file").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    broken("a file that the policy grants for reading cannot be opened");
  }
  return file;
}

Outcome chmod_path(const std::string &path) {
  return outcome_of("chmod", syscall(number::chmod, path.c_str(), new_mode));
}

Outcome fchmodat_path(const std::string &path) {
  return outcome_of("fchmodat", syscall(SYS_fchmodat, AT_FDCWD, path.c_str(), new_mode));
}

Outcome fchmodat2_path(const std::string &path) {
  return outcome_of("fchmodat2", syscall(number::fchmodat2, AT_FDCWD, path.c_str(), new_mode, 0));
}

Outcome chown_path(const std::string &path) {
  return outcome_of("chown", syscall(number::chown, path.c_str(), getuid(), getgid()));
}

Outcome lchown_path(const std::string &path) {
  return outcome_of("lchown", syscall(number::lchown, path.c_str(), getuid(), getgid()));
}

Outcome fchownat_path(const std::string &path) {
  return outcome_of("fchownat",
                    syscall(SYS_fchownat, AT_FDCWD, path.c_str(), getuid(), getgid(), 0));
}

Outcome utime_path(const std::string &path) {
  const utimbuf times{1, 1};
  return outcome_of("utime", syscall(number::utime, path.c_str(), &times));
}

Outcome utimes_path(const std::string &path) {
  const timeval times[2] = {{1, 0}, {1, 0}};
  return outcome_of("utimes", syscall(number::utimes, path.c_str(), times));
}

Outcome futimesat_path(const std::string &path) {
  const timeval times[2] = {{1, 0}, {1, 0}};
  return outcome_of("futimesat", syscall(number::futimesat, AT_FDCWD, path.c_str(), times));
}

Outcome utimensat_path(const std::string &path) {
  return outcome_of("utimensat", syscall(SYS_utimensat, AT_FDCWD, path.c_str(), new_times, 0));
}

Outcome setxattr_path(const std::string &path) {
  return outcome_of("setxattr", syscall(SYS_setxattr, path.c_str(), attribute, "x", 1, 0));
}

Outcome lsetxattr_path(const std::string &path) {
  return outcome_of("lsetxattr", syscall(SYS_lsetxattr, path.c_str(), attribute, "x", 1, 0));
}

Outcome setxattrat_path(const std::string &path) {
  return set_attribute_at(AT_FDCWD, path.c_str(), 0);
}

Outcome removexattr_path(const std::string &path) {
  return outcome_of("removexattr", syscall(SYS_removexattr, path.c_str(), attribute));
}

Outcome lremovexattr_path(const std::string &path) {
  return outcome_of("lremovexattr", syscall(SYS_lremovexattr, path.c_str(), attribute));
}

Outcome removexattrat_path(const std::string &path) {
  return outcome_of("removexattrat",
                    syscall(number::removexattrat, AT_FDCWD, path.c_str(), 0, attribute));
}

Outcome file_setattr_path(const std::string &path) {
  return set_file_attributes_at(AT_FDCWD, path.c_str(), 0);
}

Outcome fchmod_descriptor(int file) {
  return outcome_of("fchmod", syscall(SYS_fchmod, file, new_mode));
}

Outcome fchmodat2_descriptor(int file) {
  return outcome_of("fchmodat2 AT_EMPTY_PATH",
                    syscall(number::fchmodat2, file, "", new_mode, AT_EMPTY_PATH));
}

Outcome fchown_descriptor(int file) {
  return outcome_of("fchown", syscall(SYS_fchown, file, getuid(), getgid()));
}

Outcome fchownat_descriptor(int file) {
  return outcome_of("fchownat AT_EMPTY_PATH",
                    syscall(SYS_fchownat, file, "", getuid(), getgid(), AT_EMPTY_PATH));
}

Outcome utimensat_descriptor(int file) {
  return outcome_of("utimensat without a path",
                    syscall(SYS_utimensat, file, nullptr, new_times, 0));
}

Outcome utimensat_empty_descriptor(int file) {
  return outcome_of("utimensat AT_EMPTY_PATH",
                    syscall(SYS_utimensat, file, "", new_times, AT_EMPTY_PATH));
}

Outcome fsetxattr_descriptor(int file) {
  return outcome_of("fsetxattr", syscall(SYS_fsetxattr, file, attribute, "x", 1, 0));
}

Outcome setxattrat_descriptor(int file) { return set_attribute_at(file, "", AT_EMPTY_PATH); }

Outcome fremovexattr_descriptor(int file) {
  return outcome_of("fremovexattr", syscall(SYS_fremovexattr, file, attribute));
}

Outcome removexattrat_descriptor(int file) {
  return outcome_of("removexattrat AT_EMPTY_PATH",
                    syscall(number::removexattrat, file, "", AT_EMPTY_PATH, attribute));
}

Outcome setflags_descriptor(int file) {
  int flags = wanted_flags(file);
  return outcome_of("ioctl FS_IOC_SETFLAGS", syscall(SYS_ioctl, file, FS_IOC_SETFLAGS, &flags));
}

// The kernel looks at the low 32 bits of the command only (fs/ioctl.c), a filter that compares all
// 64 does not see the call.
Outcome setflags_high_bits_descriptor(int file) {
  int flags = wanted_flags(file);
  const unsigned long command = FS_IOC_SETFLAGS | (1UL << 32);
  return outcome_of("ioctl FS_IOC_SETFLAGS with high bits",
                    syscall(SYS_ioctl, file, command, &flags));
}

Outcome fssetxattr_descriptor(int file) {
  fsxattr attributes{};
  ioctl(file, FS_IOC_FSGETXATTR, &attributes);
  attributes.fsx_xflags |= FS_XFLAG_NODUMP;
  return outcome_of("ioctl FS_IOC_FSSETXATTR",
                    syscall(SYS_ioctl, file, FS_IOC_FSSETXATTR, &attributes));
}

Outcome file_setattr_descriptor(int file) {
  return set_file_attributes_at(file, "", AT_EMPTY_PATH);
}

Outcome fchmodat2_by_path_descriptor() {
  return fchmodat2_descriptor(path_descriptor(outside("writable")));
}

Outcome fchownat_by_path_descriptor() {
  return fchownat_descriptor(path_descriptor(outside("writable")));
}

Outcome utimensat_by_path_descriptor() {
  return utimensat_empty_descriptor(path_descriptor(outside("writable")));
}
