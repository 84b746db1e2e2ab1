// The tracer: what it does at each stop of what it traces. Source: ptrace(2).
#pragma once

#include "explainer.h"
#include "generate_policy.h"
#include "refusal_report.h"

namespace ll {

struct Tracer {
  TraceContext sandbox;
  const TraceRequest &request;
  const ReportFds &report_fds;
  const ProfileConfig *config;  // --learn; else null
  int refused_peers;            // where ll-net tells what it refused; 0: nowhere
};

// Until nothing is left to be traced.
[[noreturn]] void watch(const Tracer &watch, int command);

}  // namespace ll
