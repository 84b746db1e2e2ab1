// Files that the command wants to open: what the policy grants goes on, and is the kernel's to do;
// of what it refuses the judge is asked, and a yes is opened here: that very file, by its
// descriptor.
#pragma once

#include "asking.h"
#include "floor.h"
#include "granted_paths.h"
#include "processes.h"
#include "remembered.h"
#include "task_rights.h"

namespace ll {

class Opens {
 public:
  void start(const Policy &policy, Asking &asking, Floor &floor, TaskRights &rights, int listener);
  void set_time(uint64_t now) { now_ = now; }

  static bool is_open(int32_t number);
  void on_call(const uapi::Notification &call);
  // What is run is only told.
  static bool is_execution(int32_t number);
  void on_execution(const uapi::Notification &call);
  // A sandbox within this one: no judge of this one opens anything in it.
  static bool is_restriction(int32_t number);
  void on_restriction(const uapi::Notification &call);
  void on_ruling(const Ruling &ruling);
  // Whether those that wait are waited for.
  void on_time(uint64_t now);
  [[nodiscard]] int next_time(uint64_t now) const;

 private:
  static constexpr size_t kMostWaiting = 256;
  static constexpr size_t kMostPath = 4096, kMostName = 256;

  // As the command asks for it.
  struct Wanted {
    int directory;
    uint64_t path_at;
    uint64_t flags;
    uint64_t mode;
    Text path;
  };
  struct Waiting {
    uint64_t id;  // of the call; 0: the place is free
    uint64_t question;
    uint32_t task;
    int object;  // the file, or the directory in which it is to be made
    uint64_t flags;
    uint64_t mode;
    uint64_t place;        // of that directory, by its path when the judge was asked
    char name[kMostName];  // that is to be made; empty: it is there
  };

  bool read_wanted(const uapi::Notification &call, Wanted &wanted) const;
  [[nodiscard]] Text read_path(uint32_t task, uint64_t at, char *path) const;
  // Minus an errno: where the path starts.
  [[nodiscard]] static long base_of(const uapi::Notification &call, const Wanted &wanted);
  // Who asks goes on, and is told by the kernel.
  void go_on(uint64_t id) const;
  void answer(uint64_t id, long error) const;
  [[nodiscard]] bool is_valid(uint64_t id) const;
  [[nodiscard]] bool may_cut(uint64_t id, uint64_t flags) const;
  void decide(const uapi::Notification &call, const Wanted &wanted);
  bool decide_object(const uapi::Notification &call, const Wanted &wanted, int object, Text path);
  bool decide_new(const uapi::Notification &call, const Wanted &wanted, int base);
  static bool is_inside(int root, Text path, uint64_t flags);
  bool decide_outside(const uapi::Notification &call, const Wanted &wanted);
  bool ask(const uapi::Notification &call, const Wanted &wanted, int object, Text path, Text name,
           bool directory);
  void give(Waiting &waiting, const Ruling &ruling);
  void give_file(uint64_t id, long opened, uint64_t flags) const;
  void remember(Waiting &waiting);
  [[nodiscard]] long make(const Waiting &waiting) const;
  void decide_again(const Waiting &waiting);
  void release(Waiting &waiting);
  void format_audit(const Waiting &waiting) const;

  const Policy *policy_;
  Asking *asking_;
  Floor *floor_;
  int listener_;
  uint64_t now_;
  uint64_t next_look_;
  size_t end_;
  TaskRights *rights_;
  Processes processes_;
  GrantedPaths granted_;
  Remembered remembered_;
  Waiting waiting_[kMostWaiting];
};

}  // namespace ll
