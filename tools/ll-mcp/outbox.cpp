#include "outbox.h"

namespace ll::mcp {

// Moved only when no more is left than was taken: each byte is moved once at most, whatever the
// pieces.
void Outbox::take(size_t size) {
  taken_ += size;
  if (taken_ < bytes_.size() / 2) return;
  bytes_.erase(0, taken_);
  taken_ = 0;
}

void Outbox::shrink(size_t kept) {
  if (bytes_.size() < kept && bytes_.capacity() > 2 * kept) bytes_.shrink_to_fit();
}

}  // namespace ll::mcp
