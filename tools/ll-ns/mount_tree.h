// The root as a list of mounts: what is where, and what may be done there. Nothing is mounted here.
#pragma once

#include "core/policy/policy.h"

namespace ll {

constexpr size_t kMaxNodes = kMaxRules + 256;

struct Node {
  enum Kind : uint8_t {
    Tmpfs,    // empty, and its own
    Bind,     // what is at that path outside
    Overlay,  // the same, and what is written goes elsewhere
    Hidden,   // empty, and stays so
    Proc,
    Dev,    // a tmpfs with the standard devices
    Pts,    // terminals of its own
    Empty,  // a directory, to be there
  };
  Text path;  // in the root: absolute, without links; followed by a NUL
  Kind kind = Tmpfs;
  bool file = false;
  bool mounted = false;
  bool kept = false;       // not to be written, whatever it is in
  bool pinned = false;     // above what is kept: not to be moved away, and another put in its place
  bool alone = false;      // of a Hidden: what it hides has no other name
  bool in_memory = false;  // what it is in is empty: its place has to be made
  uint8_t grants = 0;      // of Grant, with those of what it is in
  int descriptor = 0;      // of what a Bind or an Overlay shows; 0: what is there inside
  int layer = 0;           // of an Overlay: the directory that holds upper and work
  uint64_t size = 0;       // of a Tmpfs, bytes; 0: the kernel's default
  size_t above = 0;        // the mounted node that it is in
  SourceSpan where;
};

// All zeros at first. In the order of the paths a directory comes before what is in it.
struct MountTree {
  Node::Kind base;  // what everything is in: Tmpfs, or Bind for a root that exists
  uint8_t base_grants;
  int base_descriptor;  // of that root; 0: it is not mounted anew
  size_t count;
  uint16_t order[kMaxNodes];  // of the paths: which of `nodes` comes where
  Node nodes[kMaxNodes];

  [[nodiscard]] Node &at(size_t place) { return nodes[order[place]]; }
  [[nodiscard]] const Node &at(size_t place) const { return nodes[order[place]]; }
};

// Adds to the node of that path where there is one. Null when there is no more room.
Node *add_node(MountTree &tree, const Node &node);
Node *find_node(MountTree &tree, Text path);
// Where it is in the order of the tree, or would be.
size_t place_of(const MountTree &tree, Text path);
// What is mounted where, and what need not be because what it is in grants as much.
void resolve_mounts(MountTree &tree);
// What the path is in, or is; null: the base.
const Node *node_of(const MountTree &tree, Text path);
// Whether that path is in what is empty at first.
bool is_in_memory(const MountTree &tree, Text path);

}  // namespace ll
