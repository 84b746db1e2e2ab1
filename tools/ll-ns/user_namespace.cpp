#include "user_namespace.h"

#include "calls.h"
#include "core/peer.h"
#include "os/kernel/files.h"
#include "os/kernel/process.h"
#include "os/query/abilities.h"

namespace ll {

namespace {

long write_map(const char *path, uint64_t inside, uint64_t outside) {
  FixedString<64> map;
  map << inside << ' ' << outside << " 1"_t;
  return write_file(path, map.text());
}

}  // namespace

Identity identity() {
  return {static_cast<uint64_t>(sys::user()), static_cast<uint64_t>(sys::group())};
}

uint64_t namespaces_of(const Policy &policy, const NsRequest &request) {
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
  return uapi::kCLONE_NEWUSER | uapi::kCLONE_NEWNS | (kAllNamespaces & ~shared);
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

void format_refusal(Diagnostic &problem, const char *what, long error) {
  problem.fail({},
               "cannot %: %\n%\n"
               "  --no-namespaces does without: Landlock and the seccomp filter alone, with a "
               "private TMPDIR",
               what, Error{error}, namespace_advice(error));
}

}  // namespace ll
