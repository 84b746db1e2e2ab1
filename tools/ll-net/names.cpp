#include "names.h"

#include "core/mem.h"

namespace ll {

void Names::keep(Text name, const IpAddress &address) {
  if (of(address) == name || name.size > kMaxName) return;
  Entry &entry = entries_[next_++ % kMax];
  entry.address = address;
  entry.size = static_cast<uint8_t>(name.size);
  memcpy(entry.name, name.data, name.size);
}

Text Names::of(const IpAddress &address) const {
  for (size_t back = 1; back <= kMax && back <= next_; back++) {
    const Entry &entry = entries_[(next_ - back) % kMax];
    if (entry.address == address) return {entry.name, entry.size};
  }
  return {};
}

}  // namespace ll
