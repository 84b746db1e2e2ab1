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

struct Doubt {
  Warning kind;
  Where where;
  std::string message;  // and, on its second line, what to do
};

inline constexpr const char *kWarningMessages[] = {
#define WARNING(id, name, message, advice) message "\n" advice,
#include "warnings.def"
};

template <typename... Arguments>
Doubt make_doubt(Warning kind, const Where &where, const Arguments &...arguments) {
  Line<1024> message;
  say(message, kWarningMessages[static_cast<size_t>(kind)], arguments...);
  return {kind, where, string_of(message.text())};
}

std::vector<Doubt> doubts_about_hosts(const Policy &policy);
// Of the file that was named; what it uses has its own.
std::vector<Doubt> doubts_about(const Process &process, Policy &policy);

}  // namespace ll
