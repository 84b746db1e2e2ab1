// Files that are granted read, in a directory of the private root that holds only what is granted:
// one rule for the directory, of the right to read files, says the same as one for each of them.
#pragma once

#include "covered.h"

namespace ll {

class Gathered {
 public:
  Gathered(const Rule *rules, size_t count, const MountTree &tree, const Covered &covered);
  [[nodiscard]] bool has(size_t rule) const;
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
  [[nodiscard]] bool is_read_file(size_t rule) const;
  void note_rule(size_t rule);
  void note_node(const Node &node);

  static constexpr size_t kMost = 16;
  const Rule *rules_;
  const Covered &covered_;
  size_t count_ = 0;
  size_t next_ = 0;
  Directory directories_[kMost];
};

}  // namespace ll
