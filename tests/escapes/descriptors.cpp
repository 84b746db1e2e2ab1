// Descriptors that whoever started the sandbox had open: the access was checked when they were
// opened, so that only closing them takes it away.
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <cerrno>
#include <csignal>

int inherited(const char *name) { return target_descriptor(name); }

Outcome read_inherited(const char *name) {
  const int file = inherited(name);
  if (fcntl(file, F_GETFD) < 0) {
    return failed("descriptor", errno);
  }
  return secret_read_from("read", file);
}

Outcome write_inherited() { return outcome_of("pwrite", pwrite(inherited("fd-file"), "x", 1, 0)); }

Outcome map_inherited() {
  void *memory =
      mmap(nullptr, sizeof secret, PROT_READ | PROT_WRITE, MAP_SHARED, inherited("fd-file"), 0);
  if (memory == MAP_FAILED) {
    return failed("mmap", errno);
  }
  return holds_secret(memory, sizeof secret - 1) ? escaped("mmap") : refused("mmap", 0);
}

Outcome truncate_inherited() { return outcome_of("ftruncate", ftruncate(inherited("fd-file"), 0)); }

Outcome open_at_inherited() {
  return secret_read_from("openat",
                          openat(inherited("fd-directory"), "secret", O_RDONLY | O_CLOEXEC));
}

Outcome accept_inherited() {
  const int connection = accept4(inherited("fd-listener"), nullptr, nullptr, SOCK_CLOEXEC);
  return secret_read_from("accept4", connection);
}

// The peer outside passes the secret file, already open, along with its greeting (unix(7)).
Outcome receive_descriptor() {
  char text[64];
  iovec bytes{text, sizeof text};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(inherited("fd-unix"), &message, MSG_CMSG_CLOEXEC) < 0) {
    return failed("recvmsg", errno);
  }
  const cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) {
    return refused("SCM_RIGHTS", 0);
  }
  int file = -1;
  std::memcpy(&file, CMSG_DATA(header), sizeof file);
  char content[sizeof secret] = {};
  return pread(file, content, sizeof content, 0) > 0 && holds_secret(content, sizeof content)
             ? escaped("SCM_RIGHTS")
             : refused("SCM_RIGHTS", errno);
}

Outcome signal_inherited_process() {
  return outcome_of("pidfd_send_signal", syscall(number::pidfd_send_signal, inherited("fd-process"),
                                                 SIGURG, nullptr, 0));
}

Outcome take_from_inherited_process() {
  const long file =
      syscall(number::pidfd_getfd, inherited("fd-process"), target_descriptor("victim-file"), 0);
  return secret_read_from("pidfd_getfd", static_cast<int>(file));
}
