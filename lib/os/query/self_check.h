// --check: tests what this machine supports by trying it.
#pragma once

#include "core/landlock/plan.h"
#include "core/table_writer.h"
#include "os/enforce/options.h"

namespace ll {

int check_machine(const Policy &policy, const EnforceOptions &options, bool as_json);

// What `connect HOST:PORT` needs besides Landlock. ll-exec executes ll-net before any test, if it
// is installed.
void check_by_ll_net(const Policy &policy);
void print_hosts(TableWriter &rows, const Kernel &kernel);
void print_hosts_json(JsonWriter &json, const Kernel &kernel);
// 0, or minus the errno that the trial process failed with or could not be started for.
long end_of(long child);
// Prints one row.
void print_finding(TableWriter &rows, const char *name, long result, const char *good);

}  // namespace ll
