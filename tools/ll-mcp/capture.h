// What a command prints, as much of it as is kept: where it began and how it ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ll::mcp {

class Capture {
 public:
  explicit Capture(size_t limit) : head_limit_(limit / 2), tail_limit_(limit - limit / 2) {}

  void add(std::string_view bytes);
  [[nodiscard]] uint64_t seen() const { return seen_; }
  [[nodiscard]] bool is_cut() const { return seen_ > head_.size() + tail_.size(); }
  // As UTF-8; where something is missing, it says how much.
  [[nodiscard]] std::string text() const;

 private:
  size_t head_limit_;
  size_t tail_limit_;
  std::string head_;
  std::string tail_;       // a ring when it is full
  size_t tail_start_ = 0;  // of the ring
  uint64_t seen_ = 0;
};

}  // namespace ll::mcp
