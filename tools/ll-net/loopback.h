// `localhost own`: 127.0.0.1, ::1, 0.0.0.0 and :: of the command are an address of its own, one of
// 127.0.0.0/8 that nobody else has; and with `publish`, for some ports, 127.0.0.1 at another port.
#pragma once

#include "listeners.h"

namespace ll {

class Loopback {
 public:
  // Ends the program where there is no free address.
  void start(const Policy &policy);
  [[nodiscard]] bool is_own() const { return policy_ != nullptr; }

  // Of the machine's loopback: what the command cannot reach there is nothing of its own.
  static bool is_loopback(const IpAddress &address);
  [[nodiscard]] bool has(const IpAddress &address) const;
  // Where it listens in truth, or is listened to. Minus an errno. Others that listen at any
  // address would be reached at this one, too.
  [[nodiscard]] long find_to_bind(IpAddress &address, uint16_t &port) const;
  [[nodiscard]] long find_to_connect(IpAddress &address, uint16_t &port) const;
  // That socket has the command's `port` now.
  void note_bound(uint16_t port, uint64_t inode);

 private:
  static constexpr size_t kMaxPublished = 64, kMaxSockets = 64;
  struct Published {
    uint16_t port, outside;
    size_t next;
    uint64_t inodes[kMaxSockets];  // of the newest that were bound to it
  };

  [[nodiscard]] const Published *find(uint16_t port) const;
  static bool is_bound(const Published &published, uint64_t inode);

  const Policy *policy_;  // null: the loopback is the machine's
  IpAddress address_;
  Listeners listeners_;
  size_t count_;
  Published rows_[kMaxPublished];
};

}  // namespace ll
