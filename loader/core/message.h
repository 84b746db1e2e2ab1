// What is wrong, where, and what to do: every message has the same shape.
//
//   ll-exec: web.policy:7:9: port 99999 is more than 65535
//       connect 99999
//               ^~~~~
//     a port is a number from 0 to 65535
#pragma once

#include "core/policy.h"
#include "core/text.h"

namespace ll {

struct Place {
  const Policy &policy;
  Where where;
};

struct Error {
  long number;  // an errno, or minus one as system calls return it
};

// What stands for a % of a format. Text is shortened, and has nothing in it that a terminal would
// obey.
struct Argument {
  enum class Kind : uint8_t { Text, Number, Error, Rule, Place };

  constexpr Argument(Text text) : data(text.data), size(text.size), kind(Kind::Text) {}
  constexpr Argument(uint64_t number) : data(nullptr), size(number), kind(Kind::Number) {}
  constexpr Argument(uint32_t number) : Argument(uint64_t{number}) {}
  constexpr Argument(Error error)
      : data(nullptr), size(static_cast<size_t>(error.number)), kind(Kind::Error) {}
  constexpr Argument(const Rule &rule) : data(&rule), size(0), kind(Kind::Rule) {}
  constexpr Argument(const Place &place) : data(&place), size(0), kind(Kind::Place) {}

  const void *data;
  size_t size;
  Kind kind;
};

void say_all(Builder &out, const char *format, const Argument *arguments);

template <typename... Arguments>
Builder &say(Builder &out, const char *format, const Arguments &...arguments) {
  const Argument list[] = {Argument(arguments)..., Argument(Text{})};
  say_all(out, format, list);
  return out;
}

// The first line of a message says what is wrong, the second what to do.
struct Problem {
  Where where;
  Line<1024> message;

  // Always false, so that what fails can return it.
  template <typename... Arguments>
  bool fail(Where at, const char *format, const Arguments &...arguments) {
    where = at;
    say(message, format, arguments...);
    return false;
  }
};

// The bytes of the policy or argument that `where` points at.
Text source_text(const Policy &policy, Where where);
void print_problem(Builder &out, const Policy &policy, const Problem &problem);

}  // namespace ll
