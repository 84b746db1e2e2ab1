// Which name an address was the answer for, of late.
#pragma once

#include "core/peer.h"

namespace ll {

class Names {
 public:
  void keep(Text name, const IpAddress &address);
  // The newest; empty: there is none.
  [[nodiscard]] Text of(const IpAddress &address) const;

 private:
  static constexpr size_t kMax = 1024;
  struct Entry {
    IpAddress address;
    uint8_t size;
    char name[kMaxName];
  };

  size_t next_;
  Entry entries_[kMax];
};

}  // namespace ll
