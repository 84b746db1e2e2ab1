// What this program waits for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ll {

// What an event of epoll(7) is about: the upper half of its data; the lower is an index.
enum class Watched : uint32_t {
  Listener,
  Signals,
  Pair,
  Datagrams,
  Relay,
  Flow,
  Resolver,
  Connection,
  Judge,
  Guard
};
constexpr uint64_t watched(Watched kind, uint64_t index = 0) {
  return static_cast<uint64_t>(kind) << 32 | index;
}

// Milliseconds from one look at those that wait for a judge to the next.
constexpr uint64_t kLookInterval = 20;

}  // namespace ll
