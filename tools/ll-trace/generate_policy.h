// What was learnt as lines of a policy: few, and none that opens more than it must.
#pragma once

#include "learn.h"

namespace ll {

struct ProfileConfig {
  Text command;        // as it was called
  Text argument;       // its first; empty: it has none
  Text file;           // the policy that is written
  bool exists;         // lines are added to it
  Text home;           // $HOME; empty: there is none
  Text directory;      // where the command was started
  char **environment;  // of the command
  bool calls = false;  // --calls
  bool all_variables;  // that are set, but for secrets
  int outcome;         // one byte: the attempts that came to nothing, or kNotWritten
};

// Instead of attempts: there is no policy to run under.
constexpr uint8_t kNotWritten = 0xff;

// The policy is written before whoever waits for the command learns of its end.
void generate_policy(const TraceContext &sandbox, const ProfileConfig &config);

}  // namespace ll
