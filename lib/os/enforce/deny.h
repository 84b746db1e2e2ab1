// `deny` and `keep` inside a granted directory. Landlock can only grant, so the siblings of the
// denied path are granted one by one, instead of the directory.
#pragma once

#include "core/landlock/plan.h"
#include "os/input/follow.h"
#include "os/input/mounts.h"

namespace ll {

// Tables for path lookups. Large: the caller provides them.
struct PathTables {
  static constexpr size_t kMax = 2048;
  struct Identity {
    uint64_t device, inode, taken;
    size_t rule;  // the first rule that denies a right
  };

  Identity denied[kMax] = {};
  Identity above[kMax] = {};
  Arena links = {};
  MountList mounts;
  Stray stray;
};

// The denied files and directories, and all directories above them. By inode, as the kernel
// compares them, whatever the path.
class Denials {
 public:
  // Ends the program when a denied path does not exist and is not optional.
  Denials(const Policy &policy, int directory, PathTables &tables);

  // The rights denied on that file, and the rights denied somewhere beneath that directory.
  [[nodiscard]] uint64_t taken_from(const FileId &found) const {
    return find(denied_, found).taken;
  }
  [[nodiscard]] uint64_t taken_beneath(const FileId &found) const {
    return find(above_, found).taken;
  }
  // Records the rights that the directory itself loses, for messages.
  void note(const FileId &directory, uint64_t lost, size_t rule, Plan &plan) const;

 private:
  using Identity = PathTables::Identity;
  // If nothing is denied, no page of the tables is touched.
  struct Identities {
    Identity *rows;
    size_t count = 0;
  };

  void add(const Policy &policy, const Rule &rule, int directory);
  [[gnu::noinline]] void add_names(const Policy &policy, const Rule &rule, const FileId &found,
                                   uint64_t taken);
  [[gnu::noinline]] void add_parents(const Policy &policy, const Rule &rule, Text child,
                                     uint64_t taken);
  static Identity find(const Identities &identities, const FileId &found);
  static void take(const Policy &policy, const Rule &rule, Identities &identities,
                   const FileId &found, uint64_t taken);

  PathTables &tables_;
  Identities denied_;
  Identities above_;
};

// What allows creating files beside the denied path, for messages.
inline Text way_on(const Rule &rule) {
  return rule.directive == Directive::Keep ? "sandbox.sh can"_t : "sandbox.sh --overlay . can"_t;
}

FileId identify(const Policy &policy, const Rule &rule, int descriptor);
[[noreturn]] void fail_to_grant(const Policy &policy, const Rule &rule, long error);
// Adds a Landlock rule for a file or directory.
void add_rule(const Policy &policy, const Rule &rule, int ruleset, int descriptor, uint64_t access);

// Grants the entries of the directory, without the denied ones.
void grant_siblings(const Policy &policy, size_t rule, const Denials &denials, Plan &plan,
                    int descriptor, int ruleset);

}  // namespace ll
