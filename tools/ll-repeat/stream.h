// Random bytes that repeat: a stream of each process, by the seed and by the way that leads to it:
// the second child of the first, and so on. Good numbers, but no secret.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ll {

class Stream {
 public:
  Stream() = default;
  explicit Stream(uint64_t key);

  // Of the process that this one starts next.
  Stream next_child();
  void fill(uint8_t *bytes, size_t size);

 private:
  uint64_t next();

  uint64_t key_ = 0;
  uint64_t children_ = 0;
  uint64_t state_[4] = {};
};

}  // namespace ll
