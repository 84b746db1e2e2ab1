// A policy on one kernel: what will be asked of it, and what it cannot do. The enforcement,
// --explain and --why all read this and decide nothing themselves.
#pragma once

#include "core/diagnostic.h"
#include "core/policy/policy.h"

namespace ll {

enum class Landlock : uint8_t { On, Absent, Off, Unused };  // ENOSYS, EOPNOTSUPP, --no-landlock

struct Kernel {
  Landlock landlock = Landlock::On;
  int abi = 0;
  uint64_t rights[kFields] = {};   // that it accepts, by Field
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

// One rule on this kernel; of a path also what is there.
struct Entry {
  uint64_t access = 0;  // Landlock's rights that the rule adds
  FileId found;
  bool unenforced = false;  // the kernel cannot do what the rule says, and the user let that pass
  bool replaced =
      false;  // in part or all, by what is beside what `deny` or `keep` names, or by nothing
};

// What a rule grants beside something denied in it.
struct SiblingGrant {
  uint64_t access = 0;
  FileId found;
  size_t rule = 0;
};
constexpr size_t kMaxSiblingGrants = 8192;

// A directory in which something is denied or kept: what its entries have, it does not have itself.
struct Obstacle {
  uint64_t lost = 0;  // the rights that a rule would have granted to the directory as a whole
  FileId directory;
  size_t rule = 0;   // that grants there, or on the directory that it is in
  size_t taker = 0;  // `deny` or `keep`, that stands in the way
};
constexpr size_t kMaxObstacles = 256;  // what is beyond is enforced, and not named

// Sockets that can be connected anew, or send to a name. Not the connected streams of unix and of
// virtual machines: those stay connected.
enum class SocketKind : uint8_t { Tcp, Udp, Unix, Other };
constexpr size_t kSocketKinds = 4;
struct Inherited {
  bool found = false;
  uint32_t descriptor = 0;  // the first
};

struct Plan {
  Kernel kernel;
  uint64_t handled[kFields];  // struct landlock_ruleset_attr, and restrict_self's flags
  uint64_t gaps[kFields];     // refused by default, but not by this kernel
  uint64_t closed[kFields];   // not by Landlock either, but refused all the same
  uint64_t withheld;          // `protect-all`: what no rule grants, whatever it says
  bool filters_maps;          // `memory-deny-write-execute`, which this kernel does not know
  bool supervised;      // ll-net decides each TCP connection, and Landlock has no rule for any
  bool unbound_listen;  // `bind PORT`, and any other by listen(2) without bind(2)
  Inherited inherited[kSocketKinds];
  Entry entries[kMaxRules];  // as Policy::rules
  size_t sibling_count;
  SiblingGrant siblings[kMaxSiblingGrants];
  size_t obstacle_count;
  Obstacle obstacles[kMaxObstacles];
};

// False when the policy names what this kernel cannot enforce, unless the user said --best-effort.
bool make_plan(const Policy &policy, const Kernel &kernel, bool best_effort, Plan &plan,
               Diagnostic &problem);
// Whether ll-net is to decide connections; false when it cannot. ll-exec, which goes on as ll-net
// where a line says so, has another one.
bool plan_supervision(const Policy &policy, Plan &plan, Diagnostic &problem);
bool is_supervised(const Plan &plan);
// Whether calls of the command's go to ll-net at all: a judge is asked about files, too.
bool hands_over(const Policy &policy, const Plan &plan);
// A rule of TCP that ll-net holds: what the command does itself, Landlock refuses.
bool is_supervised(const Policy &policy, const Plan &plan, const Rule &rule);
// What a rule grants on a file or directory that it is about.
uint64_t access_on(const Rule &rule, const FileId &found, const Plan &plan);
// What is at a rule's path decides what it grants. False when the rule makes no sense there.
bool plan_path(const Policy &policy, size_t index, const FileId &found, Plan &plan,
               Diagnostic &problem);

// Whether something that the policy names is not enforced: what --best-effort must say.
bool is_weaker(const Policy &policy, const Plan &plan);

// The two rights of Field::Net that a port rule is about, or a client needs besides.
uint64_t port_right(const Rule &rule);
bool needs_any_source_port(const Rule &rule);

}  // namespace ll
