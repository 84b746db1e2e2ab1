#include "stream.h"

#include "core/mem.h"

namespace ll {

namespace {

// SplitMix64 and xoshiro256**: Blackman, Vigna, "Scrambled linear pseudorandom number generators".
uint64_t mix(uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

constexpr uint64_t kStep = 0x9e3779b97f4a7c15;

constexpr uint64_t turn(uint64_t value, unsigned bits) {
  return value << bits | value >> (64 - bits);
}

}  // namespace

Stream::Stream(uint64_t key) : key_(key) {
  for (uint64_t &word : state_) word = mix(key += kStep);
}

Stream Stream::next_child() { return Stream(mix(key_ ^ mix(++children_ * kStep))); }

uint64_t Stream::next() {
  const uint64_t result = turn(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = turn(state_[3], 45);
  return result;
}

void Stream::fill(uint8_t *bytes, size_t size) {
  // A call for each word would take longer than all else.
  struct [[gnu::packed, gnu::may_alias]] Unaligned {
    uint64_t value;
  };
  size_t done = 0;
  for (; done + sizeof(Unaligned) <= size; done += sizeof(Unaligned))
    reinterpret_cast<Unaligned *>(bytes + done)->value = next();
  if (done == size) return;
  const uint64_t word = next();
  memcpy(bytes + done, &word, size - done);
}

}  // namespace ll
