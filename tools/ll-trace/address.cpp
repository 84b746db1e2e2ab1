#include "address.h"

#include "calls.h"
#include "core/mem.h"
#include "tracee_memory.h"

namespace ll {

namespace {

constexpr uint16_t kUnixFamily = 1, kInet = 2, kInet6 = 10;  // socket(2)

// Unknown is no datagram.
bool is_datagram(int tid, int descriptor) {
  constexpr int kDatagram = 2;
  const long copy = copy_of_descriptor(tid, descriptor);
  if (copy < 0) return false;
  int type = 0;
  const long result = sys::socket_type(static_cast<int>(copy), type);
  sys::close(static_cast<int>(copy));
  return result == 0 && type == kDatagram;
}

struct MessageHeader {  // struct msghdr, the start of it
  uint64_t name, name_size;
};
constexpr size_t kManyHeaderSize = 64;    // struct mmsghdr
constexpr uint64_t kMostMessages = 1024;  // UIO_MAXIOV

Address of_message(int tid, int descriptor, uint64_t from) {
  MessageHeader header;
  if (!read_bytes(tid, from, &header, sizeof header) || header.name == 0) return {};
  return read_address(tid, descriptor, header.name, header.name_size & UINT32_MAX);
}

}  // namespace

Address read_address(int tid, int descriptor, uint64_t from, uint64_t size) {
  static char bytes[128 + 1];  // sizeof(struct sockaddr_storage)
  Address address = {.descriptor = descriptor};
  if (size < 2 || size > 128 || !read_bytes(tid, from, bytes, size)) return address;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const auto family = static_cast<uint16_t>(byte(0) | byte(1) << 8);
  address.kind = Address::Other;
  if ((family == kInet || family == kInet6) && size >= 4) {
    address.kind = Address::Inet;
    address.port = static_cast<uint32_t>(byte(2) << 8 | byte(3));
    address.udp = is_datagram(tid, descriptor);
    const bool four = family == kInet;
    const size_t start = four ? 4 : 8;
    const size_t count = four ? 4 : kAddressSize;
    if (four) address.host = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
    if (size >= start + count)
      memcpy(address.host.bytes + kAddressSize - count, bytes + start, count);
    address.host = canonical(address.host);
  } else if (family == kUnixFamily) {
    bytes[size] = '\0';
    address.kind = size > 2 && bytes[2] != '\0' ? Address::Unix : Address::Abstract;
    const Text rest = {bytes + 2, size - 2};
    address.path = address.kind == Address::Unix ? rest.first(find(rest, '\0')) : rest.from(1);
  }
  return address;
}

Address address_of_call(int tid, const TracedSyscall &traced, const Syscall &call, size_t index) {
  const int descriptor = static_cast<int>(call.arguments[0]);
  const uint64_t at = call.arguments[traced.path];
  const uint64_t more = call.arguments[traced.more];
  if (traced.kind == CallKind::Sendmmsg) {
    if (index >= more || index >= kMostMessages) return {};
    return of_message(tid, descriptor, at + index * kManyHeaderSize);
  }
  if (index > 0) return {};
  if (traced.kind == CallKind::Sendmsg) return of_message(tid, descriptor, at);
  return at == 0 ? Address{} : read_address(tid, descriptor, at, more & UINT32_MAX);
}

}  // namespace ll
