#include "os/enforce/sockets.h"

#include "core/host.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

// socket(7), and asm-generic/socket.h.
constexpr int kSocketType = 3, kPeerName = 28, kProtocol = 38, kDomain = 39;
constexpr int kUnixFamily = 1, kInet = 2, kInet6 = 10, kVirtual = 40;
constexpr int kStream = 1, kDatagram = 2, kPackets = 5;
constexpr int kTcp = 6, kUdp = 17;

bool ask(int socket, int option, int &value) {
  uint32_t size = sizeof value;
  return sys::get_socket_option(socket, option, &value, size) >= 0;
}

// A connected stream socket of these families stays connected (net/unix/af_unix.c,
// net/vmw_vsock/af_vsock.c).
bool stays_connected(int socket, int family, int type) {
  if (family != kUnixFamily && family != kVirtual) return false;
  if (type != kStream && type != kPackets) return false;
  uint16_t peer_family;
  uint32_t size = sizeof peer_family;
  return sys::get_socket_option(socket, kPeerName, &peer_family, size) >= 0;
}

SocketKind kind_of(int family, int type, int protocol) {
  const bool inet = family == kInet || family == kInet6;
  if (inet && type == kStream && protocol == kTcp) return SocketKind::Tcp;
  if (inet && type == kDatagram && protocol == kUdp) return SocketKind::Udp;
  return family == kUnixFamily ? SocketKind::Unix : SocketKind::Other;
}

}  // namespace

// A socket of unknown type counts as one that no rule grants.
void look_at_descriptor(uint32_t descriptor, Plan &plan) {
  const auto socket = static_cast<int>(descriptor);
  int family = 0;
  uint32_t size = sizeof family;
  const long result = sys::get_socket_option(socket, kDomain, &family, size);
  // EBADF: opened with O_PATH.
  if (result == -uapi::kENOTSOCK || result == -uapi::kEBADF) return;
  int type = 0;
  int protocol = 0;
  SocketKind kind = SocketKind::Other;
  if (result >= 0 && ask(socket, kSocketType, type) && ask(socket, kProtocol, protocol)) {
    if (stays_connected(socket, family, type)) return;
    kind = kind_of(family, type, protocol);
  }
  Inherited &inherited = plan.inherited[static_cast<size_t>(kind)];
  if (!inherited.found) inherited = {.found = true, .descriptor = descriptor};
}

void find_inherited_sockets(const Policy &policy, Plan &plan) {
  for (uint32_t i = 0; i < 3; i++) look_at_descriptor(i, plan);
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == Directive::Fd)
      look_at_descriptor(static_cast<uint32_t>(policy.rules[i].number), plan);
}

void check_inherited_sockets(const Policy &policy, const EnforceOptions &options, const Plan &plan,
                             const Filter &filter) {
  const Opened &opened = filter.opened;
  if (opened.loose == 0 || !opened.any_socket()) return;
  constexpr char kKinds[] = "TCP\0UDP\0unix\0other\0";
  const Text kind = nth(kKinds, opened.loose - size_t{1});
  const uint32_t descriptor = plan.inherited[opened.loose - 1].descriptor;
  if (!options.best_effort)
    die_at(policy, kNoLocation,
           "descriptor % is a socket (%) that no rule grants; this kernel lets it reach"
           " any address\n"
           "run it with </dev/null or a pipe, or add --best-effort",
           descriptor, kind);
  if (options.quiet) return;
  Builder line = output_line();
  format(line, "%: not refused: descriptor % is a socket (%), which can reach any address\n",
         speaker(policy), descriptor, kind);
  host_write(2, line.text());
}

}  // namespace ll
