// Files that are granted read, in a directory of the private root that holds only what is granted:
// one rule for the directory, of the right to read files, says the same as one for each of them.
#pragma once

#include "mount_tree.h"

namespace ll {

class Gathered {
 public:
  Gathered(const Rule *rules, size_t count, const MountTree &tree);
  [[nodiscard]] bool has(const Rule &rule) const;
  // The next directory, for a rule in the place of those that has() is true for.
  bool next(Text &directory);

 private:
  // Of the root: /etc, /dev.
  struct Directory {
    Text path;
    size_t files;  // that are only read
    bool differs;  // holds also what another rule is about, or what is denied
  };

  [[nodiscard]] size_t place_of(Text path) const;  // count_: it is in none
  [[nodiscard]] bool is_gathered(const Directory &directory) const;
  [[nodiscard]] bool is_read_file(const Rule &rule) const;
  void note(const Rule &rule);
  void note(const Node &node);

  static constexpr size_t kMost = 16;
  const MountTree &tree_;
  size_t count_ = 0;
  size_t next_ = 0;
  Directory directories_[kMost];
};

}  // namespace ll
