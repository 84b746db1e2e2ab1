// Where a call may start: what lies elsewhere, or whether anything does, is not for a client
// to know.
#pragma once

#include <string>
#include <vector>

#include "core/policy/policy.h"

namespace ll::mcp {

class Places {
 public:
  // What the policy names, as it is now: no command can make it something else later. `folder`:
  // where a call starts that does not say it.
  void resolve(const Policy &policy, const std::string &folder);
  // In what grants anything, and not in what is denied. Both are looked at without their links.
  [[nodiscard]] bool has(const std::string &path) const;

 private:
  struct Place {
    std::string path;
    bool denied;
  };
  std::string start_;
  std::vector<Place> places_;
};

}  // namespace ll::mcp
