#include "lasting.h"

#include "os/kernel/file_system.h"

namespace ll {

namespace {

// Null: it is in none, or something is mounted in between that is not the overlay's.
const Node *overlay_around(const MountTree &tree, const Node &node) {
  for (size_t above = node.above; above != kNpos; above = tree.at(above).above) {
    const Node &at = tree.at(above);
    if (at.kind == Node::Overlay) return &at;
    if (at.kind != Node::Bind || at.descriptor != 0) return nullptr;
  }
  return nullptr;
}

}  // namespace

bool is_masked_to_the_end(const MountTree &tree, const Rule &rule) {
  if (rule.directive != Directive::Deny) return false;
  const Node *node = node_of(tree, rule.value);
  if (node == nullptr || !(node->path == rule.value)) return false;
  if (node->kind != Node::Hidden || !node->mounted || !node->alone) return false;
  const Node *overlay = overlay_around(tree, *node);
  return overlay != nullptr && keeps_names(overlay->descriptor);
}

}  // namespace ll
