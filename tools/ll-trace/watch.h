// The tracer: what it does at each stop of what it traces. Source: ptrace(2).
#pragma once

#include "compose.h"
#include "explainer.h"
#include "tell.h"

namespace ll {

struct Watch {
  TraceContext sandbox;
  const Request &request;
  const Outlet &outlet;
  const Teacher *teacher;  // --learn; else null
  int told;                // where ll-net tells what it refused; 0: nowhere
};

// Until nothing is left to be traced.
[[noreturn]] void watch(const Watch &watch, int command);

}  // namespace ll
