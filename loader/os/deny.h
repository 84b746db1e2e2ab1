// `deny` inside a granted tree. Landlock can only grant: instead of a directory that holds
// something denied, what is beside it is granted, entry by entry.
#pragma once

#include "core/plan.h"

namespace ll {

// The denied files and directories, and all directories above them, by inode: as the kernel
// compares, whatever path leads there.
class Denials {
 public:
  // Ends the program when a denied path does not exist and is not optional.
  Denials(const Policy &policy, int directory);

  [[nodiscard]] bool is_denied(const Found &found) const { return any_ && holds(denied_, found); }
  [[nodiscard]] bool is_above(const Found &found) const { return any_ && holds(above_, found); }

 private:
  static constexpr size_t kMost = 2048;
  struct Identities {
    struct {
      uint64_t device, inode;
    } rows[kMost];
    size_t count;
  };

  void add(const Policy &policy, const Rule &rule, int directory);
  [[gnu::noinline]] void add_parents(const Policy &policy, const Rule &rule);
  static bool holds(const Identities &identities, const Found &found);
  static void keep(const Policy &policy, const Rule &rule, Identities &identities,
                   const Found &found);

  bool any_ = false;
  static Identities denied_;
  static Identities above_;
};

Found identify(const Policy &policy, const Rule &rule, int descriptor);
[[noreturn]] void fail_to_grant(const Policy &policy, const Rule &rule, long error);
// One of Landlock's rules: a file or directory with what is granted beneath it.
void add_rule(const Policy &policy, const Rule &rule, int ruleset, int descriptor, uint64_t access);

// Grants what is in the directory, and is neither denied nor above what is.
void grant_beside(const Policy &policy, size_t rule, const Denials &denials, Plan &plan,
                  int descriptor, int ruleset);

}  // namespace ll
