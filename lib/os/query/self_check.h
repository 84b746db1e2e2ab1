// --check: what this machine supports, found by doing it.
#pragma once

#include "core/landlock/plan.h"
#include "core/table_writer.h"
#include "os/enforce/options.h"

namespace ll {

int check_machine(const Policy &policy, const EnforceOptions &options, bool as_json);

// What `connect HOST:PORT` needs; whether Landlock has it is found already. ll-exec goes on as
// ll-net before it looks at anything, if that is there.
void check_by_ll_net(const Policy &policy);
void print_hosts(TableWriter &rows, const Kernel &kernel);
void print_hosts_json(JsonWriter &json, const Kernel &kernel);
// 0, or minus the errno that a trial's process ended with, or could not be started for.
long end_of(long child);
// One row, as the others.
void print_finding(TableWriter &rows, const char *name, long result, const char *good);

}  // namespace ll
