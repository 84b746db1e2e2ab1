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

// Of the file that was named; what it uses has its own.
std::vector<Doubt> doubts_about(const Process &process, Policy &policy);

}  // namespace ll
