// Which calls come to the tracer: those that would tell what is held.
#pragma once

#include "core/seccomp/bpf_assembler.h"
#include "settings.h"

namespace ll {

void write_tracing_filter(const Settings &settings, Program &program);

}  // namespace ll
