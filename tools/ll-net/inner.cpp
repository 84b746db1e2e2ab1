#include "inner.h"

#include "confine.h"
#include "netlink.h"
#include "os/kernel/process.h"
#include "resolver.h"

namespace ll {

namespace {

// rtnetlink(7)
constexpr uint16_t kNewRoute = 24, kCreateIt = 0x400;
constexpr uint8_t kLocalTable = 255, kByBoot = 3, kOfHost = 254, kLocal = 2;
constexpr uint16_t kOutgoing = 4;  // RTA_OIF
constexpr uint32_t kLoopback = 1;  // the index of the first interface of a namespace
struct RouteRequest {
  uint32_t size;
  uint16_t type, flags;
  uint32_t sequence, port;
  uint8_t family, to_bits, from_bits, service, table, protocol, scope, kind;
  uint32_t route_flags;
  uint16_t attribute_size, attribute;
  uint32_t interface;
};
static_assert(sizeof(RouteRequest) == 36);
struct RouteAnswer {
  uint32_t size;
  uint16_t type, flags;
  uint32_t sequence, port;
  int32_t error;
  uint8_t rest[64];
};

// netdevice(7)
constexpr long kSetInterfaceFlags = 0x8914;
struct InterfaceRequest {
  char name[16];
  uint16_t flags;
  uint8_t rest[22];
};

constexpr int kIpLevel = 0, kIpv6Level = 41;
constexpr int kTellTarget = 8, kFreeBind = 15;  // IP_PKTINFO, IP_FREEBIND
constexpr int kOnlyIpv6 = 26, kTellTarget6 = 49,
              kFreeBind6 = 78;  // IPV6_V6ONLY, _RECVPKTINFO, _FREEBIND
constexpr int kTarget6 = 50;    // IPV6_PKTINFO

struct Wanted {
  int32_t domain, type, protocol;
  uint16_t port;  // 0: of the command's
};

long raise_loopback() {
  const long socket = sys::open_socket(uapi::kAF_INET, uapi::kSOCK_DGRAM, 0);
  if (socket < 0) return socket;
  const InterfaceRequest request = {.name = "lo", .flags = 1};  // IFF_UP
  const long result = sys::control(static_cast<int>(socket), kSetInterfaceFlags, &request);
  sys::close(static_cast<int>(socket));
  return result;
}

// local default dev lo
long claim_all(int netlink, uint8_t family) {
  const RouteRequest request = {.size = sizeof request,
                                .type = kNewRoute,
                                .flags = kNetlinkRequest | kNetlinkAcknowledge | kCreateIt,
                                .family = family,
                                .table = kLocalTable,
                                .protocol = kByBoot,
                                .scope = kOfHost,
                                .kind = kLocal,
                                .attribute_size = 8,
                                .attribute = kOutgoing,
                                .interface = kLoopback};
  const long sent = sys::write(netlink, &request, sizeof request);
  if (sent < 0) return sent;
  RouteAnswer answer;
  const long got = sys::read(netlink, &answer, sizeof answer);
  if (got < 0) return got;
  return answer.type == kNetlinkError ? answer.error : -uapi::kEIO;
}

long enter_inner_network() {
  long result = sys::enter_namespaces(uapi::kCLONE_NEWUSER | uapi::kCLONE_NEWNET);
  if (result >= 0) result = raise_loopback();
  if (result < 0) return result;
  const long netlink = sys::open_socket(kNetlink, kRaw, 0);
  if (netlink < 0) return netlink;
  result = claim_all(static_cast<int>(netlink), uapi::kAF_INET);
  // A machine without IPv6 has no such sockets either.
  if (result >= 0) claim_all(static_cast<int>(netlink), uapi::kAF_INET6);
  sys::close(static_cast<int>(netlink));
  return result;
}

long set_on(int socket, int level, int option) {
  const int on = 1;
  return sys::set_socket_option(socket, level, option, &on, sizeof on);
}

long claim_port(int socket, int domain, uint16_t port) {
  SocketAddress own = {};
  own.family = static_cast<uint16_t>(domain);
  own.inet4.port = swapped(port);
  const bool six = domain == uapi::kAF_INET6;
  long result = six ? set_on(socket, kIpv6Level, kOnlyIpv6) : 0;
  if (result >= 0)
    result = six ? set_on(socket, kIpv6Level, kFreeBind6) : set_on(socket, kIpLevel, kFreeBind);
  if (result >= 0)
    result = six ? set_on(socket, kIpv6Level, kTellTarget6) : set_on(socket, kIpLevel, kTellTarget);
  if (result >= 0)
    result = sys::call(number::bind, socket, sys::address(&own),
                       static_cast<long>(six ? sizeof own.inet6 : sizeof own.inet4));
  return result;
}

long make(const Wanted &wanted) {
  const long made = sys::open_socket(wanted.domain, wanted.type, wanted.protocol);
  if (made < 0 || wanted.port == 0) return made;
  const long claimed = claim_port(static_cast<int>(made), wanted.domain, wanted.port);
  if (claimed >= 0) return made;
  sys::close(static_cast<int>(made));
  return claimed;
}

long answer(int supervisor, long made) {
  const auto error = static_cast<int32_t>(made < 0 ? made : 0);
  uapi::PassedDescriptor passed;
  passed.descriptor = static_cast<int>(made);
  const uapi::ConstIoVec vector = {&error, sizeof error};
  uapi::MsgHdr message = {.vectors = &vector, .vector_count = 1};
  if (made >= 0) {
    message.control = &passed;
    message.control_size = sizeof passed;
  }
  return sys::call(number::sendmsg, supervisor, sys::address(&message), uapi::kMSG_NOSIGNAL);
}

// Without it names are not answered.
void start_resolver(int end) {
  if (sys::fork() == 0) {
    if (close_all_but(0, end, end) < 0) sys::exit(kFailed);
    resolve_names(end);
  }
  sys::close(end);
}

// Enters it when it is first asked, for many commands need none.
[[noreturn]] void make_sockets(int supervisor, int resolver) {
  constexpr int16_t kAllowedCalls[] = {number::read,       number::close, number::socket,
                                       number::setsockopt, number::bind,  number::sendmsg,
                                       number::exit_group};
  Wanted wanted;
  bool entered = false;
  long refused = 0;
  while (sys::read(supervisor, &wanted, sizeof wanted) == sizeof wanted) {
    if (!entered) {
      start_resolver(resolver);
      refused = enter_inner_network();
      if (refused >= 0)
        refused = allow_only(kAllowedCalls, sizeof kAllowedCalls / sizeof *kAllowedCalls);
    }
    entered = true;
    const long made = refused < 0 ? refused : make(wanted);
    if (answer(supervisor, made) < 0) break;
    if (made >= 0) sys::close(static_cast<int>(made));
  }
  sys::exit(0);
}

}  // namespace

long Inner::start(int resolver) {
  int ends[2];
  const long paired = sys::make_socket_pair(uapi::kSOCK_SEQPACKET | uapi::kO_CLOEXEC, ends);
  if (paired < 0) return paired;
  const long child = sys::fork();
  if (child < 0) return child;
  if (child == 0) {
    if (close_all_but(0, ends[1], resolver) < 0) sys::exit(kFailed);
    make_sockets(ends[1], resolver);
  }
  sys::close(ends[1]);
  helper_ = ends[0];
  return 0;
}

long Inner::request(int domain, int type, int protocol, uint16_t port) const {
  const Wanted wanted = {domain, type, protocol, port};
  if (sys::write(helper_, &wanted, sizeof wanted) != sizeof wanted) return -uapi::kEIO;
  int32_t error = 0;
  uapi::PassedDescriptor passed;
  const uapi::ConstIoVec vector = {&error, sizeof error};
  uapi::MsgHdr message = {
      .vectors = &vector, .vector_count = 1, .control = &passed, .control_size = sizeof passed};
  long got = -uapi::kEINTR;
  while (got == -uapi::kEINTR) got = sys::receive_message(helper_, message, 0);
  if (got != sizeof error) return -uapi::kEIO;
  if (error < 0) return error;
  const int socket = passed_descriptor(passed, message.control_size);
  return socket < 0 ? -uapi::kEIO : socket;
}

long Inner::open(int domain, int type, int protocol) const {
  return request(domain, type, protocol, 0);
}

long Inner::listen(int domain, uint16_t port) const {
  return request(domain, uapi::kSOCK_DGRAM | uapi::kO_NONBLOCK, 0, port);
}

namespace {

struct PacketInfo {
  uint32_t interface;
  uint8_t source[4], target[4];
};

struct PacketInfo6 {
  uint8_t address[16];
  uint32_t interface;
};

// Room for the control messages of both families; cmsg(3).
struct Control {
  size_t size;
  int level, type;
  union {
    PacketInfo inet4;
    PacketInfo6 inet6;
  };
};
constexpr size_t kHead = 16;

}  // namespace

long receive_datagram(int socket, uint8_t *bytes, size_t size, Datagram &datagram) {
  Control target = {};
  const uapi::ConstIoVec vector = {bytes, size};
  uapi::MsgHdr message = {.name = &datagram.peer,
                          .name_size = sizeof datagram.peer,
                          .vectors = &vector,
                          .vector_count = 1,
                          .control = &target,
                          .control_size = sizeof target};
  const long got = sys::receive_message(socket, message, uapi::kMSG_DONTWAIT);
  if (got < 0) return got;
  datagram.peer_size = message.name_size;
  if (message.control_size >= kHead + sizeof target.inet4 && target.level == kIpLevel &&
      target.type == kTellTarget) {
    datagram.local = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    memcpy(datagram.local.bytes + 12, target.inet4.target, 4);
    return got;
  }
  if (message.control_size < kHead + sizeof target.inet6 || target.level != kIpv6Level ||
      target.type != kTarget6)
    return -uapi::kEINVAL;
  memcpy(datagram.local.bytes, target.inet6.address, kAddressSize);
  return got;
}

long send_datagram(int socket, const uint8_t *bytes, size_t size, const Datagram &datagram) {
  Control target = {};
  size_t target_size = sizeof target.inet6;
  if (datagram.peer.family == uapi::kAF_INET) {
    target.level = kIpLevel;
    target.type = kTellTarget;
    memcpy(target.inet4.source, datagram.local.bytes + 12, 4);
    target_size = sizeof target.inet4;
  } else {
    target.level = kIpv6Level;
    target.type = kTarget6;
    memcpy(target.inet6.address, datagram.local.bytes, kAddressSize);
  }
  target.size = kHead + target_size;
  const uapi::ConstIoVec vector = {bytes, size};
  const uapi::MsgHdr message = {.name = &datagram.peer,
                                .name_size = static_cast<uint32_t>(datagram.peer_size),
                                .vectors = &vector,
                                .vector_count = 1,
                                .control = &target,
                                .control_size = (target.size + 7) & ~size_t{7}};
  return sys::call(number::sendmsg, socket, sys::address(&message),
                   uapi::kMSG_NOSIGNAL | uapi::kMSG_DONTWAIT);
}

}  // namespace ll
