// The resolver: a process of its own, which can do nothing but to read and write what it was given.
// It is the one that reads what strangers send.
#pragma once

#include "core/dns.h"

namespace ll {

constexpr size_t kMaxQueries = 256;  // at a time

// To the resolver, with a socket that is connected to a server.
struct Asked {
  uint32_t slot;    // below kMaxQueries; the query that had it before is forgotten
  uint32_t serial;  // of that query, to be given back
  uint16_t id;
  uint16_t type;
  uint8_t stream;  // by TCP
  uint8_t name_size;
  char name[kMaxName];
};
// From it.
struct Answered {
  uint32_t slot;
  uint32_t serial;
  Result result;
  uint8_t truncated;  // ask again by TCP
  Addresses addresses;
};

// In a child that has nothing but that socket: for ever.
[[noreturn]] void resolve_names(int supervisor);

}  // namespace ll
