#include "core/policy/lexer.h"

namespace ll {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_name_start(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

class Lexer {
 public:
  Lexer(Policy &policy, const Environment &environment, uint16_t source, uint32_t offset,
        Diagnostic &problem)
      : policy_(policy),
        environment_(environment),
        problem_(problem),
        text_(policy.sources[source].text),
        source_(source),
        at_(offset) {}

  Token next(Word &word) {
    while (!at_end() && is_blank(here())) at_++;
    if (!at_end() && here() == '#')
      while (!at_end() && here() != '\n') at_++;
    if (at_end()) return Token::EndOfText;
    if (here() == '\n') {
      at_++;
      return Token::EndOfLine;
    }
    return read_word(word) ? Token::Word : Token::Error;
  }

  [[nodiscard]] uint32_t offset() const { return at_; }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size; }
  [[nodiscard]] char here() const { return at_end() ? '\n' : text_[at_]; }
  [[nodiscard]] bool at_line_end() const { return here() == '\n'; }

  template <typename... Arguments>
  [[gnu::always_inline]] bool fail(uint32_t start, uint32_t end, const char *pattern,
                                   const Arguments &...arguments) {
    point_at(start, end);
    return problem_.fail(problem_.where, pattern, arguments...);
  }
  void point_at(uint32_t start, uint32_t end) {
    problem_.where = {.source = source_, .offset = start, .length = end - start};
  }

  bool push(Text text) {
    if (policy_.arena.push(text)) return true;
    return fail(at_, at_ + 1, kTooMuchText, kMaxText);
  }
  bool push_here() { return push({text_.data + at_++, 1}); }

  bool read_word(Word &word) {
    const uint32_t start = at_;
    const size_t kept = policy_.arena.used;
    word.dash = here() == '-';
    if (word.dash && !push_here()) return false;
    if (here() == '~' && !read_home()) return false;
    while (!at_line_end() && !is_blank(here()))
      if (!read_piece()) return false;
    word.where = {.source = source_, .offset = start, .length = at_ - start};
    return policy_.arena.finish(kept, word.value) || push(Text{"", 1});
  }

  bool read_piece() {
    switch (here()) {
      case '\'': return read_literal();
      case '"': return read_quoted();
      case '$': return read_variable();
      default: return push_here();
    }
  }

  bool read_literal() {
    const uint32_t start = at_++;
    while (here() != '\'') {
      if (at_line_end()) return unfinished(start);
      if (!push_here()) return false;
    }
    at_++;
    return true;
  }

  bool read_quoted() {
    const uint32_t start = at_++;
    while (here() != '"') {
      if (at_line_end()) return unfinished(start);
      if (!(here() == '$' ? read_variable() : push_here())) return false;
    }
    at_++;
    return true;
  }

  bool unfinished(uint32_t start) {
    return fail(start, start + 1, "this quote is not closed on its line");
  }

  bool read_home() {
    const uint32_t start = at_++;
    if (!at_line_end() && !is_blank(here()) && here() != '/') {
      while (!at_line_end() && !is_blank(here()) && here() != '/') at_++;
      return fail(start, at_,
                  "another user's home directory is not looked up\n"
                  "write the path, or ./~name for a file of that name");
    }
    return push_variable("HOME"_t, start, {}, false);
  }

  bool read_variable() {
    const uint32_t start = at_++;
    if (here() == '$') return push_here();
    if (here() == '{') return read_braced(start);
    const Text name = read_name();
    if (name.empty()) return nameless(start);
    return push_variable(name, start, {}, false);
  }

  Text read_name() {
    const uint32_t start = at_;
    if (is_name_start(here()))
      while (is_name(here())) at_++;
    return text_.from(start).first(at_ - start);
  }

  bool read_braced(uint32_t start) {
    at_++;
    const Text name = read_name();
    if (name.empty()) return nameless(start);
    Text fallback;
    const bool has_fallback = here() == ':' && text_.from(at_ + 1).first(1) == "-"_t;
    if (has_fallback) {
      at_ += 2;
      const uint32_t value = at_;
      while (here() != '}' && !at_line_end()) at_++;
      fallback = text_.from(value).first(at_ - value);
    }
    if (here() != '}')
      return fail(start, at_,
                  "this variable has no closing '}'\n"
                  "write ${NAME} or ${NAME:-default}");
    at_++;
    return push_variable(name, start, fallback, has_fallback);
  }

  bool nameless(uint32_t start) {
    return fail(start, start + 1,
                "'$' is not followed by a variable's name\n"
                "write $$ for a dollar, or put the value in '...'");
  }

  bool push_variable(Text name, uint32_t start, Text fallback, bool has_fallback) {
    Text value;
    if (lookup(environment_, name, value)) return push_value(name, start, value);
    if (has_fallback) return push(fallback);
    if (name == "PWD"_t)
      return fail(start, at_,
                  "the current directory has no path: it was removed, or lies outside of the root\n"
                  "go to another first");
    return fail(start, at_,
                "the variable % is unset or empty\n"
                "set it, or give a default: ${%:-default}",
                name, name);
  }

  bool push_value(Text name, uint32_t start, Text value) {
    if (find(value, '\n') == kNpos) return push(value);
    return fail(start, at_, "the variable % contains a newline", name);
  }

  Policy &policy_;
  const Environment &environment_;
  Diagnostic &problem_;
  Text text_;
  uint16_t source_;
  uint32_t at_;
};

}  // namespace

Token next_word(Policy &policy, const Environment &environment, uint16_t source, uint32_t &offset,
                Word &word, Diagnostic &problem) {
  Lexer lexer(policy, environment, source, offset, problem);
  const Token token = lexer.next(word);
  offset = lexer.offset();
  return token;
}

bool check_text(const Policy &policy, uint16_t source, Diagnostic &problem) {
  const Text text = policy.sources[source].text;
  const auto fail = [&](uint32_t offset, const char *pattern, uint64_t number) {
    return problem.fail({.source = source, .offset = offset, .length = 1}, pattern, number);
  };
  uint32_t line = 0;
  if (starts_with(text, "\xef\xbb\xbf"_t))
    return problem.fail(
        {.source = source, .length = 3},
        "the policy begins with a byte order mark\nsave it as UTF-8 without one (BOM)");
  for (uint32_t i = 0; i < text.size; i++) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      line = i + 1;
    } else if (byte == '\r' && text.from(i + 1).first(1) == "\n"_t) {
      return fail(i, "the line ends in CR LF\nsave the policy with Unix line ends (LF)", 0);
    } else if ((byte < 0x20 && byte != '\t') || byte == 0x7f) {
      return fail(i, "a control byte (%): this is not a policy", byte);
    } else if (i - line >= kMaxLine) {
      return fail(line, "the line is longer than % bytes", kMaxLine);
    }
  }
  if (text.size == line) return true;
  return fail(line,
              "the last line has no newline: the policy may be truncated\n"
              "end the file with a newline",
              0);
}

}  // namespace ll
