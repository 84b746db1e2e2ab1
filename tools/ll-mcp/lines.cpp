#include "lines.h"

namespace ll::mcp {

void Lines::add(std::string_view bytes) {
  buffer_.erase(0, start_);
  searched_ -= start_;
  start_ = 0;
  buffer_ += bytes;
}

Lines::Next Lines::next(std::string_view &line) {
  for (;;) {
    const size_t newline = buffer_.find('\n', searched_);
    const bool whole = newline != std::string::npos;
    const size_t end = whole ? newline : buffer_.size();
    const bool too_long = !skipping_ && end - start_ > kMaxMessage;
    if (!whole) {
      skipping_ = skipping_ || too_long;
      start_ = skipping_ ? end : start_;
      searched_ = end;
      return too_long ? Next::TooLong : Next::None;
    }
    line = std::string_view(buffer_).substr(start_, end - start_);
    start_ = searched_ = end + 1;
    const bool skipped = skipping_;
    skipping_ = false;
    if (too_long) return Next::TooLong;
    if (!skipped) return Next::Line;
  }
}

}  // namespace ll::mcp
