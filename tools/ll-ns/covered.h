// Finds rules that grant no more than others do, which the launcher does not need.
#pragma once

#include "devices.h"
#include "mount_tree.h"
#include "request.h"

namespace ll {

// The policy's rules, and the sandbox's own: /proc, devices, terminals, --bind.
constexpr size_t kMaxGrants = kMaxRules + kMaxMountOptions + kDeviceCount + 2;

class Covered {
 public:
  Covered(const Rule *rules, size_t count, const MountTree &tree);
  [[nodiscard]] bool has(size_t rule) const;
  // The node of just the rule's path; null: there is none.
  [[nodiscard]] const Node *node_of(size_t rule) const;

 private:
  // Rules outside all nodes are in the last list.
  static constexpr size_t kNoNode = kMaxNodes;

  [[nodiscard]] size_t nearest(Text path) const;
  [[nodiscard]] size_t mount_of(size_t place) const;
  [[nodiscard]] bool covers(size_t other, size_t rule) const;

  const Rule *rules_;
  const MountTree &tree_;
  bool adds_up_ = true;
  static uint16_t around_[kMaxNodes];   // the parent of a node
  static uint16_t place_[kMaxGrants];   // the node of a rule: its path or the nearest above
  static uint16_t first_[kNoNode + 1];  // the first rule of a node
  static uint16_t next_[kMaxGrants];    // the next rule of that node
};

}  // namespace ll
