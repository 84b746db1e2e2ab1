// A process goes on as one that is traced: same parent, terminal, signals and exit status. What
// traces it is no relative of it that it could wait for. Used by ll-ns, too.
#pragma once

#include "os/kernel/process.h"
#include "settings.h"

namespace ll {

struct Split {
  int socket = -1;  // to the traced process
  long traced = 0;  // its id; 0: this is it
};
// Returns in both. In the tracer, nothing but the socket and standard error is open.
Split split(const Policy &policy, const Settings &settings);
// Over the socket: the tracer's id, a word to go on, and what seizing it came to.
bool receive(int from, long &value);
bool send(int to, long value);

}  // namespace ll
