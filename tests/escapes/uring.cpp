// io_uring: calls that no seccomp filter sees, on a ring of the probe's own or an inherited one.
#include "attempt.h"
#include "probes.h"
#include "ring.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <cerrno>
#include <cstdint>

namespace {

io_uring_sqe open_request(const std::string &path) {
  io_uring_sqe request{};
  request.opcode = IORING_OP_OPENAT;
  request.fd = AT_FDCWD;
  request.addr = reinterpret_cast<std::uintptr_t>(path.c_str());
  request.open_flags = O_RDONLY | O_CLOEXEC;
  return request;
}

// As failed() reads it, from a result of the kernel's own convention.
Outcome read_by(const char *act, int result) {
  errno = result < 0 ? -result : 0;
  return secret_read_from(act, result < 0 ? -1 : result);
}

Ring inherited_ring() {
  io_uring_params parameters{};
  const std::vector<unsigned char> bytes = target_bytes("ring-parameters");
  if (bytes.size() != sizeof parameters) {
    broken("ring-parameters");
  }
  std::memcpy(&parameters, bytes.data(), sizeof parameters);
  return {target_descriptor("fd-ring"), parameters};
}

// A closed descriptor is the refusal; mapping it would only say that the probe is broken.
bool ring_is_open() { return fcntl(target_descriptor("fd-ring"), F_GETFD) >= 0; }

}  // namespace

Outcome make_ring() {
  io_uring_params parameters{};
  return outcome_of("io_uring_setup", set_up_ring(parameters));
}

Outcome open_by_ring() {
  io_uring_params parameters{};
  const int descriptor = set_up_ring(parameters);
  if (descriptor < 0) {
    return failed("io_uring_setup", errno);
  }
  const std::string path = outside("secret");
  return read_by("IORING_OP_OPENAT", Ring(descriptor, parameters).run(open_request(path)));
}

Outcome connect_by_ring() {
  io_uring_params parameters{};
  const int descriptor = set_up_ring(parameters);
  if (descriptor < 0) {
    return failed("io_uring_setup", errno);
  }
  Ring ring(descriptor, parameters);
  io_uring_sqe request{};
  request.opcode = IORING_OP_SOCKET;
  request.fd = AF_INET;
  request.off = SOCK_STREAM;
  const int client = ring.run(request);
  if (client < 0) {
    // Before 5.19 there is no such request and a plain socket will do.
    return failed("IORING_OP_SOCKET", client == -EINVAL ? ENOSYS : -client);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(target_number("tcp-port")));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  request = {};
  request.opcode = IORING_OP_CONNECT;
  request.fd = client;
  request.addr = reinterpret_cast<std::uintptr_t>(&address);
  request.off = sizeof address;
  const int result = ring.run(request);
  return read_by("IORING_OP_CONNECT", result < 0 ? result : client);
}

Outcome open_by_inherited_ring() {
  if (!has_target("fd-ring")) {
    return unavailable("the fixture has no ring", 0);
  }
  if (!ring_is_open()) {
    return failed("descriptor", errno);
  }
  const std::string path = outside("secret");
  return read_by("IORING_OP_OPENAT", inherited_ring().run(open_request(path)));
}

// A registered personality is the credentials of whoever registered it, with the Landlock domain
// that process was in: none (io_uring_register(2), IORING_REGISTER_PERSONALITY).
Outcome open_by_inherited_personality() {
  if (!has_target("ring-personality")) {
    return unavailable("the fixture has no ring", 0);
  }
  if (!ring_is_open()) {
    return failed("descriptor", errno);
  }
  const std::string path = outside("secret");
  io_uring_sqe request = open_request(path);
  request.personality = static_cast<std::uint16_t>(target_number("ring-personality"));
  return read_by("IORING_OP_OPENAT with a personality", inherited_ring().run(request));
}
