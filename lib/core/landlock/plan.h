// A policy on one kernel: what the kernel is given to enforce, and what it cannot enforce. The
// enforcement, --explain and --why all read the plan and decide nothing themselves.
#pragma once

#include "core/diagnostic.h"
#include "core/policy/policy.h"

namespace ll {

enum class Landlock : uint8_t { On, Absent, Off, Unused };  // ENOSYS, EOPNOTSUPP, --no-landlock

struct Kernel {
  Landlock landlock = Landlock::On;
  int abi = 0;
  uint64_t rights[kFields] = {};   // accepted by the kernel, by Field
  bool exempt_from_nproc = false;  // setrlimit(2): RLIMIT_NPROC does not hold for root
};

// A kernel that has all that its ABI promises.
Kernel kernel_of_abi(int abi);

enum class Kind : uint8_t { Unknown, Missing, Directory, File, Device, Link };

struct FileId {
  Kind kind = Kind::Unknown;
  uint64_t device = 0;
  uint64_t inode = 0;
};

// One rule on this kernel; for a path, also the file that was found.
struct Entry {
  uint64_t access = 0;  // Landlock rights that the rule grants
  FileId found;
  bool unenforced = false;  // the kernel cannot enforce the rule, and --best-effort allows that
  bool replaced = false;  // partly or entirely, by grants of the siblings of a denied or kept path
};

// A grant of one sibling of a path that is denied inside the rule's directory.
struct SiblingGrant {
  uint64_t access = 0;
  FileId found;
  size_t rule = 0;
};
constexpr size_t kMaxSiblingGrants = 8192;

// A directory with a denied or kept path in it: its entries have rights that it lacks itself.
struct Obstacle {
  uint64_t lost = 0;  // the rights that a rule would have granted to the directory as a whole
  FileId directory;
  size_t rule = 0;   // the rule that grants it, or a directory above
  size_t taker = 0;  // the `deny` or `keep` rule that prevents it
};
constexpr size_t kMaxObstacles = 256;  // further ones are enforced, but not reported

// Sockets that can be connected again or can send to any address. Connected stream sockets of
// AF_UNIX and AF_VSOCK are not among them: they stay connected.
enum class SocketKind : uint8_t { Tcp, Udp, Unix, Other };
constexpr size_t kSocketKinds = 4;
struct Inherited {
  bool found = false;
  uint32_t descriptor = 0;  // the first
};

// Counts first, so that a small policy touches few pages.
struct Plan {
  Kernel kernel;
  uint64_t handled[kFields];  // struct landlock_ruleset_attr, and restrict_self's flags
  uint64_t gaps[kFields];     // refused by default, but not by this kernel
  uint64_t closed[kFields];   // not refused by Landlock either, but by the filter
  uint64_t withheld;          // `protect-all`: rights that no rule can grant
  bool filters_maps;          // `memory-deny-write-execute` without PR_SET_MDWE: the filter
  bool supervised;      // ll-net decides each TCP connection, and Landlock has no rule for any
  bool unbound_listen;  // `bind PORT`; listen(2) without bind(2) takes any other port
  Inherited inherited[kSocketKinds];
  size_t sibling_count;
  size_t obstacle_count;
  Entry entries[kMaxRules];  // as Policy::rules
  SiblingGrant siblings[kMaxSiblingGrants];
  Obstacle obstacles[kMaxObstacles];
};

// False when the policy names what this kernel cannot enforce, unless the user said --best-effort.
bool make_plan(const Policy &policy, const Kernel &kernel, bool best_effort, Plan &plan,
               Diagnostic &problem);
// Sets whether ll-net decides connections; false if it cannot. ll-exec, which executes ll-net for a
// policy with host lines, has its own definition.
bool plan_supervision(const Policy &policy, Plan &plan, Diagnostic &problem);
bool is_supervised(const Plan &plan);
// Whether any of the command's calls go to ll-net: a judge is asked about files, too.
bool hands_over(const Policy &policy, const Plan &plan);
// A TCP rule that ll-net enforces: Landlock refuses the command's own connections.
bool is_supervised(const Policy &policy, const Plan &plan, const Rule &rule);
// What a rule grants on the file or directory that it names.
uint64_t access_on(const Rule &rule, const FileId &found, const Plan &plan);
// Plans a path rule by the type of the file found. False if the rule does not apply to that type.
bool plan_path(const Policy &policy, size_t index, const FileId &found, Plan &plan,
               Diagnostic &problem);

// Whether something in the policy is not enforced, which --best-effort must report.
bool is_weaker(const Policy &policy, const Plan &plan);

// The right of Field::Net for a port rule, and whether it also needs any source port.
uint64_t port_right(const Rule &rule);
bool needs_any_source_port(const Rule &rule);

}  // namespace ll
