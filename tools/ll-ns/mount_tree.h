// The root as a list of mounts, with what may be done in each. Nothing is mounted here.
#pragma once

#include "core/policy/policy.h"

namespace ll {

constexpr size_t kMaxNodes = kMaxRules + 256;

struct Node {
  enum Kind : uint8_t {
    Tmpfs,    // private
    Bind,     // from the host
    Overlay,  // from the host; writes go to a layer
    Hidden,   // a mask: empty and read-only
    Proc,
    Dev,    // a tmpfs with the standard devices
    Pts,    // private terminals
    Empty,  // an empty directory
  };
  Text path;  // in the root: absolute, without links; followed by a NUL
  Kind kind = Tmpfs;
  bool file = false;
  bool mounted = false;
  bool kept = false;       // `keep`: read-only, whatever is above
  bool pinned = false;     // above a kept path: cannot be renamed or replaced
  bool alone = false;      // of a Hidden: the hidden file has no other name
  bool in_memory = false;  // its parent is empty: the mount point must be created
  uint8_t grants = 0;      // Grant bits, including those of its parents
  int descriptor = 0;      // of the source of a Bind or an Overlay; 0: the path inside
  int layer = 0;           // of an Overlay: the directory that holds upper and work
  uint64_t size = 0;       // of a Tmpfs, bytes; 0: the kernel's default
  size_t above = 0;        // the mounted node above it
  SourceSpan where;
};

// Zero-initialized. In path order a directory comes before its contents.
struct MountTree {
  Node::Kind base;  // the root itself: Tmpfs, or Bind for an existing root
  uint8_t base_grants;
  int base_descriptor;  // of that root; 0: it is not mounted again
  size_t count;
  uint16_t order[kMaxNodes];  // path order, as indices of `nodes`
  Node nodes[kMaxNodes];

  [[nodiscard]] Node &at(size_t place) { return nodes[order[place]]; }
  [[nodiscard]] const Node &at(size_t place) const { return nodes[order[place]]; }
};

// Merges into the node of that path if there is one. Null if the tree is full.
Node *add_node(MountTree &tree, const Node &node);
Node *find_node(MountTree &tree, Text path);
// Its index in path order, or where it would be inserted.
size_t place_of(const MountTree &tree, Text path);
// Determines what must be mounted: not what a mount above already grants.
void resolve_mounts(MountTree &tree);
// The node of the path or the nearest above it; null: the base.
const Node *node_of(const MountTree &tree, Text path);
// Whether that path is in a mount that is empty at first.
bool is_in_memory(const MountTree &tree, Text path);

}  // namespace ll
