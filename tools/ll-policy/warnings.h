// What a policy without errors grants, and its author may not have meant.
#pragma once

#include <vector>

#include "os/kernel/process.h"
#include "rejection.h"

namespace ll {

enum class Warning : uint8_t {
#define WARNING(id, name, message, advice) id,
#include "warnings.def"
};
inline constexpr char kWarningNames[] =
#define WARNING(id, name, message, advice) name "\0"
#include "warnings.def"
    ;

struct Finding {
  Warning kind;
  SourceSpan where;
  std::string message;  // and, on its second line, what to do
};

inline constexpr const char *kWarningMessages[] = {
#define WARNING(id, name, message, advice) message "\n" advice,
#include "warnings.def"
};

template <typename... Arguments>
Finding make_finding(Warning kind, const SourceSpan &where, const Arguments &...arguments) {
  FixedString<1024> message;
  format(message, kWarningMessages[static_cast<size_t>(kind)], arguments...);
  return {kind, where, string_of(message.text())};
}

std::vector<Finding> findings_about_hosts(const Policy &policy);
// Of the file that was named; what it uses has its own.
std::vector<Finding> findings_in(const Process &process, Policy &policy);

}  // namespace ll
