// New namespaces, and the mounts and roots that they give to an ordinary user.
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <linux/mount.h>
#include <sched.h>
#include <cerrno>
#include <csignal>
#include <cstdint>

// <sys/mount.h> and <linux/mount.h> cannot be included together on older libcs.
extern "C" int mount(const char *, const char *, const char *, unsigned long,
                     const void *) noexcept;
extern "C" int umount2(const char *, int) noexcept;

namespace {

// <sys/mount.h> has these as an enumeration, which linux/mount.h lacks before 6.0.
constexpr unsigned long mount_private_recursively = (1UL << 18) | (1UL << 14);

Outcome end_child(const char *act, long child) {
  if (child == 0) {
    _exit(0);
  }
  if (child < 0) {
    return failed(act, errno);
  }
  waitpid(static_cast<pid_t>(child), nullptr, __WALL);
  return escaped(act);
}

// With a user namespace if that can be had, else with the privileges that are there: either way the
// act that follows decides, and what it changes is in a mount namespace that ends with the probe.
void enter_private_mounts() {
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 || unshare(CLONE_NEWNS) == 0) {
    mount(nullptr, "/", nullptr, mount_private_recursively, nullptr);
  }
}

long clone_tree(const std::string &path) {
  return syscall(number::open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

}  // namespace

Outcome unshare_namespaces(int flags) { return outcome_of("unshare", unshare(flags)); }

Outcome clone_user_namespace() {
  return end_child("clone",
                   syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

Outcome clone3_user_namespace() {
  // struct clone_args as of its first version, clone(2).
  std::uint64_t arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0};
  return end_child("clone3", syscall(number::clone3, arguments, sizeof arguments));
}

Outcome join_namespaces(int flags) {
  if (!has_target("namespaced")) {
    return unavailable("the fixture has no process in a user namespace", 0);
  }
  const long process = syscall(number::pidfd_open, target_process("namespaced"), 0);
  if (process < 0) {
    return failed("pidfd_open", errno);
  }
  return outcome_of("setns", setns(static_cast<int>(process), flags));
}

Outcome mount_memory() {
  enter_private_mounts();
  return outcome_of("mount", mount("none", readwrite("directory").c_str(), "tmpfs", 0, nullptr));
}

Outcome mount_outside() {
  enter_private_mounts();
  constexpr unsigned long bind = 4096;
  const std::string here = readwrite("directory");
  if (mount(target("outside").c_str(), here.c_str(), nullptr, bind, nullptr) != 0) {
    return failed("mount MS_BIND", errno);
  }
  return secret_read_from("open", open((here + "/secret").c_str(), O_RDONLY | O_CLOEXEC));
}

// Nothing is mounted there: the kernel says so only to those who may unmount.
Outcome unmount() {
  enter_private_mounts();
  return reached("umount2", umount2(readwrite("directory").c_str(), 0));
}

Outcome change_root() {
  enter_private_mounts();
  return outcome_of("chroot", chroot(readwrite("directory").c_str()));
}

Outcome pivot_root() {
  const std::string root = readwrite("directory");
  enter_private_mounts();
  if (mount("none", root.c_str(), "tmpfs", 0, nullptr) != 0) {
    return failed("mount", errno);
  }
  return outcome_of("pivot_root", syscall(SYS_pivot_root, root.c_str(), root.c_str()));
}

Outcome clone_mounts() {
  enter_private_mounts();
  return outcome_of("open_tree", clone_tree(target("outside")));
}

Outcome clone_mounts_with_attributes() {
  enter_private_mounts();
  const mount_attr attributes{MOUNT_ATTR_NOSUID, 0, 0, 0};
  const std::string path = target("outside");
  return outcome_of("open_tree_attr",
                    syscall(number::open_tree_attr, AT_FDCWD, path.c_str(),
                            OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, &attributes, sizeof attributes));
}

Outcome move_cloned_mounts() {
  enter_private_mounts();
  const long tree = clone_tree(target("outside"));
  if (tree < 0) {
    return failed("open_tree", errno);
  }
  const std::string here = readwrite("directory");
  return outcome_of("move_mount", syscall(number::move_mount, tree, "", AT_FDCWD, here.c_str(),
                                          MOVE_MOUNT_F_EMPTY_PATH));
}

Outcome change_mount_attributes() {
  enter_private_mounts();
  const long tree = clone_tree(target("outside"));
  if (tree < 0) {
    return failed("open_tree", errno);
  }
  const mount_attr attributes{MOUNT_ATTR_NOSUID, 0, 0, 0};
  return outcome_of("mount_setattr", syscall(number::mount_setattr, tree, "", AT_EMPTY_PATH,
                                             &attributes, sizeof attributes));
}

Outcome open_file_system() {
  enter_private_mounts();
  return outcome_of("fsopen", syscall(number::fsopen, "tmpfs", FSOPEN_CLOEXEC));
}

Outcome pick_file_system() {
  enter_private_mounts();
  return outcome_of("fspick", syscall(number::fspick, AT_FDCWD, "/", FSPICK_CLOEXEC));
}

Outcome make_handle() {
  alignas(file_handle) unsigned char bytes[sizeof(file_handle) + MAX_HANDLE_SZ] = {};
  auto *handle = reinterpret_cast<file_handle *>(bytes);
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount_number = 0;
  return outcome_of("name_to_handle_at", name_to_handle_at(AT_FDCWD, outside("secret").c_str(),
                                                           handle, &mount_number, 0));
}

// A handle names an inode, past every path: what took files out of early Docker containers.
Outcome open_handle() {
  if (!has_target("handle")) {
    return unavailable("the file system has no handles", 0);
  }
  std::vector<unsigned char> handle = target_bytes("handle");
  const int same_mount = open(target("readonly").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (same_mount < 0) {
    return failed("open", errno);
  }
  const int file = open_by_handle_at(same_mount, reinterpret_cast<file_handle *>(handle.data()),
                                     O_RDONLY | O_CLOEXEC);
  return secret_read_from("open_by_handle_at", file);
}
