// The policy, as the floor that no judge takes away: what it grants on which file or directory, and
// what it denies. The command's launcher writes it down, in memory that it shares with the
// supervisor.
#pragma once

#include "core/landlock/plan.h"

namespace ll {

class Floor {
 public:
  // Before the fork.
  void share(const Policy &policy);
  // In the child, which has granted by now.
  void note(const Policy &policy, const Plan &plan);

  // Whether there is one: not in a root of the command's own.
  [[nodiscard]] bool is_known() const { return table_ != nullptr && table_->noted; }
  // The rights that are refused on an object with that path, of `wanted`.
  [[nodiscard]] uint64_t refused(Text path, uint64_t device, uint64_t inode, uint64_t wanted,
                                 uint64_t now);
  // Where the command's root is another one: only what is denied, as it is outside.
  void note_denials(const Policy &policy);
  // Whether `deny`, or `keep` for who writes, is about it or about a directory that it is in.
  [[nodiscard]] bool denies(Text path, uint64_t device, uint64_t inode, bool writes) const;

 private:
  static constexpr size_t kMax = kMaxRules + kMaxSiblingGrants, kSlots = 32768;
  static constexpr size_t kCached = 1024, kMaxCachedPath = 240;
  static constexpr uint64_t kFresh = 1000;  // milliseconds
  struct Row {
    uint64_t device, inode;  // 0: free
    uint64_t access;
    bool denied;
    bool kept;  // it may be read
  };
  struct Table {
    bool noted;
    uint64_t handled;
    Row rows[kSlots];
  };
  struct Cached {
    uint64_t until;
    uint64_t access;
    uint16_t size;  // 0: none
    char path[kMaxCachedPath];
  };

  void add(const FileId &found, uint64_t access, Directive directive);
  [[nodiscard]] const Row *find(uint64_t device, uint64_t inode) const;
  [[nodiscard]] uint64_t access_in(Text directory, uint64_t now);
  // act(row): of each directory from that one upwards.
  template <typename Act>
  static bool walk(const Floor &floor, Text directory, const Act &act);

  const Policy *policy_;
  Table *table_;
  Cached cached_[kCached];
};

}  // namespace ll
