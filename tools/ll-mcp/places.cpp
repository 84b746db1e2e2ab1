#include "places.h"

#include <array>
#include <optional>

#include "os/input/resolve.h"

namespace ll::mcp {

namespace {

std::optional<std::string> resolved(const std::string &path) {
  std::array<char, kMaxPath> bytes;
  const long size = resolve({}, {path.data(), path.size()}, bytes.data(), bytes.size());
  if (size < 0) return {};
  return std::string(bytes.data(), static_cast<size_t>(size));
}

bool holds(const std::string &folder, const std::string &path) {
  return is_in({path.data(), path.size()}, {folder.data(), folder.size()});
}

}  // namespace

void Places::resolve(const Policy &policy, const std::string &folder) {
  start_ = resolved(folder).value_or(folder);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    const bool denies = rule.directive == Directive::Deny;
    const bool names = is_path(rule.directive) && !rule.any && rule.directive != Directive::Chdir;
    if (!denies && (!names || rule.rights == 0)) continue;
    std::string path(rule.value.data, rule.value.size);
    places_.push_back({resolved(path).value_or(path), denies});
  }
}

bool Places::has(const std::string &path) const {
  const std::optional<std::string> whole = resolved(path);
  if (!whole) return false;
  if (*whole == start_) return true;
  // The deepest says it; of two for the same path, `deny`.
  const Place *deepest = nullptr;
  for (const Place &place : places_) {
    if (!holds(place.path, *whole)) continue;
    const size_t depth = deepest == nullptr ? 0 : deepest->path.size();
    if (place.path.size() > depth || (place.path.size() == depth && place.denied)) deepest = &place;
  }
  return deepest != nullptr && !deepest->denied;
}

}  // namespace ll::mcp
