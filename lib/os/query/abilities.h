// --check: tries what the other programs need of this machine; for what is refused, the setting
// that allows it.
#pragma once

#include "core/landlock/plan.h"
#include "core/table_writer.h"

namespace ll {

// Why namespaces are refused with that errno, and what to do.
const char *namespace_advice(long error);

// Each 0, or minus the errno that stopped it.
struct Abilities {
  long namespaces;  // all that ll-ns enters, with mounts in them
  long proc;        // mounting /proc in a PID namespace
  long overlay;     // overlayfs, as an ordinary user
  long alone;       // a child subreaper, and a /proc that lists children
  long tracing;     // ptrace(2) of a child
  long cgroup;      // creating a cgroup
};
Abilities find_abilities();

void print_abilities(TableWriter &rows, const Abilities &abilities, const Kernel &kernel);
// ,"sandbox":{...}
void print_abilities_json(JsonWriter &json, const Abilities &abilities, const Kernel &kernel);

}  // namespace ll
