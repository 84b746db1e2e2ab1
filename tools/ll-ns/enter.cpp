#include "enter.h"

#include "calls.h"
#include "core/peer.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

long write_file(const char *path, Text content) {
  const long file = sys::open_at(uapi::kAtCwd, path, uapi::kWriteOnly);
  if (file < 0) return file;
  const long written = sys::write(static_cast<int>(file), content.data, content.size);
  sys::close(static_cast<int>(file));
  return written < 0 ? written : 0;
}

long write_map(const char *path, uint64_t inside, uint64_t outside) {
  Line<64> map;
  map << inside << ' ' << outside << " 1"_t;
  return write_file(path, map.text());
}

// Whether a file of /proc/sys is that number.
bool is_set_to(const char *path, char digit) {
  const long file = sys::open_at(uapi::kAtCwd, path, uapi::kReadOnly);
  if (file < 0) return false;
  char content[2] = {};
  const long got = sys::read(static_cast<int>(file), content, sizeof content);
  sys::close(static_cast<int>(file));
  return got == 2 && content[0] == digit && content[1] == '\n';
}

// statx(2), STATX_ATTR_MOUNT_ROOT: where it is not, this is a chroot.
bool is_in_chroot() {
  constexpr uint64_t kMountRoot = 0x2000;
  uapi::Statx stat;
  return sys::stat_at(uapi::kAtCwd, "/", 0, stat) == 0 && (stat.attributes & kMountRoot) == 0;
}

const char *cause_of(long error) {
  if (error == -uapi::kENOSPC && is_set_to("/proc/sys/user/max_user_namespaces", '0'))
    return "the administrator allows none: sysctl user.max_user_namespaces=10000 as root";
  if (error == -uapi::kENOSPC) return "there are too many already: see sysctl user";
  if (sys::seccomp_mode() > 0) return "a sandbox or container around this one refuses it";
  if (is_set_to("/proc/sys/kernel/unprivileged_userns_clone", '0'))
    return "only root may: sysctl kernel.unprivileged_userns_clone=1 as root";
  if (is_set_to("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
    return "AppArmor allows it to programs that have a profile: give ll-ns one with `userns,`,"
           " or sysctl kernel.apparmor_restrict_unprivileged_userns=0 as root";
  if (is_in_chroot()) return "in a chroot the kernel refuses it: use pivot_root";
  return "a security module refuses it, such as Landlock of a sandbox around this one,"
         " or the kernel is built without it";
}

}  // namespace

Identity identity() {
  return {static_cast<uint64_t>(sys::user()), static_cast<uint64_t>(sys::group())};
}

uint64_t namespaces_of(const Policy &policy, const Request &request) {
  uint64_t shared = request.shared;
  const bool supervised = is_supervised(policy);
  const bool own_loopback = has_own_loopback(policy);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    // What ll-net connects and binds is outside.
    const bool is_decided =
        supervised && (rule.directive == Directive::Connect || (own_loopback && !rule.udp));
    const bool opens_port = row_of(rule.directive).value == Value::Port && !is_decided;
    if (request.network == Network::ByPolicy && (opens_port || is_ipc(rule, "abstract-unix"_t)))
      shared |= kNewNet;
    if (is_ipc(rule, "sysv"_t)) shared |= kNewIpc;
  }
  if (request.network == Network::Host) shared |= kNewNet;
  return uapi::kNewUser | uapi::kNewMounts | (kAllNamespaces & ~shared);
}

long map_identity(const Identity &outside, bool as_root) {
  // user_namespaces(7): without this, groups could be left.
  long result = write_file("/proc/self/setgroups", "deny"_t);
  if (result >= 0)
    result = write_map("/proc/self/gid_map", as_root ? 0 : outside.group, outside.group);
  if (result >= 0)
    result = write_map("/proc/self/uid_map", as_root ? 0 : outside.user, outside.user);
  return result;
}

long forbid_user_namespaces() { return write_file("/proc/sys/user/max_user_namespaces", "0"_t); }

long separate_mounts() {
  constexpr uint64_t kPrivate = 1 << 18 | 1 << 14;  // MS_PRIVATE, MS_REC
  return sys::mount("", "/", kPrivate, nullptr);
}

void say_refusal(Problem &problem, const char *what, long error) {
  problem.fail(
      {},
      "cannot %: %\n%\n"
      "  --no-namespaces does without: Landlock and the filter alone, in a TMPDIR of its own",
      what, Error{error}, cause_of(error));
}

}  // namespace ll
