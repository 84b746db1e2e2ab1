#include "capture.h"

#include <algorithm>

#include "utf8.h"

namespace ll::mcp {

void Capture::add(std::string_view bytes) {
  seen_ += bytes.size();
  const size_t to_head = std::min(bytes.size(), head_limit_ - head_.size());
  head_ += bytes.substr(0, to_head);
  bytes.remove_prefix(to_head);
  if (bytes.size() > tail_limit_) bytes.remove_prefix(bytes.size() - tail_limit_);
  const size_t grown = std::min(bytes.size(), tail_limit_ - tail_.size());
  tail_ += bytes.substr(0, grown);
  bytes.remove_prefix(grown);
  while (!bytes.empty()) {
    const size_t size = std::min(bytes.size(), tail_limit_ - tail_start_);
    tail_.replace(tail_start_, size, bytes.substr(0, size));
    tail_start_ = (tail_start_ + size) % tail_limit_;
    bytes.remove_prefix(size);
  }
}

std::string Capture::text() const {
  const std::string tail = tail_.substr(tail_start_) + tail_.substr(0, tail_start_);
  if (!is_cut()) return repaired(head_ + tail);
  std::string_view head = head_;
  head.remove_suffix(unfinished(head));
  std::string_view end = tail;
  for (int i = 0; i < 3 && !end.empty() && (static_cast<unsigned char>(end[0]) & 0xc0) == 0x80; i++)
    end.remove_prefix(1);
  const uint64_t missing = seen_ - head.size() - end.size();
  return repaired(head) + "\n[ll-mcp: " + std::to_string(missing) + " bytes omitted]\n" +
         repaired(end);
}

}  // namespace ll::mcp
