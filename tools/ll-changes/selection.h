// Which changes are meant: --only and --except.
#pragma once

#include <string>
#include <vector>

namespace ll {

// Patterns of glob(7) for paths in the directory, of which `*` matches slashes, too. Who names a
// directory means all in it.
struct Selection {
  std::vector<std::string> only;  // none: all
  std::vector<std::string> except;

  [[nodiscard]] bool is_all() const { return only.empty() && except.empty(); }
  [[nodiscard]] bool takes(const std::string &path) const;
};

}  // namespace ll
