// The seccomp filter: what is decided for each system call becomes a program.
#pragma once

#include "core/seccomp/bpf_assembler.h"
#include "core/seccomp/decisions.h"

namespace ll {

// False when it does not fit.
bool compile(const Filter &filter, Program &program);

}  // namespace ll
