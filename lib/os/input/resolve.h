#pragma once

#include "core/policy/policy.h"

namespace ll {

constexpr size_t kMaxPath = 4096;  // PATH_MAX, limits.h

// The symbolic links on the way of a resolved path, each once.
struct Links {
  struct Row {
    Text path;  // of the link itself, without links
    Text target;
  };
  static constexpr size_t kMax = 256;

  Arena &arena;
  size_t count = 0;
  Row rows[kMax];

  bool add(Text path, Text target);
};

// path_resolution(7) in user space: `path` without symbolic links, "." and "..". A relative path
// starts from `base`; from the current directory if that is empty. A last component that does not
// exist stays as it is. The result is the size, or minus an errno.
// ENOMEM: no room for the links to record.
long resolve(Text base, Text path, char *resolved, size_t capacity, Links *links = nullptr);

}  // namespace ll
