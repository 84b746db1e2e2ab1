#include "remembered.h"

namespace ll {

bool Remembered::has(uint64_t device, uint64_t inode, uint64_t rights) const {
  for (size_t i = 0; i < count_; i++) {
    const Row &row = rows_[i];
    if (row.inode == inode && row.device == device && (rights & ~row.rights) == 0) return true;
  }
  return false;
}

bool Remembered::add(int object, uint64_t device, uint64_t inode, uint64_t rights) {
  if (object < 0 || count_ == kMax) return false;
  rows_[count_++] = {device, inode, rights};
  return true;
}

}  // namespace ll
