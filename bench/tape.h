// What a launcher asks of the kernel, recorded by `tape` for `limit` to ask again.
#pragma once

// Where `limit` has them, by its linking: so every pointer of a recorded call is ready.
constexpr unsigned long kTapeAddress = 0x600000;
constexpr unsigned long kTapeSize = 64UL << 10;
constexpr unsigned long kAnswersAddress = 0x700000;  // what the kernel writes, and nobody reads
constexpr unsigned long kAnswersSize = 16UL << 10;

struct RecordedCall {
  long number;
  long arguments[6];
};

// Behind it are the calls, and behind them what they point to.
struct Tape {
  unsigned long count;
};
