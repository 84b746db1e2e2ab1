// The value that is being parsed into a rule, for parser.cpp and hosts.cpp.
#pragma once

#include "core/policy/parser.h"

namespace ll {

struct ValueReader {
  Policy &policy;
  Statement &statement;
  const Word &word;
  Diagnostic &problem;

  [[nodiscard]] Text name() const { return name_of(statement.directive); }
  template <typename... Arguments>
  [[gnu::always_inline]] bool fail(const char *pattern, const Arguments &...arguments) const {
    return problem.fail(word.where, pattern, arguments...);
  }
};

// Appends the rule; false if there are too many.
bool add_rule(const ValueReader &read, const Rule &rule);
bool read_protocol(const ValueReader &read, Text protocol, bool &udp);
bool read_range(const ValueReader &read, Text ports, Rule &rule);

// `connect HOST:PORT` and `noconnect`. ll-exec has its own definition, which executes ll-net.
bool read_host(const ValueReader &read);

}  // namespace ll
