// A program that has just been started, before its first instruction.
#pragma once

#include "stream.h"
#include "vdso.h"

namespace ll {

enum class Started : uint8_t { Held, Unknown, Gone };

// Its vDSO and its random bytes are made what is to be. Unknown: it has another vDSO.
Started hold_program(int tid, uint64_t stack, const Vdso &vdso, Stream *stream);
// It ends with 125 instead of its first instruction, which is there.
void end_program(int tid, uint64_t place);

}  // namespace ll
