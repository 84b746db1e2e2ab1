// TCP sockets that were made for the command, where its own cannot be had: a copy of each, until it
// is connected or listens.
#pragma once

#include "calls.h"

namespace ll {

class Kept {
 public:
  enum class State : uint8_t { Unknown, Kept, Connected };

  // A new one, for the command; minus an errno. The oldest is forgotten where there are too many.
  long make(int domain, int type);
  // Whether this is one of them, and its copy.
  State find(uint64_t inode, int &socket) const;
  // It is connected: only that is remembered.
  void settle(uint64_t inode);
  void forget(uint64_t inode);

 private:
  static constexpr size_t kMax = 4096;
  struct Entry {
    uint64_t inode;  // 0: free
    int socket;      // 0: only remembered
  };

  [[nodiscard]] size_t place_of(uint64_t inode) const;
  static void drop(Entry &entry);

  size_t next_;
  Entry entries_[kMax];
};

// Of an open file: its inode; 0 where it has none.
uint64_t inode_of(int descriptor);

}  // namespace ll
