#include "intern.h"

#include "core/mem.h"

namespace ll {

namespace {

constexpr size_t kMaxTexts = 1 << 16;  // a power of two
constexpr size_t kBytes = size_t{16} << 20;

// Pages that are not text_bytes_used are never there.
constinit Text texts[kMaxTexts]{};
constinit char text_bytes[kBytes]{};
constinit size_t text_bytes_used = 0;
constinit size_t text_count = 0;
constinit bool store_full = false;

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
  size_t place = hash_of(text) % kMaxTexts;
  for (; !texts[place].empty(); place = (place + 1) % kMaxTexts)
    if (texts[place] == text) return texts[place];
  if (text_count >= kMaxTexts / 2 || kBytes - text_bytes_used <= text.size) {
    store_full = true;
    return {};
  }
  text_count++;
  memcpy(text_bytes + text_bytes_used, text.data, text.size);
  texts[place] = {text_bytes + text_bytes_used, text.size};
  text_bytes_used += text.size + 1;
  return texts[place];
}

bool is_store_full() { return store_full; }

}  // namespace ll
