#include "disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include "core/policy/units.h"
#include "fail.h"

namespace ll {

namespace {

// include/uapi/linux/mount.h
constexpr unsigned kSetString = 1, kCreate = 6;  // FSCONFIG_SET_STRING, FSCONFIG_CMD_CREATE
constexpr unsigned kCloseOnExec = 1;             // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
constexpr unsigned kNoSuid = 2, kNoDevices = 4;  // MOUNT_ATTR_*
constexpr uint64_t kBytesPerFile = 4096;
constexpr uint64_t kLeastFiles = 4096;

// Those of what calls the kernel and waits for nothing: minus an errno.
int result_of(long result) { return result < 0 ? -errno : static_cast<int>(result); }

int write_file(const char *path, const std::string &text) {
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file.is_open() && write_all(file.number(), text) ? 0 : -errno;
}

// user_namespaces(7): as itself, the one user and group that there are.
int enter_namespace() {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  int result = result_of(::unshare(CLONE_NEWUSER | CLONE_NEWNS));
  if (result >= 0) result = write_file("/proc/self/setgroups", "deny");
  if (result >= 0) result = write_file("/proc/self/gid_map", group + " " + group + " 1");
  if (result >= 0) result = write_file("/proc/self/uid_map", user + " " + user + " 1");
  return result;
}

int configure(int context, const char *key, const std::string &value) {
  return result_of(::syscall(SYS_fsconfig, context, kSetString, key, value.c_str(), 0));
}

int mount_memory(uint64_t bytes) {
  const uint64_t files = bytes / kBytesPerFile;
  const int context = result_of(::syscall(SYS_fsopen, "tmpfs", kCloseOnExec));
  if (context < 0) return context;
  int result = configure(context, "mode", "0700");
  if (result >= 0) result = configure(context, "size", std::to_string(bytes));
  if (result >= 0)
    result =
        configure(context, "nr_inodes", std::to_string(files < kLeastFiles ? kLeastFiles : files));
  if (result >= 0)
    result = result_of(::syscall(SYS_fsconfig, context, kCreate, nullptr, nullptr, 0));
  if (result < 0) return result;
  return result_of(::syscall(SYS_fsmount, context, kCloseOnExec, kNoSuid | kNoDevices));
}

union Control {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

// An errno, and with 0 the descriptor.
void send(int socket, int descriptor) {
  int error = descriptor < 0 ? -descriptor : 0;
  iovec vector = {&error, sizeof error};
  Control control = {};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  if (error == 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
  }
  (void)::sendmsg(socket, &message, MSG_NOSIGNAL);
}

int receive(int socket) {
  int error = EIO;
  iovec vector = {&error, sizeof error};
  Control control = {};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != static_cast<ssize_t>(sizeof error))
    return -EIO;
  if (error != 0) return -error;
  if (CMSG_FIRSTHDR(&message) == nullptr) return -EIO;
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(&control.header), sizeof descriptor);
  return descriptor;
}

// In a child: this process stays who it is, and can commit what is another group's.
int mount_by_child(uint64_t bytes) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
  const Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return -errno;
  if (child == 0) {
    int mounted = mount_memory(bytes);
    if (mounted < 0) mounted = enter_namespace();
    if (mounted == 0) mounted = mount_memory(bytes);
    send(theirs.number(), mounted);
    ::_exit(0);
  }
  theirs = Descriptor();
  const int received = receive(ours.number());
  ::waitpid(child, nullptr, 0);
  return received;
}

// overlayfs(5): it writes attributes to it.
void check_attributes(const Descriptor &disk) {
  constexpr const char *kName = "user.overlay.ll-changes";
  const std::string path = "/proc/self/fd/" + std::to_string(disk.number());
  if (::setxattr(path.c_str(), kName, "", 0, 0) == 0 && ::removexattr(path.c_str(), kName) == 0)
    return;
  if (errno != EOPNOTSUPP) fail_errno("write to", "a file system in memory");
  fail("--disk cannot limit --overlay: this kernel's tmpfs has no user extended attributes",
       "it needs Linux 6.6; without --disk the size of the layer is not limited");
}

}  // namespace

Descriptor make_disk(uint64_t bytes) {
  const int mounted = mount_by_child(bytes);
  if (mounted < 0) {
    errno = -mounted;
    fail_errno("make", "a file system in memory for --disk");
  }
  Descriptor disk(mounted);
  check_attributes(disk);
  return disk;
}

uint64_t size_of(const std::string &value) {
  uint64_t bytes = 0;
  if (parse_size({value.data(), value.size()}, INT64_MAX, bytes) && bytes != 0) return bytes;
  fail("'" + shown(value) + "' is not a size", "write 512M, in bytes or with K, M or G");
}

bool is_full(const Descriptor &root) {
  struct statvfs stats = {};
  if (::fstatvfs(root.number(), &stats) < 0) fail_errno("stat", "the file system of --disk");
  return stats.f_bfree == 0 || stats.f_ffree == 0;
}

}  // namespace ll
