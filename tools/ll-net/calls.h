// The system calls that only ll-net makes, as os/sys.h. Sources: include/uapi/linux/{seccomp,
// eventpoll,signalfd,in,in6,tcp}.h, asm-generic/{socket,fcntl}.h.
#pragma once

#include "os/kernel/sys.h"

namespace ll::uapi {

struct Notification {  // struct seccomp_notif
  uint64_t id;
  uint32_t pid, flags;
  int32_t number;
  uint32_t architecture;
  uint64_t instruction_pointer;
  uint64_t arguments[6];
};
struct NotificationAnswer {  // struct seccomp_notif_resp
  uint64_t id;
  int64_t value;
  int32_t error;
  uint32_t flags;
};
struct AddedDescriptor {  // struct seccomp_notif_addfd
  uint64_t id;
  uint32_t flags, source, target, target_flags;
};
static_assert(sizeof(Notification) == 80 && sizeof(NotificationAnswer) == 24 &&
              sizeof(AddedDescriptor) == 24);
constexpr uint32_t kSECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
constexpr uint32_t kSECCOMP_ADDFD_FLAG_SEND = 2;  // Linux 5.14
// SECCOMP_IOCTL_NOTIF_RECV, _SEND, _ID_VALID, _ADDFD
// SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (Linux 6.6)
constexpr long kSECCOMP_IOCTL_NOTIF_SET_FLAGS = 0x40082104, kSECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1;
constexpr long kSECCOMP_IOCTL_NOTIF_RECV = 0xc0502100, kSECCOMP_IOCTL_NOTIF_SEND = 0xc0182101,
               kSECCOMP_IOCTL_NOTIF_ID_VALID = 0x40082102, kSECCOMP_IOCTL_NOTIF_ADDFD = 0x40182103;

struct __attribute__((packed)) PackedEvent {
  uint32_t events;
  uint64_t data;
};
struct PaddedEvent {
  uint32_t events;
  uint64_t data;
};
#if defined(__x86_64__)
using Event = PackedEvent;  // struct epoll_event
#else
using Event = PaddedEvent;
#endif
constexpr uint32_t kEPOLLIN = 1, kEPOLLOUT = 4, kEPOLLERR = 8, kEPOLLHUP = 0x10;
constexpr int kEPOLL_CTL_ADD = 1, kEPOLL_CTL_DEL = 2;  // EPOLL_CTL_ADD, _DEL

constexpr int kAF_INET = 2, kAF_INET6 = 10;
constexpr int kSOCK_STREAM = 1, kSOCK_DGRAM = 2;
constexpr int kSOCK_TYPE_MASK = 0xf;
constexpr int kIPPROTO_TCP = 6;
constexpr int kSO_TYPE = 3, kSO_SNDTIMEO = 21, kSO_PROTOCOL = 38, kSO_DOMAIN = 39;
constexpr int kF_GETFL = 3, kF_SETFL = 4;
constexpr int kPIDFD_THREAD = 0200;  // Linux 6.9
constexpr int kMSG_NOSIGNAL = 0x4000;
constexpr int kMSG_DONTWAIT = 0x40;

constexpr size_t kMaxSockaddr = 128;  // struct sockaddr_storage
struct Inet4 {                        // struct sockaddr_in
  uint16_t family, port;
  uint8_t address[4];
  uint8_t padding[8];
};
struct Inet6 {  // struct sockaddr_in6
  uint16_t family, port;
  uint32_t flow;
  uint8_t address[16];
  uint32_t scope;
};

struct SignalRecord {  // struct signalfd_siginfo
  uint32_t number;
  int32_t error, code;
  uint32_t pid, uid;
  uint8_t rest[108];
};
static_assert(sizeof(SignalRecord) == 128);

// The kernel's struct sigaction, without a handler.
struct SignalAction {
  uint64_t handler, flags, restorer, mask;
};

constexpr int kWCONTINUED = 8;  // wait(2)
constexpr int kPR_SET_SECCOMP = 22;
constexpr int kPR_SET_CHILD_SUBREAPER = 36;

constexpr int kESRCH = 3, kEIO = 5, kEPROTOTYPE = 91, kEAFNOSUPPORT = 97, kENETUNREACH = 101,
              kENOBUFS = 105, kEISCONN = 106, kECONNREFUSED = 111, kEALREADY = 114,
              kEINPROGRESS = 115;
constexpr int kERESTARTSYS = 512;  // within the kernel

}  // namespace ll::uapi

