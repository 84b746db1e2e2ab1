// A supervisor that checks a call and lets it continue, with no restriction behind: the control of
// the races, which must leak.
#pragma once

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

namespace naive {

[[noreturn]] inline void fail(const char *what) {
  perror(what);
  exit(2);
}

inline int install_listener(long number) {
  sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(number), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program = {4, code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return static_cast<int>(
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

// Sends the descriptor, or receives one for -1.
inline int pass(int socket, int descriptor) {
  char byte = 0;
  iovec vector = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (descriptor < 0) {
    if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0) return -1;
    memcpy(&descriptor, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof descriptor);
    return descriptor;
  }
  cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  return static_cast<int>(sendmsg(socket, &message, 0));
}

template <typename Allows>
void decide(int listener, pid_t child, const Allows &allows) {
  for (;;) {
    pollfd waiting = {listener, POLLIN, 0};
    if (poll(&waiting, 1, 100) == 0 && waitpid(child, nullptr, WNOHANG | WNOWAIT) != 0) return;
    if ((waiting.revents & POLLIN) == 0) {
      if ((waiting.revents & POLLHUP) != 0) return;
      continue;
    }
    seccomp_notif call = {};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) continue;
    seccomp_notif_resp answer = {};
    answer.id = call.id;
    if (allows(call))
      answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else
      answer.error = -EACCES;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
}

// The memory that the call points to, as it is now.
inline bool read_argument(const seccomp_notif &call, int argument, void *bytes, size_t size) {
  iovec to = {bytes, size};
  iovec from = {reinterpret_cast<void *>(call.data.args[argument]), size};
  return process_vm_readv(static_cast<pid_t>(call.pid), &to, 1, &from, 1, 0) > 0;
}

// The race's status, run where each call of that number is looked at by `allows`.
template <typename Allows, typename Race>
int supervise(long number, const Allows &allows, const Race &race) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) fail("the supervisor: socketpair");
  const pid_t child = fork();
  if (child == 0) {
    const int listener = install_listener(number);
    if (listener < 0) fail("the supervisor: the listener");
    pass(ends[1], listener);
    close(listener);
    const int status = race();
    fflush(stdout);
    _exit(status);
  }
  const int listener = pass(ends[0], -1);
  if (listener >= 0) decide(listener, child, allows);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

}  // namespace naive
