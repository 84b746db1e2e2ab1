// Compiles the decisions into a seccomp filter.
#pragma once

#include "core/seccomp/bpf_assembler.h"
#include "core/seccomp/decisions.h"

namespace ll {

// False if it is too long.
bool compile(const Filter &filter, Program &program);

}  // namespace ll
