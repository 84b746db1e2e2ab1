// The mounts of this process: by which other paths one of them shows the same file.
#pragma once

#include "core/policy.h"
#include "os/resolve.h"

namespace ll {

// What a mount shows of something: at a path of its own, the thing itself or a part of it.
class Aliases {
 public:
  // `path` is absolute and without links. Where there is no /proc, no other mounts are known.
  Aliases(const Policy &policy, const Where &where, Text path);

  // False at the end; else the next path, which stands until the next is asked for.
  bool next(Text &alias);

 private:
  const Policy &policy_;
  const Where &where_;
  uint64_t mount_ = 0;  // that `path` is in
  Text device_;
  char inside_[kMaxPath];  // the path from the root of its file system
  size_t inside_size_ = 0;
  Text left_;  // of the list of mounts
  uint64_t device_number_ = 0, inode_ = 0;
  char alias_[kMaxPath];
};

// The first mount beneath that directory, in `path`; empty where there is none, or no /proc.
Text find_mount_in(Text directory, char (&path)[kMaxPath]);

}  // namespace ll
