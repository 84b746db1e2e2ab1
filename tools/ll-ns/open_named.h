// Opens what a rule names, and knows its path from the names on the way: asking /proc for the path
// of a descriptor takes longer than opening it.
#pragma once

#include "os/input/resolve.h"

namespace ll {

struct OpenedByName {
  long descriptor = 0;  // or minus an errno: ELOOP for what another way has to open
  Text path;            // absolute, without links
};

// With O_PATH. What is behind a magic link of /proc, or behind a link in a directory whose links
// are not trusted (os/input/follow.h), is left to another way. Adds the links that it follows.
OpenedByName open_by_name(Policy &policy, const Rule &rule, Links &links);

}  // namespace ll
