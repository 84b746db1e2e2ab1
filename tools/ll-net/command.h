// The command, of which this process is the parent: its signals, its stops and its end.
#pragma once

#include "os/kernel/process.h"

namespace ll {

class Command {
 public:
  // Blocks all signals, to be read from a descriptor; which one, or minus an errno.
  long start(long child);
  // What has come. True at the command's end.
  bool on_signal(int descriptor);
  // Children that have changed. True at the command's end, which may have come before its signals
  // were waited for.
  bool reap();
  // Ends this process as the command ended.
  [[noreturn]] void end_as_it_did() const;

 private:
  void follow_stop();

  long child_ = 0;
  int status_ = 0;
  bool stopped_ = false;
};

}  // namespace ll
