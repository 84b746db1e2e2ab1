// Which rules grant no more than others do: the loader need not be told of them.
#pragma once

#include "devices.h"
#include "mount_tree.h"
#include "request.h"

namespace ll {

// The policy's, and what is the sandbox's own: /proc, the devices, terminals, what is bound.
constexpr size_t kMaxGrants = kMaxRules + kMaxMountOptions + kDeviceCount + 2;

class Covered {
 public:
  Covered(const Rule *rules, size_t count, const MountTree &tree);
  [[nodiscard]] bool has(size_t rule) const;

 private:
  // Rules of no node are in the last list.
  static constexpr size_t kNoNode = kMaxNodes;

  [[nodiscard]] size_t nearest(Text path) const;
  [[nodiscard]] size_t mount_of(size_t place) const;
  [[nodiscard]] bool covers(size_t other, size_t rule) const;

  const Rule *rules_;
  const MountTree &tree_;
  bool adds_up_ = true;
  static uint16_t around_[kMaxNodes];   // the node that a node is in
  static uint16_t place_[kMaxGrants];   // the node that a rule is about, or in
  static uint16_t first_[kNoNode + 1];  // of the rules of a node
  static uint16_t next_[kMaxGrants];    // behind it
};

}  // namespace ll
