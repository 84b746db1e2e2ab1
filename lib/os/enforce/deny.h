// `deny` and `keep` inside a granted tree. Landlock can only grant: what they take away from it is
// granted beside them instead, entry by entry.
#pragma once

#include "core/landlock/plan.h"
#include "os/input/mounts.h"

namespace ll {

// What is looked up of paths: large, and the caller's.
struct PathTables {
  static constexpr size_t kMax = 2048;
  struct Identity {
    uint64_t device, inode, taken;
    size_t rule;  // the first that takes anything
  };

  Identity denied[kMax] = {};
  Identity above[kMax] = {};
  Arena links = {};
  MountList mounts;
};

// The denied files and directories, and all directories above them, by inode: as the kernel
// compares, whatever path leads there.
class Denials {
 public:
  // Ends the program when a denied path does not exist and is not optional.
  Denials(const Policy &policy, int directory, PathTables &tables);

  // The rights that a rule does not grant there, and those that it cannot grant to the whole.
  [[nodiscard]] uint64_t taken_from(const FileId &found) const {
    return find(denied_, found).taken;
  }
  [[nodiscard]] uint64_t taken_beneath(const FileId &found) const {
    return find(above_, found).taken;
  }
  // What the whole directory loses, for the messages.
  void note(const FileId &directory, uint64_t lost, size_t rule, Plan &plan) const;

 private:
  using Identity = PathTables::Identity;
  // Where nothing is denied, no page of the tables is touched.
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

// What does let create beside what the rule takes away.
inline Text way_on(const Rule &rule) {
  return rule.directive == Directive::Keep ? "sandbox.sh can"_t : "sandbox.sh --overlay . can"_t;
}

FileId identify(const Policy &policy, const Rule &rule, int descriptor);
[[noreturn]] void fail_to_grant(const Policy &policy, const Rule &rule, long error);
// One of Landlock's rules: a file or directory with what is granted beneath it.
void add_rule(const Policy &policy, const Rule &rule, int ruleset, int descriptor, uint64_t access);

// Grants what is in the directory, but for what is taken from it.
void grant_siblings(const Policy &policy, size_t rule, const Denials &denials, Plan &plan,
                    int descriptor, int ruleset);

}  // namespace ll
