// DNS messages, RFC 1035: the part that resolving names to addresses needs. Nothing here allocates
// or makes a system call; input from the network may be any bytes.
#pragma once

#include "core/peer.h"

namespace ll {

constexpr size_t kMaxMessage = 4096;  // bytes of an answer, as RFC 6891 recommends
constexpr size_t kMaxPlain = 512;     // without RFC 6891
constexpr size_t kMaxAddresses = 32;  // of one answer
constexpr uint16_t kTypeA = 1, kTypeAaaa = 28;
// RCODE, RFC 1035, 4.1.1.
enum class Result : uint8_t {
  NoError = 0,
  FormErr = 1,
  ServFail = 2,
  NxDomain = 3,
  NotImp = 4,
  Refused = 5
};

struct NameQuestion {
  uint16_t id;
  uint16_t type;
  bool recursive;
  uint8_t bytes[kMaxName + 2 + 4];  // as it was asked: name, type, class
  size_t size;
  char name[kMaxName];  // lower case
  size_t name_size;

  [[nodiscard]] Text asked() const { return {name, name_size}; }
};
// One question of the class IN. False when it is anything else.
bool read_question(const uint8_t *message, size_t size, NameQuestion &question);

struct Addresses {
  size_t count;
  uint32_t seconds;  // the least time to live
  IpAddress rows[kMaxAddresses];
};
// The answer to a question; returns its size. What does not fit in `capacity` is left out.
size_t write_answer(const NameQuestion &question, Result result, const Addresses &addresses,
                    uint8_t *message, size_t capacity);

// The question that an answer is for, as it was asked.
bool read_question_of_answer(const uint8_t *message, size_t size, NameQuestion &question);

// A query for that name and type; returns its size.
size_t write_query(uint16_t id, Text name, uint16_t type, uint8_t *message);

enum class Reading : uint8_t {
  Answer,
  Truncated,
  Foreign
};  // Foreign: not an answer to that query
// The addresses of the name and what it is an alias for.
Reading read_answer(const uint8_t *message, size_t size, uint16_t id, Text name, uint16_t type,
                    Result &result, Addresses &addresses);

}  // namespace ll
