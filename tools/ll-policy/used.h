// check --used: what runs that `ll-trace --report` recorded did with a policy's grants.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/policy/command_line.h"
#include "warnings.h"

namespace ll {

class Uses {
 public:
  // A report, as .json or .html; several add up. Dies of what is none, or has not all.
  void add(const Policy &asking, const Word &file);
  // Of the file that was named: what no run used, or not to the full.
  [[nodiscard]] std::vector<Finding> findings_in(const Policy &policy) const;

 private:
  struct Use {
    bool used = false;
    std::string
        enough;  // the narrowest directive that would have done; empty: the one that there is
  };
  void add_grant(const std::string &grant, bool used, const std::string &enough);

  std::map<std::string, Use> grants_;  // by the words of the policy: "ro $PWD"
};

}  // namespace ll
