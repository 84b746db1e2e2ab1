// Limits for all processes of the command together: cgroup v2.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// A cgroup for this run, below one that this user may create cgroups in; removed after the run.
class Cgroup {
 public:
  // False, with the reason, if it cannot be created.
  bool make(const Policy &policy, const NsRequest &request, Diagnostic &problem);
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] long sweeper() const { return sweeper_; }  // its process ID; 0: none
  // Starts a process that removes the cgroup when this process has ended, even if it was killed.
  void keep_swept(const Policy &policy);
  // Reports whether memory ran out, and waits until the cgroup is removed.
  void end(const Policy &policy, const NsRequest &request);

 private:
  bool divide(Text folder, const NsRequest &request);
  bool set(const char *file, Text value);
  long write_in(const char *file, Text value) const;
  [[nodiscard]] bool ran_out() const;
  void remove() const;

  int descriptor_ = 0;  // 0: none
  int pipe_ = 0;
  long sweeper_ = 0;
  char path_[4096] = {};
};

}  // namespace ll