namespace ll::sys {

// Six arguments.
inline long call_six(long number, long a, long b, long c, long d, long e, long f) {
#if defined(LL_HOSTED)
  const long result = ::syscall(number, a, b, c, d, e, f);
  return result == -1 ? -errno : result;
#elif defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
#endif
}

inline long control(int descriptor, long command, const void *argument) {
  return call(number::ioctl, descriptor, command, address(argument));
}
inline long read_memory(long task, uint64_t from, void *to, size_t size) {
  struct {
    uint64_t base, size;
  } const local = {reinterpret_cast<uint64_t>(to), size}, remote = {from, size};
  return call_six(number::process_vm_readv, task, address(&local), 1, address(&remote), 1, 0);
}
inline long open_thread(long task) { return call(number::pidfd_open, task, uapi::kPIDFD_THREAD); }
inline long take_descriptor(int process, int number) {
  return call(number::pidfd_getfd, process, number, 0);
}
inline long set_socket_option(int socket, int level, int option, const void *value, size_t size) {
  return call(number::setsockopt, socket, level, option, address(value), static_cast<long>(size));
}
inline long open_socket(int domain, int type, int protocol) {
  return call(number::socket, domain, type | uapi::kO_CLOEXEC, protocol);
}
inline long connect(int socket, const void *peer, size_t size) {
  return call(number::connect, socket, address(peer), static_cast<long>(size));
}
inline long file_flags(int descriptor) { return call(number::fcntl, descriptor, uapi::kF_GETFL); }
inline long set_file_flags(int descriptor, long flags) {
  return call(number::fcntl, descriptor, uapi::kF_SETFL, flags);
}
inline long copy_descriptor(int descriptor) {
  constexpr int kCopy = 1030;  // F_DUPFD_CLOEXEC
  return call(number::fcntl, descriptor, kCopy, 0);
}
inline long make_epoll() { return call(number::epoll_create1, uapi::kO_CLOEXEC); }
inline long watch(int epoll, int descriptor, uint32_t events, uint64_t data) {
  const uapi::Event event = {events, data};
  return call(number::epoll_ctl, epoll, uapi::kEPOLL_CTL_ADD, descriptor, address(&event));
}
inline long unwatch(int epoll, int descriptor) {
  return call(number::epoll_ctl, epoll, uapi::kEPOLL_CTL_DEL, descriptor, 0);
}
inline long wait_for_events(int epoll, uapi::Event *events, int most, int milliseconds) {
  return call_six(number::epoll_pwait, epoll, address(events), most, milliseconds, 0, 8);
}
inline long make_signal_descriptor(const uint64_t &set) {
  return call(number::signalfd4, -1, address(&set), sizeof set,
              uapi::kO_CLOEXEC | uapi::kO_NONBLOCK);
}
inline long fill_randomly(void *bytes, size_t size) {
  return call(number::getrandom, address(bytes), static_cast<long>(size), 0);
}
inline long receive_message(int socket, uapi::MsgHdr &message, int flags) {
  return call(number::recvmsg, socket, address(&message), flags | 0x40000000);  // MSG_CMSG_CLOEXEC
}
inline long set_signal_action(int signal, const uapi::SignalAction &action) {
  return call(number::rt_sigaction, signal, address(&action), 0, sizeof(uint64_t));
}
inline long send_signal(long pid, int signal) { return call(number::kill, pid, signal); }
inline long wait_for_change(long pid, int &status, int flags) {
  return call(number::wait4, pid, address(&status), flags, 0);
}
// PTRACE_DETACH, with the signal that it has stopped for; ESRCH of what is not traced.
inline long let_go(long task, int signal) { return call(number::ptrace, 17, task, 0, signal); }
inline long set_process(int option, long value) {
  return call(number::prctl, option, value, 0, 0, 0);
}
inline uint64_t milliseconds() {
  uapi::Time time = {};
  call(number::clock_gettime, 1, address(&time));
  return static_cast<uint64_t>(time.seconds) * 1000 +
         static_cast<uint64_t>(time.nanoseconds) / 1000000;
}

}  // namespace ll::sys
