#include "listeners.h"

#include "calls.h"
#include "core/mem.h"
#include "netlink.h"
#include "socket_address.h"

namespace ll {

namespace {

// linux/sock_diag.h, linux/inet_diag.h
constexpr int kSocketDiagnosis = 4;
constexpr uint16_t kByFamily = 20;
constexpr uint8_t kListens = 10;  // TCP_LISTEN
struct Identity {
  uint16_t source_port, target_port;
  uint8_t source[16], target[16];
  uint32_t interface, cookie[2];
};
struct SocketQuestion {
  uint32_t size;
  uint16_t type, flags;
  uint32_t sequence, port;
  uint8_t family, protocol, extensions, padding;
  uint32_t states;
  Identity identity;
};
struct Listener {  // struct inet_diag_msg
  uint8_t family, state, timer, retransmissions;
  Identity identity;
  uint32_t expires, receive, send, user, inode;
};
struct Answer {
  uint32_t size;
  uint16_t type, flags;
  uint32_t sequence, port;
  union {
    int32_t error;
    Listener socket;
  };
  uint8_t rest[256];
};
static_assert(sizeof(Identity) == 48 && sizeof(SocketQuestion) == 72);

}  // namespace

long Listeners::start() {
  const long opened = sys::open_socket(kNetlink, kRaw, kSocketDiagnosis);
  if (opened < 0) return opened;
  netlink_ = static_cast<int>(opened);
  IpAddress first;
  read_address("127.0.0.1"_t, first);
  const long found = find(first, 1);
  return found < 0 ? found : 0;
}

// A socket that listens is found by where a packet would be for.
long Listeners::find(const IpAddress &address, uint16_t port) const {
  SocketQuestion question = {.size = sizeof question,
                             .type = kByFamily,
                             .flags = kNetlinkRequest,
                             .family = uapi::kAF_INET,
                             .protocol = uapi::kIPPROTO_TCP,
                             .states = 1U << kListens};
  question.identity.source_port = swapped(port);
  memcpy(question.identity.source, address.bytes + 12, 4);
  memcpy(question.identity.target, address.bytes + 12, 4);
  question.identity.cookie[0] = question.identity.cookie[1] = UINT32_MAX;  // any
  const long sent = sys::write(netlink_, &question, sizeof question);
  if (sent < 0) return sent;
  Answer answer = {};
  const long got = sys::read(netlink_, &answer, sizeof answer);
  if (got < 0) return got;
  if (answer.type == kNetlinkError) return answer.error == -uapi::kENOENT ? 0 : answer.error;
  if (answer.type != kByFamily) return -uapi::kEIO;
  const Listener &socket = answer.socket;
  IpAddress at = {};
  if (socket.family == uapi::kAF_INET) {
    at = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    memcpy(at.bytes + 12, socket.identity.source, 4);
  } else {
    memcpy(at.bytes, socket.identity.source, kAddressSize);
  }
  const bool exact = at == address && socket.state == kListens;
  return exact ? static_cast<long>(socket.inode) : 0;
}

}  // namespace ll
