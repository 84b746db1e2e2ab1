// A policy that is being written from another program's: its lines, and what could not be said.
#pragma once

#include <string>
#include <vector>

#include "core/policy/lexer.h"
#include "rejection.h"

namespace ll {

// A text of the other program's, with its place.
struct SourceText {
  std::string text;
  SourceSpan where;
};

// What a variable is in it: $NAME or ${NAME}, with $$ for a dollar.
struct Dialect {
  bool tilde;    // a leading ~ is the home directory
  bool escapes;  // $$ is a dollar; else that is an error
};

class Draft {
 public:
  Draft(Policy &policy, const Dialect &dialect, bool widen)
      : policy_(policy), dialect_(dialect), widen_(widen) {}

  void comment(const std::string &text) { text_ += "# " + text + "\n"; }
  void line(const std::string &text) { text_ += text + "\n"; }
  // What the original says, and a policy cannot. It is told of on standard error, too.
  void unsupported(const SourceSpan &where, const std::string &what);
  // What the original leaves open, and a line that opens it here.
  void stricter(const std::string &what, const std::string &opener);
  // What can only be said so that more is granted: an error, unless that was asked for.
  bool may_widen(const SourceSpan &where, const std::string &what);

  // Whether that was asked for.
  [[nodiscard]] bool widens() const { return widen_; }

  // As a policy has it; a path from the root on, or from the directory it is started in.
  std::string word(const SourceText &source) const;
  std::string path(const SourceText &source) const;
  // What it is now and here.
  std::string expanded(const SourceText &source) const;

  [[noreturn]] void fail(const SourceSpan &where, const std::string &what,
                         const std::string &advice = "") const;

  // Throws when there was an error.
  std::string finish() const;
  [[nodiscard]] const std::string &notes() const { return notes_; }

 private:
  struct Piece {
    bool variable;
    std::string text;
  };
  std::vector<Piece> pieces_of(const SourceText &source) const;
  std::string format_at(const SourceSpan &where, const std::string &what) const;

  Policy &policy_;
  Dialect dialect_;
  bool widen_;
  std::string text_;
  std::string notes_;
  std::string errors_;
};

// Whether a variable's name can have it.
bool is_name(char c);
// A foreign file as a source of the policy, so that messages show its lines.
uint16_t add_foreign(Policy &policy, const Word &file);
// A place by line and column, both from 1 and in characters.
SourceSpan place_at(const Policy &policy, uint16_t source, size_t line, size_t column,
                    size_t length);

}  // namespace ll
