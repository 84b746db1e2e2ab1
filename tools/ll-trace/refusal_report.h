// The report.
#pragma once

#include "explainer.h"
#include "refusals.h"
#include "request.h"

namespace ll {

// Where it goes besides standard error.
struct ReportFds {
  int json = -1;
  int report = -1;
};

// --json's file, or descriptor: opened before the others are closed, but for `told`; 0: none.
void open_report(Policy &policy, const TraceRequest &request, int refused_peers,
                 ReportFds &report_fds);

// An object, as --json writes it, without the brace at its end.
void write_refusal_json(Builder &out, const Policy &policy, const Refusal &refusal);

// One that has just happened: -v.
void report_refusal(const Policy &policy, const Refusal &refusal);
// Those that were not told yet.
void report_refusals(const TraceContext &sandbox, const TraceRequest &request,
                     const ReportFds &report_fds);

}  // namespace ll
