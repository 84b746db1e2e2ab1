// --check: what further programs need of this machine, found by doing it; and for what is refused
// the line that allows it.
#pragma once

#include "core/landlock/plan.h"
#include "core/table_writer.h"

namespace ll {

// Why namespaces are refused with that errno, and what can be done: found by looking.
const char *namespace_advice(long error);

// Each 0, or minus the errno that stopped it.
struct Abilities {
  long namespaces;  // of all kinds that ll-ns enters, with mounts in them
  long proc;        // a /proc that shows only one's own
  long overlay;     // overlayfs, as an ordinary user
  long alone;       // adopting orphans, and a /proc that says what they are
  long tracing;     // ptrace(2) of a child
  long cgroup;      // one's own can be written
};
Abilities find_abilities();

void print_abilities(TableWriter &rows, const Abilities &abilities, const Kernel &kernel);
// ,"sandbox":{...}
void print_abilities_json(JsonWriter &json, const Abilities &abilities, const Kernel &kernel);

}  // namespace ll
