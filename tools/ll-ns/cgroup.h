// Limits for all that the command starts together: cgroup-v2.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// One for this run, beneath a cgroup that this user may divide; gone when the run is.
class Cgroup {
 public:
  // False, with the reason, where there is none.
  bool make(const Policy &policy, const NsRequest &request, Diagnostic &problem);
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] long sweeper() const { return sweeper_; }  // a process; 0: none
  // A process that removes it when this one has ended, however it ends.
  void keep_swept(const Policy &policy);
  // Says if memory ran out, and waits until it is removed.
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
