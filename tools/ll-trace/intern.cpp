#include "intern.h"

#include "core/mem.h"

namespace ll {

namespace {

constexpr size_t kMax = 1 << 16;  // a power of two
constexpr size_t kBytes = size_t{16} << 20;

// Pages that are not used are never there.
constinit Text texts[kMax]{};
constinit char bytes[kBytes]{};
constinit size_t used = 0;
constinit size_t count = 0;
constinit bool full = false;

// FNV-1a.
size_t hash_of(Text text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < text.size; i++)
    hash = (hash ^ static_cast<unsigned char>(text[i])) * 0x100000001b3;
  return static_cast<size_t>(hash ^ hash >> 32);
}

}  // namespace

Text intern(Text text) {
  if (text.empty()) return {};
  size_t place = hash_of(text) % kMax;
  for (; !texts[place].empty(); place = (place + 1) % kMax)
    if (texts[place] == text) return texts[place];
  if (count >= kMax / 2 || kBytes - used <= text.size) {
    full = true;
    return {};
  }
  count++;
  memcpy(bytes + used, text.data, text.size);
  texts[place] = {bytes + used, text.size};
  used += text.size + 1;
  return texts[place];
}

bool is_store_full() { return full; }

}  // namespace ll
