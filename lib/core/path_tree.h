// Prints paths as a tree. A directory has a row if it is one of the paths, or if several of them
// branch in it.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// Zero-initialized.
class PathTree {
 public:
  static constexpr size_t kMax = kMaxRules + 256;

  struct Row {
    size_t leaf = 0;
    size_t depth = 0;  // names of the leaf's path down to this row
    bool own = true;   // it is the leaf
  };

  void clear() { count_ = 0; }
  void add(Text path, size_t id);
  // Top to bottom: for (PathTree::Row row; tree.next(row);)
  bool next(Row &row) const;
  [[nodiscard]] size_t id_of(const Row &row) const { return leaves_[row.leaf].id; }
  void draw(const Row &row, bool utf8, Builder &lines, Builder &name) const;

 private:
  struct Leaf {
    Text path;
    size_t id = 0;
    size_t depth = 0;   // names in it
    size_t shared = 0;  // leading names shared with the leaf before
  };

  [[nodiscard]] bool is_shown(const Leaf *leaf, size_t depth) const;
  [[nodiscard]] size_t shared_behind(const Leaf *leaf, size_t depth) const;

  size_t count_ = 0;
  Leaf leaves_[kMax + 2];  // from 1; [0] is a sentinel that shares nothing
};

}  // namespace ll
