// What file systems promise: that a name which the kernel knows stays what it is while it is in
// use, and that a file has one inode number.
#pragma once

#include "os/kernel/sys.h"

namespace ll {

// Others may ask somebody else whether it is still the same, and so does an overlay of them
// (ovl_dentry_revalidate in fs/overlayfs/super.c). Numbers: linux/magic.h.
inline bool keeps_names(int directory) {
  constexpr uint64_t kExt = 0xef53, kXfs = 0x58465342, kBtrfs = 0x9123683e, kF2fs = 0xf2f52010,
                     kTmpfs = 0x01021994;
  uint64_t type = 0;
  if (sys::file_system_type(directory, type) < 0) return false;
  return type == kExt || type == kXfs || type == kBtrfs || type == kF2fs || type == kTmpfs;
}

}  // namespace ll
