// A directory for the temporary files of one run, without a private file system.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

class TemporaryFolder {
 public:
  // In TMPDIR, or else in /tmp, for this user alone. Dies if it cannot be created.
  void make(const Process &process, const Policy &policy);
  [[nodiscard]] Text path() const { return {path_, size_}; }
  // Recursively, when nothing writes there any more. Minus an errno.
  [[nodiscard]] long remove() const;

 private:
  char path_[kMaxPath + 32] = {};
  size_t size_ = 0;
};

// The value of a variable in an environ(7) array.
Text value_of(char *const *environment, Text name);

}  // namespace ll
