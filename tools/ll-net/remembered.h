// Files that a judge allowed for the rest of the run. Each is held open, so that no other one can
// have its number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ll {

class Remembered {
 public:
  [[nodiscard]] bool has(uint64_t device, uint64_t inode, uint64_t rights) const;
  // False: there is no room for it. The descriptor is this one's, then.
  bool add(int object, uint64_t device, uint64_t inode, uint64_t rights);

 private:
  static constexpr size_t kMax = 256;
  struct Row {
    uint64_t device, inode, rights;
  };

  size_t count_;
  Row rows_[kMax];
};

}  // namespace ll
