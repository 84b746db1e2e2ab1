// Words into rules. Policy files and options are parsed by the same functions, so that they mean
// the same.
#pragma once

#include "core/policy/lexer.h"

namespace ll {

// A directive whose values are being read.
struct Statement {
  Directive directive = Directive::Ro;
  bool open = false;
  size_t values = 0;
  uint64_t rights = 0;  // of `fs`, whose first value names them
  SourceSpan where;     // of the directive's name
};

// How far a policy's text has been read.
struct Cursor {
  uint16_t source = 0;
  uint32_t offset = 0;
  Statement statement;
};

enum class ParseResult : uint8_t { End, Use, Error };

// Parses until the end of the text, or until a `use` names a policy that must be read first.
ParseResult parse_more(Policy &policy, const Environment &environment, Cursor &cursor, Word &use,
                       Diagnostic &problem);

// The value of an option is literal: the shell has already expanded quotes and variables.
// `use` adds no rule; the caller handles its value.
bool parse_option(Policy &policy, Directive directive, Word word, Diagnostic &problem);

bool open_statement(const Policy &policy, Statement &statement, const Word &word,
                    Diagnostic &problem);
bool add_value(Policy &policy, Statement &statement, const Word &word, Diagnostic &problem);
bool close_statement(Statement &statement, Diagnostic &problem);

}  // namespace ll
