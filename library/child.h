// What ll_spawn's child is, until it is the command.
#pragma once

#include "handle.h"

namespace ll {

constexpr int kDuplicate = 1030;  // F_DUPFD_CLOEXEC

// All that it writes to: it may not allocate, for others of the process are in the same memory.
struct Child {
  alignas(64) char stack[size_t{256} * 1024];  // bytes; the guard is below
  // On one page, where nothing fails.
  const ll_policy *made;
  const struct ll_start *how;
  char **environment;  // a copy
  int ruleset;
  int start;
  int alive;         // closed when the command is started, or is not; -1: no ll-net is in between
  Failure *failure;  // of who becomes the command beneath ll-net: memory that it shares
  ChildCall call;
  int parked[256];  // of each descriptor, where it is meanwhile
  Plan plan;        // where it has sockets
  Filter filter;
  Program program;
  Policy policy;  // where it names its process, or ll-net is told of it
  Arena arena;
  Workspace workspace;
};

// `child`: a Child. Does not return.
int run_child(void *child);

}  // namespace ll
