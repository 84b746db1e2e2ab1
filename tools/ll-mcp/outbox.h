// What waits for a client that reads in pieces: as little is moved for a large message in small
// pieces as for a small one.
#pragma once

#include <string>
#include <string_view>

namespace ll::mcp {

class Outbox {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }
  [[nodiscard]] std::string_view waiting() const { return std::string_view(bytes_).substr(taken_); }
  // So many of those that wait have been written.
  void take(size_t size);
  // Memory beyond so many bytes is given back, if less waits.
  void shrink(size_t kept);

 private:
  std::string bytes_;
  size_t taken_ = 0;
};

}  // namespace ll::mcp
