// A directory for the temporary files of one run, where there is no file system of its own.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

class TemporaryFolder {
 public:
  // In TMPDIR, or else in /tmp, for this user alone. Ends the program where there is no place.
  void make(const Process &process, const Policy &policy);
  [[nodiscard]] Text path() const { return {path_, size_}; }
  // With all that is in it, when nothing writes there any more. Minus an errno.
  [[nodiscard]] long remove() const;

 private:
  char path_[kMaxPath + 32] = {};
  size_t size_ = 0;
};

// Of the variables as a process has them.
Text value_of(char *const *environment, Text name);

}  // namespace ll
