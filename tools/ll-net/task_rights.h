// Whether a thread of the command may what this process may: what is opened here on its behalf is
// opened with the rights of this process.
#pragma once

#include "calls.h"
#include "core/policy/policy.h"

namespace ll {

class TaskRights {
 public:
  // Of this process, from here on.
  void note(const Policy &policy);
  // The command as it is started: the first that is run.
  void note_command(uint32_t task);
  // From here on some of its programs may have a filter more than it.
  void expect_restricted();
  // The same user, groups and capabilities; and the same root and mounts, or another one. Its
  // umask, where that is wanted.
  [[nodiscard]] bool are_those_of(uint32_t task, bool same_root, uint64_t *umask) const;

 private:
  static constexpr size_t kMax = 2048;

  bool started_;
  bool restricted_;   // some may be
  uint64_t filters_;  // of the command
  bool lasting_;      // no program of the command can have others
  size_t size_;
  char text_[kMax];
  uint64_t root_, mount_;
};

}  // namespace ll
