#include "mount_tree.h"

namespace ll {

namespace {

// A slash sorts before all else, so that what is in a directory follows it at once.
int order_of(Text a, Text b) {
  const size_t size = a.size < b.size ? a.size : b.size;
  size_t i = 0;
  while (i < size && a[i] == b[i]) i++;
  if (i == size) return a.size < b.size ? -1 : (a.size > b.size ? 1 : 0);
  const int x = a[i] == '/' ? 0 : static_cast<unsigned char>(a[i]);
  const int y = b[i] == '/' ? 0 : static_cast<unsigned char>(b[i]);
  return x - y;
}

bool is_empty(Node::Kind kind) {
  return kind == Node::Tmpfs || kind == Node::Hidden || kind == Node::Dev;
}

}  // namespace

size_t place_of(const MountTree &tree, Text path) {
  size_t low = 0;
  size_t high = tree.count;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (order_of(tree.at(middle).path, path) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

namespace {

Node *node_at(MountTree &tree, size_t place, Text path) {
  const bool found = place < tree.count && tree.at(place).path == path;
  return found ? &tree.at(place) : nullptr;
}

}  // namespace

Node *find_node(MountTree &tree, Text path) { return node_at(tree, place_of(tree, path), path); }

Node *add_node(MountTree &tree, const Node &node) {
  const size_t place = place_of(tree, node.path);
  Node *known = node_at(tree, place, node.path);
  if (known != nullptr) {
    const uint8_t grants = known->grants | node.grants;
    if (known->kind == Node::Empty || node.kind == Node::Hidden) *known = node;
    known->grants = grants;
    return known;
  }
  if (tree.count == kMaxNodes) return nullptr;
  for (size_t i = tree.count; i > place; i--) tree.order[i] = tree.order[i - 1];
  tree.order[place] = static_cast<uint16_t>(tree.count);
  tree.nodes[tree.count++] = node;
  return &tree.at(place);
}

// What Landlock grants at a path is all that is granted on the way there: here as well, as far as
// that is about the same files. What is granted in an empty place says nothing of what is shown in
// it.
void resolve_mounts(MountTree &tree) {
  size_t last = kNpos;
  for (size_t i = 0; i < tree.count; i++) {
    Node &node = tree.at(i);
    node.above = last;
    while (node.above != kNpos && !is_beneath(node.path, tree.at(node.above).path))
      node.above = tree.at(node.above).above;
    const Node *in = node.above != kNpos ? &tree.at(node.above) : nullptr;
    const bool outside = in != nullptr && (in->kind == Node::Bind || in->kind == Node::Overlay);
    const uint8_t granted = outside ? in->grants : (in == nullptr ? tree.base_grants : uint8_t{0});
    node.in_memory = is_empty(in != nullptr ? in->kind : tree.base);
    const bool adds = node.grants != 0 && (node.in_memory || (node.grants & ~granted) != 0);
    const bool differs = (node.kept || node.pinned) && (granted & Write) != 0;
    node.grants |= granted;
    if (node.kept) node.grants &= Read | Run;
    node.mounted = node.kind != Node::Empty && (node.kind != Node::Bind || adds || differs);
    if (node.kind == Node::Hidden) {
      node.grants = 0;
      node.mounted = !node.in_memory;
    }
    if (node.mounted) last = i;
  }
}

const Node *node_of(const MountTree &tree, Text path) {
  const Node *node = nullptr;
  for (size_t i = 0; i < tree.count; i++) {
    const Node &at = tree.at(i);
    if (at.mounted && (path == at.path || is_beneath(path, at.path))) node = &at;
  }
  return node;
}

bool is_in_memory(const MountTree &tree, Text path) {
  Node::Kind kind = tree.base;
  for (size_t i = 0; i < tree.count; i++)
    if (tree.at(i).mounted && is_beneath(path, tree.at(i).path)) kind = tree.at(i).kind;
  return is_empty(kind);
}

}  // namespace ll
