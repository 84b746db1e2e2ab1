// The mounts of this process: finds other paths of the same file.
#pragma once

#include "core/policy/policy.h"
#include "os/input/resolve.h"

namespace ll {

// proc_pid_mountinfo(5), read once.
class MountList {
 public:
  // Its size, or minus an errno.
  long read();
  [[nodiscard]] Text text() const { return {bytes_, static_cast<size_t>(size_)}; }

 private:
  long size_ = 0;
  char bytes_[size_t{1} << 20] = {};  // a mount takes about 150
};

// The other paths of a file or directory, or of parts of it, in other mounts; also what is mounted
// beneath it.
class Aliases {
 public:
  // `path` is absolute and without links. Where there is no /proc, no other mounts are known.
  Aliases(const Policy &policy, const SourceSpan &where, Text path, MountList &mounts);

  // The next path, valid until the next call; false at the end.
  bool next(Text &alias);

 private:
  bool next_of_target(Text &alias);
  bool turn_to_next_beneath();
  [[nodiscard]] bool is_granted_again(Text point) const;

  const Policy &policy_;
  const SourceSpan &where_;
  Text path_;
  bool beneath_ = false;  // whether the target is not the path, but mounted beneath it
  uint64_t mount_ = 0;    // that the target is in
  Text device_;
  char inside_[kMaxPath];  // the target's path from the root of its file system
  size_t inside_size_ = 0;
  Text all_, left_, others_;  // of the list of mounts; left of it for this target, and for others
  uint64_t device_number_ = 0, inode_ = 0;
  char alias_[kMaxPath];
};

// The first mount beneath that directory, in `path`; empty where there is none, or no /proc.
Text find_mount_in(Text directory, MountList &mounts, char (&path)[kMaxPath]);

}  // namespace ll
