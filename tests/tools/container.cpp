// container PROGRAM [ARGUMENT...]: run a program as in an unprivileged container: a
// filter answers as Docker's default profile without CAP_SYS_ADMIN. The user is the caller,
// and the files are the host's.
//   clone(2) with a namespace  EPERM; clone3(2) ENOSYS, so that libc asks clone(2)
//   unshare, setns, mounts, keyrings, bpf, perf, userfaultfd, io_uring, pidfd_getfd, ...  EPERM
//   sockets of AF_ALG and AF_VSOCK  EPERM; personality(2) other than the usual ones  EPERM
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace {

constexpr int kRefused[] = {
    SYS_unshare,
    SYS_setns,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    428 /*open_tree*/,
    429 /*move_mount*/,
    430 /*fsopen*/,
    431 /*fsconfig*/,
    432 /*fsmount*/,
    433 /*fspick*/,
    442 /*mount_setattr*/,
    SYS_add_key,
    SYS_request_key,
    SYS_keyctl,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    425 /*io_uring_setup*/,
    426,
    427,
    438 /*pidfd_getfd*/,
    SYS_open_by_handle_at,
    SYS_kexec_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_swapon,
    SYS_swapoff,
    SYS_reboot,
    SYS_acct,
    SYS_quotactl,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_vhangup,
    SYS_syslog,
    SYS_kcmp,
    SYS_mbind,
    SYS_set_mempolicy,
    SYS_move_pages,
    SYS_nfsservctl,
#ifdef SYS_iopl
    SYS_iopl,
    SYS_ioperm,
#endif
};
constexpr unsigned kNamespaces = 0x7e020000;  // CLONE_NEW*, but for the time's
constexpr unsigned kClone3 = 435;

class Filter {
 public:
  Filter() {
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
    answer(kClone3, ENOSYS);
    for (const int number : kRefused) answer(static_cast<unsigned>(number), EPERM);
    // The low half of the first argument.
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4));
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)));
    add(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, kNamespaces, 0, 1));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 5));
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 38, 1, 0));  // AF_ALG
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 40, 0, 1));  // AF_VSOCK
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 5));
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)));
    for (const unsigned usual : {0U, 0x8U, 0xffffffffU})
      add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, usual,
                   static_cast<__u8>(usual == 0   ? 3
                                     : usual == 8 ? 2
                                                  : 1),
                   0));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  }

  bool install() {
    const sock_fprog program = {static_cast<unsigned short>(code_.size()), code_.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
  }

 private:
  void add(const sock_filter &instruction) { code_.push_back(instruction); }
  void answer(unsigned number, unsigned error) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
  }

  std::vector<sock_filter> code_;
};

}  // namespace

int main(int count, char **arguments) {
  if (count < 2) return std::fputs("container PROGRAM [ARGUMENT...]\n", stderr), 125;
  if (!Filter().install()) return std::perror("container"), 125;
  execvp(arguments[1], arguments + 1);
  std::perror(arguments[1]);
  return 127;
}
