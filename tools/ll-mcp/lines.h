// The stream of messages that comes in: one a line.
#pragma once

#include <string>
#include <string_view>

namespace ll::mcp {

constexpr size_t kMaxMessage = size_t{4} << 20;  // bytes, without the newline

class Lines {
 public:
  enum class Next { None, Line, TooLong };

  void add(std::string_view bytes);
  // A line is valid until the next call of either. Of one that is too long nothing is kept.
  Next next(std::string_view &line);

 private:
  std::string buffer_;
  size_t start_ = 0;     // of the next line
  size_t searched_ = 0;  // up to here there is no newline
  bool skipping_ = false;
};

}  // namespace ll::mcp
