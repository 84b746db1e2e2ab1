#include "paths.h"

#include "os/input/resolve.h"
#include "rejection.h"

namespace ll {

bool is_in(const std::string &path, const std::string &folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string resolved(const std::string &path) {
  char bytes[kMaxPath];
  const long size = resolve({}, text_of(path), bytes, sizeof bytes);
  return size < 0 ? path : std::string(bytes, static_cast<size_t>(size));
}

}  // namespace ll
