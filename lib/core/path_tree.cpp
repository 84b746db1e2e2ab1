#include "core/path_tree.h"

#include "core/diagnostic.h"
#include "core/mem.h"

namespace ll {

namespace {

// The root's name is empty.
Text first_name(Text path) { return path.first(find(path, '/')); }

Text behind_name(Text path) {
  path = path.from(find(path, '/'));
  for (;;) {
    if (starts_with(path, "/"_t))
      path = path.from(1);
    else if (first_name(path) == "."_t)
      path = path.from(2);
    else
      return path;
  }
}

size_t count_names(Text path) {
  size_t count = 0;
  for (; !path.empty(); path = behind_name(path)) count++;
  return count;
}

bool begin_alike(Text a, Text b) {
  return !a.empty() && !b.empty() && first_name(a) == first_name(b);
}

size_t count_shared(Text a, Text b) {
  size_t count = 0;
  for (; begin_alike(a, b); count++) {
    a = behind_name(a);
    b = behind_name(b);
  }
  return count;
}

bool comes_before(Text a, Text b) {
  while (begin_alike(a, b)) {
    a = behind_name(a);
    b = behind_name(b);
  }
  if (a.empty() || b.empty()) return a.empty() && !b.empty();
  a = first_name(a);
  b = first_name(b);
  const int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
  return order != 0 ? order < 0 : a.size < b.size;
}

}  // namespace

void PathTree::add(Text path, size_t id) {
  Leaf *leaf = leaves_ + ++count_;
  for (; comes_before(path, leaf[-1].path); leaf--) *leaf = leaf[-1];
  *leaf = {path, id, count_names(path), count_shared(leaf[-1].path, path)};
  leaf[1].shared = count_shared(path, leaf[1].path);
}

// Whether it is a leaf, or leaves branch there.
bool PathTree::is_shown(const Leaf *leaf, size_t depth) const {
  if (leaf->depth == depth) return true;
  while (leaf->shared >= depth) leaf--;
  while (++leaf <= leaves_ + count_ && leaf->shared >= depth)
    if (leaf->shared == depth) return true;
  return false;
}

// The depth shared with the next leaf that is not beneath the row at that depth.
size_t PathTree::shared_behind(const Leaf *leaf, size_t depth) const {
  do leaf++;
  while (leaf <= leaves_ + count_ && leaf->shared >= depth);
  return leaf <= leaves_ + count_ ? leaf->shared : 0;
}

bool PathTree::next(Row &row) const {
  const Leaf *leaf = leaves_ + row.leaf;
  do {
    if (row.own) {
      if (row.leaf++ == count_) return false;
      row.depth = (++leaf)->shared;
    }
    if (row.depth < leaf->depth) row.depth++;  // it is not where a path comes twice
    row.own = row.depth == leaf->depth;
  } while (!is_shown(leaf, row.depth));
  return true;
}

void PathTree::draw(const Row &row, bool utf8, Builder &lines, Builder &name) const {
  // The lines of the row and of the rows above: whether each continues or ends here.
  constexpr char kLines[] = "├─ \0└─ \0│  \0   \0|- \0`- \0|  \0   \0";
  const Leaf *leaf = leaves_ + row.leaf;
  Text rest = leaf->path;
  size_t above = 0;
  for (size_t depth = 1; depth <= row.depth; depth++) {
    if (above != depth - 1) name << '/';
    format_text(name, first_name(rest));
    rest = behind_name(rest);
    if (!is_shown(leaf, depth)) continue;
    if (above != 0) {
      const size_t line =
          (shared_behind(leaf, depth) >= above ? 0U : 1U) + (depth == row.depth ? 0 : 2);
      lines << nth(kLines, utf8 ? line : line + 4);
    }
    above = depth;
    if (depth < row.depth) name.clear();
  }
}

}  // namespace ll
