// Files outside the policy, and writing where it grants reading only.
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <dirent.h>
#include <linux/openat2.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <cerrno>

Outcome read_file(const std::string &path) {
  return secret_read_from("open", open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

Outcome read_file_openat2(const std::string &path) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC;
  const long file = syscall(number::openat2, AT_FDCWD, path.c_str(), &how, sizeof how);
  return secret_read_from("openat2", static_cast<int>(file));
}

// Landlock does not control chdir(2): the open that follows must be refused by the file's own
// place.
Outcome read_file_relative() {
  if (chdir(target("outside").c_str()) != 0) {
    return failed("chdir", errno);
  }
  return secret_read_from("open after chdir", open("secret", O_RDONLY | O_CLOEXEC));
}

Outcome read_through_symlink() {
  const std::string link = readwrite("way-out");
  unlink(link.c_str());
  if (symlink(outside("secret").c_str(), link.c_str()) != 0) {
    return failed("symlink", errno);
  }
  return read_file(link);
}

Outcome list_directory() {
  DIR *directory = opendir(target("outside").c_str());
  if (directory == nullptr) {
    return failed("opendir", errno);
  }
  while (const dirent *entry = readdir(directory)) {
    if (std::strcmp(entry->d_name, "secret") == 0) {
      return escaped("readdir");
    }
  }
  return refused("readdir", 0);
}

Outcome write_existing(const std::string &path) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  return outcome_of("open for writing", file < 0 ? file : write(file, "x", 1));
}

// fcntl(2): by who owns the file. It is given back at the end, with the descriptor.
Outcome take_lease(const std::string &path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return failed("open", errno);
  }
  return outcome_of("fcntl F_SETLEASE", syscall(SYS_fcntl, file, F_SETLEASE, F_RDLCK));
}

Outcome append_existing(const std::string &path) {
  const int file = open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  return outcome_of("open for appending", file < 0 ? file : write(file, "x", 1));
}

Outcome create_file(const std::string &path) {
  return outcome_of("open O_CREAT",
                    open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

Outcome create_nameless_file() {
  const int file = open(target("outside").c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  return outcome_of("open O_TMPFILE", file);
}

Outcome make_directory(const std::string &path) {
  return outcome_of("mkdir", mkdir(path.c_str(), 0700));
}

Outcome make_symlink(const std::string &path) {
  return outcome_of("symlink", symlink("anywhere", path.c_str()));
}

Outcome make_node(const std::string &path, mode_t type, dev_t device) {
  return outcome_of("mknod", mknod(path.c_str(), type | 0600, device));
}

Outcome make_socket_by_bind(const std::string &path) {
  sockaddr_un address{AF_UNIX, {}};
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) {
    return failed("socket", errno);
  }
  return outcome_of("bind", bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address));
}

Outcome remove_file(const std::string &path) { return outcome_of("unlink", unlink(path.c_str())); }

Outcome remove_directory(const std::string &path) {
  return outcome_of("rmdir", rmdir(path.c_str()));
}

Outcome truncate_path(const std::string &path) {
  return outcome_of("truncate", truncate(path.c_str(), 0));
}

Outcome truncate_by_open(const std::string &path, int access) {
  return outcome_of("open O_TRUNC", open(path.c_str(), access | O_TRUNC | O_CLOEXEC));
}

Outcome truncate_by_creat(const std::string &path) {
  return outcome_of("creat", syscall(number::creat, path.c_str(), 0600));
}

Outcome hard_link(const std::string &from, const std::string &to) {
  return outcome_of("link", link(from.c_str(), to.c_str()));
}

Outcome move(const std::string &from, const std::string &to) {
  return outcome_of("rename", rename(from.c_str(), to.c_str()));
}

Outcome exchange(const std::string &one, const std::string &other) {
  return outcome_of("renameat2",
                    renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE));
}

Outcome learn_by_stat() {
  struct stat status {};
  return outcome_of("stat", stat(outside("secret").c_str(), &status));
}

Outcome learn_by_readlink() {
  char destination[256];
  return outcome_of("readlink", readlink(outside("link").c_str(), destination, sizeof destination));
}

Outcome learn_by_getxattr() {
  char value[256];
  return outcome_of("getxattr",
                    getxattr(outside("secret").c_str(), "user.escape", value, sizeof value));
}

Outcome learn_by_inotify() {
  const int watcher = inotify_init1(IN_CLOEXEC);
  if (watcher < 0) {
    return failed("inotify_init1", errno);
  }
  return outcome_of("inotify_add_watch",
                    inotify_add_watch(watcher, target("outside").c_str(), IN_ALL_EVENTS));
}
