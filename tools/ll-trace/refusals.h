// What was refused: each once, with how often.
#pragma once

#include "core/seccomp/filter.h"

namespace ll {

enum class Layer : uint8_t {
  Unknown,  // it could not be told
  Landlock,
  Filter,
  Permissions,  // of files, users, capabilities
  ReadOnly,     // the file system
  Missing,
  NoNewPrivileges,
  Tracer,  // it is this program that is in the way
  Supervisor,
  Logged,  // by `syscall action log`: it was not refused
};

struct Refusal {
  Layer layer = Layer::Unknown;
  uint64_t rights = 0;  // Landlock's rights of files that are lacking
  Text what;            // the call, or what else it was about
  Text target;          // a path, an address
  Text line;            // of a policy, that would allow it; empty: there is none
  Text process;
  Decision decision = 0;           // of the filter
  const Rule *nearest = nullptr;   // that grants anything there
  const Rule *obstacle = nullptr;  // `deny` or `keep`: in its way no line helps
  bool too_much = false;           // the line opens far more than was asked for
  bool unprivileged = false;       // it needs a capability that nobody has here but root
  bool nested = false;             // a sandbox of the command's own
  bool forbidden = false;          // by file permissions too
  long error = 0;
  uint64_t count = 0;
};

constexpr size_t kMaxRefusals = 8192;
struct Refusals {
  size_t count;
  size_t reported;  // of them, by the report
  bool full;
  Refusal rows[kMaxRefusals];
};
extern Refusals refusals;

// The row, or null when it was there already and only counts once more. Its texts are kept.
Refusal *add_refusal(const Refusal &refusal);

}  // namespace ll
