// Policy text into words: blanks, comments, quotes and variables.
#pragma once

#include "core/diagnostic.h"
#include "core/policy/policy.h"

namespace ll {

struct Word {
  Text value;  // after quotes and variables; followed by a NUL
  SourceSpan where;
  bool dash = false;  // begins with a '-' that is not quoted
};

enum class Token : uint8_t { Word, EndOfLine, EndOfText, Error };

// The word at `offset` of a source's text; advances `offset`.
Token next_word(Policy &policy, const Environment &environment, uint16_t source, uint32_t &offset,
                Word &word, Diagnostic &problem);

// Whether the text is a valid policy file: every line ends in a newline and is at most kMaxLine
// bytes, and there are no control bytes.
bool check_text(const Policy &policy, uint16_t source, Diagnostic &problem);

}  // namespace ll
