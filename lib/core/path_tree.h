// Paths as a tree: in which order, and the lines that lead to each. A directory has a row where it
// is one of the paths, or several of them part in it.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// All zeros at first.
class PathTree {
 public:
  static constexpr size_t kMax = kMaxRules + 256;

  struct Row {
    size_t leaf = 0;
    size_t depth = 0;  // how many names of the leaf's path lead to it
    bool own = true;   // it is the leaf
  };

  void clear() { count_ = 0; }
  void add(Text path, size_t id);
  // From above to below: for (PathTree::Row row; outline.next(row);)
  bool next(Row &row) const;
  [[nodiscard]] size_t id_of(const Row &row) const { return leaves_[row.leaf].id; }
  void draw(const Row &row, bool utf8, Builder &lines, Builder &name) const;

 private:
  struct Leaf {
    Text path;
    size_t id = 0;
    size_t depth = 0;   // names in it
    size_t shared = 0;  // that it begins with as the leaf before does
  };

  [[nodiscard]] bool is_shown(const Leaf *leaf, size_t depth) const;
  [[nodiscard]] size_t shared_behind(const Leaf *leaf, size_t depth) const;

  size_t count_ = 0;
  Leaf leaves_[kMax + 2];  // from 1 on; that at 0 comes before all, and has nothing in common
};

}  // namespace ll
