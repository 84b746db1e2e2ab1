// What is wrong, where, and what to do: every message has the same shape.
//
//   ll-exec: web.policy:7:9: port 99999 is more than 65535
//       connect 99999
//               ^~~~~
//     a port is a number from 0 to 65535
#pragma once

#include "core/policy/policy.h"
#include "core/text.h"

namespace ll {

struct Location {
  const Policy &policy;
  const SourceSpan &where;
  bool brief = false;  // "web:7" rather than "./web.policy:7:4"
};

struct Error {
  long number;  // an errno, or minus one as system calls return it
};

// Formatted as a JSON string, never shortened.
struct Quoted {
  Text text;
};

// What a % in a format stands for. Text is shortened and its control characters are escaped. `kind`
// above the largest size of a text is an enumerator.
struct Argument {
  enum Kind : size_t { kNumber = SIZE_MAX - 4, kQuoted, kError, kRule, kPlace };

  Argument() = default;  // so that it may be passed as va_arg(3) asks
  constexpr Argument(Text value) : text(value.data), kind(value.size) {}
  Argument(const char *value) : Argument(c_text(value)) {}
  constexpr Argument(const Quoted &value) : quoted(&value), kind(kQuoted) {}
  constexpr Argument(uint64_t value) : number(value), kind(kNumber) {}
  constexpr Argument(uint32_t value) : number(value), kind(kNumber) {}
  constexpr Argument(Error value) : number(static_cast<uint64_t>(value.number)), kind(kError) {}
  constexpr Argument(const Rule &value) : rule(&value), kind(kRule) {}
  constexpr Argument(const Location &value) : place(&value), kind(kPlace) {}

  union {
    const char *text;
    uint64_t number;
    const Quoted *quoted;
    const Rule *rule;
    const Location *place;
  };
  size_t kind;  // or the size of the text
};

using ArgumentList = __builtin_va_list;  // as stdarg.h(0p)

// As printf(3). Variadic, because an array of arguments would be built on the stack at every call;
// the templates below pass nothing but Argument.
void format_all(Builder &out, const char *pattern, ...);
void format_text(Builder &out, Text text);  // as "%" does
void format_list(Builder &out, const char *pattern, ArgumentList arguments);

template <typename... Arguments>
[[gnu::always_inline]] inline void format(Builder &out, const char *pattern,
                                          const Arguments &...arguments) {
  format_all(out, pattern, Argument(arguments)...);
}

// The first line of a message says what is wrong, the second what to do.
struct Diagnostic {
  SourceSpan where;
  FixedString<1024> message;

  // Always false, so that a failing function can return it.
  template <typename... Arguments>
  [[gnu::always_inline]] bool fail(const SourceSpan &at, const char *pattern,
                                   const Arguments &...arguments) {
    return fail_all(at, pattern, Argument(arguments)...);
  }
  bool fail_all(const SourceSpan &at, const char *pattern, ...);
  bool fail_list(const SourceSpan &at, const char *pattern, ArgumentList arguments);
};

// An empty line in the one output buffer. On the stack it would make frames large, and large frame
// offsets take longer instructions.
Builder output_line();

// utf-8(7): a byte that begins no character.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}
// utf-8(7): the size in bytes of the first character. 0: invalid, or a control character, which a
// terminal would interpret; U+0080 to U+009F are control characters too.
size_t character_size(Text text);
// The code point of the first character if it can make a name look like another one, because it is
// invisible or changes the writing direction (Unicode TR36, "Trojan Source"). Else 0.
uint32_t deceiving_character(Text text);
bool holds_deceiving(Text text);
// "<U+202E>", printed in its place.
void format_character(Builder &out, uint32_t number);

// The program name that messages begin with: the wrapper's, if argv[0] names one.
Text speaker(const Policy &policy);

// The bytes of the policy or argument that `where` points at.
Text source_text(const Policy &policy, SourceSpan where);
void print_diagnostic(Builder &out, const Policy &policy, const Diagnostic &problem);

}  // namespace ll
