#include "granted_paths.h"

#include "core/mem.h"

namespace ll {

size_t GrantedPaths::place_of(Text path) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < path.size; i++)
    hash = (hash ^ static_cast<unsigned char>(path[i])) * 0x100000001b3;
  return static_cast<size_t>(hash >> 24) % kMax;
}

bool GrantedPaths::has(Text path, uint64_t how, uint64_t now) const {
  const Row &row = rows_[place_of(path)];
  return row.until > now && row.how == how && Text{row.path, row.size} == path;
}

void GrantedPaths::add(Text path, uint64_t how, uint64_t now) {
  if (path.size > kMostPath || path[0] != '/') return;
  Row &row = rows_[place_of(path)];
  row.until = now + kFresh;
  row.how = how;
  row.size = static_cast<uint8_t>(path.size);
  memcpy(row.path, path.data, path.size);
}

}  // namespace ll
