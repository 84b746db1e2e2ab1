// The parsed policy: plain values, each with its place in the source. Independent of the running
// kernel.
#pragma once

#include "core/program_info.h"
#include "core/tables.h"
#include "core/text.h"

namespace ll {

constexpr size_t kMaxRules = 1024;
constexpr size_t kMaxSources = 32;
constexpr size_t kMaxNesting = 16;   // of `use`
constexpr size_t kMaxLine = 4096;    // bytes, without its newline
constexpr size_t kMaxFile = 65536;   // bytes
constexpr size_t kMaxText = 524288;  // bytes: all policies and values together
constexpr uint32_t kMaxPort = 65535;
alignas(char) inline constexpr char kTooMuchText[] =
    "the policies are larger than % bytes together";

// A range of a policy file, or of an argument (source 0, the command line).
struct SourceSpan {
  uint16_t source = 0;
  uint16_t argument = 0;  // index in argv; 0 in a file
  uint32_t offset = 0;    // bytes from the start of the file or argument
  uint32_t length = 0;    // bytes; 0: the problem is not at one place
};

inline constexpr SourceSpan kNoLocation;

enum class SyscallVerb : uint8_t { Allow, Deny, Only, Action };

struct Source {
  Text name;    // as the user wrote it
  Text folder;  // for relative paths; empty: the current directory
  Text text;
  uint64_t device = 0;  // the file's identity; 0 and 0: a pipe, read once
  uint64_t inode = 0;
  bool names_beside = false;  // a `use NAME` was looked up in `folder`
};

struct Rule {
  Directive directive = Directive::Ro;
  bool optional = false;  // a path that need not exist
  bool any = false;       // `unix any`, `env -`; of `syscall`: a group
  bool udp = false;
  SourceSpan where;
  Text value;           // a path, variable or name; followed by a NUL
  uint64_t rights = 0;  // of a path: the Landlock rights that it names
  uint32_t low = 0;     // ports; of `syscall`: the call's row, or the group's
  uint32_t high = 0;
  uint64_t number = 0;    // a limit, descriptor, capability or ABI
  uint32_t resource = 0;  // of a limit: setrlimit's number; of `syscall`: its verb
};

// Bytes that live as long as the program: policies, and values after quotes and variables.
struct Arena {
  size_t used;
  char bytes[kMaxText];

  [[nodiscard]] size_t room() const { return kMaxText - used; }
  bool push(char byte);
  bool push(Text text);
  // What was pushed since `start`, followed by a NUL.
  bool finish(size_t start, Text &result);
  // A copy, followed by a NUL.
  bool keep(Text text, Text &kept);
};

// --judge: the program that is asked at run time, about which calls, and its time limit.
struct Judging {
  Text program;        // with its arguments
  uint64_t answer_in;  // milliseconds
  int descriptor;      // a socket to a running judge; 0: none
  uint8_t asks;        // kAsk bits of policy/judging.h; 0: no judge
};

// In order of use, so that a small policy touches few pages.
struct Policy {
  ProgramInfo program;  // the program that reads it
  char **arguments;     // argv, for messages about source 0
  size_t argument_count;
  size_t inserted;            // arguments that a wrapper put before the caller's own
  Text directory;             // the current directory at the start; empty if it has no path
  char short_directory[128];  // its bytes, or those are in the arena
  int status;                 // a descriptor for errors before the command runs; 0: none
  int supervisor;  // a socket to ll-net, which decides the command's connections; 0: none
  Judging judging;
  size_t source_count;
  size_t rule_count;
  Source sources[kMaxSources];  // [0] is the command line
  Rule rules[kMaxRules];
  Arena arena;
};

// What variables in a policy expand to.
struct Environment {
  char *const *environment = nullptr;  // ends with a null pointer
  Text directory;                      // $PWD: the real current directory, not the variable
  Text process;                        // $PID
};

// The host of `connect HOST:PORT`; empty for all other rules.
Text host_of(const Rule &rule);
bool is_path(Directive directive);  // one that grants beneath a path
bool opens_port(const Policy &policy, Directive directive, bool udp);
bool opens_all_ports(const Rule &rule);
bool opens_all_ports(const Policy &policy, Directive directive, bool udp);
bool opens_all_unix(const Policy &policy);  // `unix any`
bool is_ipc(const Rule &rule, Text kind);
const Rule *last_rule(const Policy &policy, Directive directive);
// The value of a variable; false if it is unset.
bool lookup(const Environment &environment, Text name, Text &value);

}  // namespace ll
