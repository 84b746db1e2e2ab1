// A program that has just been started, before its first instruction.
#pragma once

#include "stream.h"
#include "vdso.h"

namespace ll {

enum class Started : uint8_t { Held, Unknown, Gone };

// What CLOCK_MONOTONIC of a process is ahead of the machine's, time_namespaces(7): seconds. False:
// it is no number of seconds.
bool monotonic_offset(Text process, int64_t &seconds);
// Its vDSO and its random bytes are made what is to be. Unknown: it has another vDSO.
Started hold_program(int tid, uint64_t stack, const Vdso &vdso, int64_t own_offset, Stream *stream);
// It ends with 125 instead of its first instruction, which is there.
void end_program(int tid, uint64_t place);

}  // namespace ll
