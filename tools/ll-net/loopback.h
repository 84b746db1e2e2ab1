// `localhost own`: 127.0.0.1, ::1, 0.0.0.0 and :: of the command are an address of its own, one of
// 127.0.0.0/8 that nobody else has; and with `publish`, for some ports, 127.0.0.1 at another port.
#pragma once

#include "core/address_class.h"

namespace ll {

class Loopback {
 public:
  // Ends the program where there is no free address.
  void start(const Policy &policy);
  [[nodiscard]] bool is_own() const { return policy_ != nullptr; }

  // Of the machine's loopback: what the command cannot reach there is nothing of its own.
  static bool is_loopback(const IpAddress &address);
  [[nodiscard]] bool has(const IpAddress &address) const;
  // Where it listens in truth, or is listened to. Minus an errno.
  [[nodiscard]] long find_to_bind(IpAddress &address, uint16_t &port) const;
  void find_to_connect(IpAddress &address, uint16_t &port) const;
  // What `port` of the command is at 127.0.0.1 of the machine is the command's now.
  void note_bound(uint16_t port);

 private:
  static constexpr size_t kMaxPublished = 64;
  struct Published {
    uint16_t port, outside;
    bool bound;
  };

  [[nodiscard]] const Published *find(uint16_t port) const;

  const Policy *policy_;  // null: the loopback is the machine's
  IpAddress address_;
  size_t count_;
  Published rows_[kMaxPublished];
};

}  // namespace ll
