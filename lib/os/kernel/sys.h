// System calls with types. Each returns what the kernel does: a result, or minus an errno.
#pragma once

#include "core/seccomp/syscalls.h"
#include "os/kernel/opened.h"
#include "os/kernel/uapi.h"

#if !defined(__LP64__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "ll-exec is for 64-bit little-endian Linux"
#elif defined(LL_HOSTED)
#include "os/kernel/sys_hosted.h"
#elif defined(__x86_64__)
#include "os/kernel/sys_x86_64.h"
#elif defined(__aarch64__)
#include "os/kernel/sys_aarch64.h"
#else
#error "no entry into the kernel is written for this architecture: build with -DLL_HOSTED=ON"
#endif

namespace ll::sys {

inline long address(const void *pointer) { return reinterpret_cast<long>(pointer); }

inline long open_at(int directory, const char *path, int flags) {
  return note_opened(call(number::openat, directory, address(path), flags | uapi::kO_CLOEXEC));
}
// With O_PATH; where the path may lead.
inline long open_path(int directory, const char *path, uint64_t resolve) {
  const uapi::OpenHow how = {.flags = uapi::kO_PATH | uapi::kO_CLOEXEC, .resolve = resolve};
  return note_opened(call(number::openat2, directory, address(path), address(&how), sizeof how));
}
// As creat(2) does, with more flags.
inline long create_at(int directory, const char *path, int flags, int mode) {
  return call(number::openat, directory, address(path), flags | uapi::kO_CREAT | uapi::kO_CLOEXEC,
              mode);
}
inline long make_pipe(int (&ends)[2]) {
  const long result = call(number::pipe2, address(ends), uapi::kO_CLOEXEC);
  if (result >= 0) note_opened(ends[0]), note_opened(ends[1]);
  return result;
}
inline long close(int descriptor) {
  note_closed(descriptor);
  return call(number::close, descriptor);
}
inline long close_range(uint32_t first, uint32_t last) {
  return call(number::close_range, first, last, 0);
}
inline long read(int descriptor, void *buffer, size_t size) {
  return call(number::read, descriptor, address(buffer), static_cast<long>(size));
}
inline long read_at(int descriptor, void *buffer, size_t size, uint64_t offset) {
  return call(number::pread64, descriptor, address(buffer), static_cast<long>(size),
              static_cast<long>(offset));
}
inline long write(int descriptor, const void *buffer, size_t size) {
  return call(number::write, descriptor, address(buffer), static_cast<long>(size));
}
inline long stat_at(int directory, const char *path, int flags, uapi::Statx &stat) {
  return call(number::statx, directory, address(path), flags, uapi::kStatxMask, address(&stat));
}
// statfs(2): the type is the first word, of 120 bytes.
inline long file_system_type(int descriptor, uint64_t &type) {
  uint64_t buffer[15] = {};
  const long result = call(number::fstatfs, descriptor, address(buffer));
  type = buffer[0];
  return result;
}
inline long stat_of(int descriptor, uapi::Statx &stat) {
  return stat_at(descriptor, "", uapi::kAT_EMPTY_PATH, stat);
}
inline long read_link(const char *path, char *buffer, size_t size) {
  return call(number::readlinkat, uapi::kAT_FDCWD, address(path), address(buffer),
              static_cast<long>(size));
}
inline long read_link_at(int directory, const char *name, char *buffer, size_t size) {
  return call(number::readlinkat, directory, address(name), address(buffer),
              static_cast<long>(size));
}
// Of the link that is open with O_PATH.
inline long read_link_of(int link, char *buffer, size_t size) {
  return call(number::readlinkat, link, address(""), address(buffer), static_cast<long>(size));
}
inline long access(const char *path, int mode) {
  return call(number::faccessat, uapi::kAT_FDCWD, address(path), mode);
}
inline long descriptor_flags(int descriptor) {
  return call(number::fcntl, descriptor, uapi::kF_GETFD);
}
inline long set_descriptor_flags(int descriptor, int flags) {
  return call(number::fcntl, descriptor, uapi::kF_SETFD, flags);
}
// Whatever it was opened with: fcntl(2), F_SETFL.
inline long wait_in_reads(int descriptor) { return call(number::fcntl, descriptor, 4, 0); }
inline long current_directory(char *buffer, size_t size) {
  return call(number::getcwd, address(buffer), static_cast<long>(size));
}
inline long read_directory(int descriptor, char *buffer, size_t size) {
  return call(number::getdents64, descriptor, address(buffer), static_cast<long>(size));
}
inline long change_directory(const char *path) { return call(number::chdir, address(path)); }
inline long execute(const char *path, char *const *arguments, char *const *environment) {
  return call(number::execve, address(path), address(arguments), address(environment));
}
[[noreturn]] inline void exit(int status) {
  for (;;) call(number::exit_group, status);
}

// Of SOL_SOCKET, which is 1.
inline long get_socket_option(int socket, int option, void *value, uint32_t &size) {
  return call(number::getsockopt, socket, 1, option, address(value), address(&size));
}
inline long get_window_size(int terminal, uapi::WindowSize &size) {
  return call(number::ioctl, terminal, uapi::kTIOCGWINSZ, address(&size));
}
// clone(2) as fork(2): SIGCHLD at its end, and nothing shared.
inline long fork() { return call(number::clone, uapi::kSIGCHLD, 0); }
inline long wait_for(int child, int &status) {
  return call(number::wait4, child, address(&status), 0, 0);
}
inline long process_id() { return call(number::getpid); }
inline long new_session() { return call(number::setsid); }
inline long open_process(long pid) { return call(number::pidfd_open, pid, 0); }
inline long set_signal_mask(int how, const uint64_t *set, uint64_t *old) {
  return call(number::rt_sigprocmask, how, address(set), address(old), sizeof *set);
}
inline long enter_namespaces(long flags) { return call(number::unshare, flags); }
inline long get_uname(uapi::Uname &name) { return call(number::uname, address(&name)); }

inline long landlock_abi() {
  return call(number::landlock_create_ruleset, 0, 0, uapi::kLANDLOCK_CREATE_RULESET_VERSION);
}
inline long create_ruleset(const uapi::RulesetAttr &attr) {
  return note_opened(call(number::landlock_create_ruleset, address(&attr), sizeof attr, 0));
}
inline long add_path_rule(int ruleset, const uapi::PathBeneathAttr &attr) {
  return call(number::landlock_add_rule, ruleset, uapi::kLANDLOCK_RULE_PATH_BENEATH, address(&attr),
              0);
}
inline long add_port_rule(int ruleset, const uapi::NetPortAttr &attr) {
  return call(number::landlock_add_rule, ruleset, uapi::kLANDLOCK_RULE_NET_PORT, address(&attr), 0);
}
inline long restrict_self(int ruleset, uint64_t flags) {
  return call(number::landlock_restrict_self, ruleset, static_cast<long>(flags));
}

inline long set_filter(uint32_t flags, const uapi::SockFprog &program) {
  return call(number::seccomp, uapi::kSECCOMP_SET_MODE_FILTER, flags, address(&program));
}
inline long make_socket_pair(int type, int (&ends)[2]) {
  return call(number::socketpair, uapi::kAF_UNIX, type, 0, address(ends));
}
// One byte, and a descriptor with it.
inline long pass_descriptor(int socket, int descriptor) {
  const char byte = 0;
  const uapi::ConstIoVec vector = {&byte, sizeof byte};
  uapi::PassedDescriptor passed;
  passed.descriptor = descriptor;
  const uapi::MsgHdr message = {
      .vectors = &vector, .vector_count = 1, .control = &passed, .control_size = sizeof passed};
  return call(number::sendmsg, socket, address(&message), 0);
}
inline long set_no_new_privileges() {
  return call(number::prctl, uapi::kPR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
// EINVAL below Linux 6.3.
inline long write_execute() { return call(number::prctl, uapi::kPR_GET_MDWE, 0, 0, 0, 0); }
inline long set_mode(int option) { return call(number::prctl, option, 1, 0, 0, 0); }
inline long set_personality(long personality) { return call(number::personality, personality); }
inline long drop_from_bounding_set(int capability) {
  return call(number::prctl, uapi::kPR_CAPBSET_DROP, capability, 0, 0, 0);
}
inline long clear_ambient() {
  return call(number::prctl, uapi::kPR_CAP_AMBIENT, uapi::kPR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}
inline long raise_ambient(int capability) {
  return call(number::prctl, uapi::kPR_CAP_AMBIENT, uapi::kPR_CAP_AMBIENT_RAISE, capability, 0, 0);
}
inline long get_capabilities(uapi::CapabilityHeader &header, uapi::CapabilityData *data) {
  return call(number::capget, address(&header), address(data));
}
inline long set_capabilities(uapi::CapabilityHeader &header, const uapi::CapabilityData *data) {
  return call(number::capset, address(&header), address(data));
}
inline long get_limit(int resource, uapi::ResourceLimit &limit) {
  return call(number::prlimit64, 0, resource, 0, address(&limit));
}
inline long set_limit(int resource, const uapi::ResourceLimit &limit) {
  return call(number::prlimit64, 0, resource, address(&limit), 0);
}
inline long user() { return call(number::getuid); }

}  // namespace ll::sys
