#include "selection.h"

#include <fnmatch.h>
#include <algorithm>

namespace ll {

namespace {

bool matches(const std::vector<std::string> &patterns, const std::string &path) {
  return std::ranges::any_of(patterns, [&](const std::string &pattern) {
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
  });
}

// The path itself, or a directory above it.
bool matches_on_way(const std::vector<std::string> &patterns, const std::string &path) {
  for (size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
    if (matches(patterns, path.substr(0, end))) return true;
  return matches(patterns, path);
}

}  // namespace

bool Selection::takes(const std::string &path) const {
  return (only.empty() || matches_on_way(only, path)) && !matches_on_way(except, path);
}

}  // namespace ll
