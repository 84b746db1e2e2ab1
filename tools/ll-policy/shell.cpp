// A shell's words, of a command line that is in a file.
#include <algorithm>
#include <cctype>

#include "foreign.h"

namespace ll {

namespace {

// The words of one command, as sh(1) would pass them on but for what only it could know.
class Splitter {
 public:
  Splitter(const Policy &policy, uint16_t source)
      : policy_(policy), source_(source), text_(string_of(policy.sources[source].text)) {}

  std::vector<SourceText> split() {
    while (skip_blanks()) words_.push_back(read_word());
    return words_;
  }

 private:
  [[noreturn]] void fail(const char *what) const {
    die_at(policy_, {.source = source_, .offset = static_cast<uint32_t>(at_), .length = 1},
           "%\npass the command line as arguments: ll-policy convert -- ...", c_text(what));
  }

  // False at the end. Of several lines all but the last end in a backslash.
  bool skip_blanks() {
    for (; at_ < text_.size(); at_++) {
      const char c = text_[at_];
      if (text_.compare(at_, 2, "\\\n") == 0) {
        at_++;
      } else if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
      } else if (c == '\n') {
        ended_ = ended_ || !words_.empty();
      } else if (c != ' ' && c != '\t') {
        if (ended_) fail("more than one command");
        return true;
      }
    }
    return false;
  }

  SourceText read_word() {
    const size_t start = at_;
    std::string word;
    while (at_ < text_.size() && !is_end(text_[at_])) read_piece(word);
    const auto length = static_cast<uint32_t>(at_ - start);
    return {word, {.source = source_, .offset = static_cast<uint32_t>(start), .length = length}};
  }

  static bool is_end(char c) { return c == ' ' || c == '\t' || c == '\n'; }

  void read_piece(std::string &word) {
    const char c = text_[at_];
    if (c == '\'') return read_literal(word);
    if (c == '"') return read_quoted(word);
    if (c == '\\') return read_escaped(word);
    if (std::string(";|&<>()`*?[").find(c) != std::string::npos)
      fail("shell syntax that is not converted");
    if (c == '~' && (at_ == 0 || is_end(text_[at_ - 1]))) return read_home(word);
    read_plain(word);
  }

  void read_home(std::string &word) {
    at_++;
    if (at_ < text_.size() && !is_end(text_[at_]) && text_[at_] != '/')
      fail("another user's home directory");
    word += "${HOME}";
  }

  void read_plain(std::string &word) {
    if (text_[at_] == '$') return read_variable(word);
    word += text_[at_++];
  }

  // In braces: what follows it may be quoted, and then is no part of the name.
  void read_variable(std::string &word) {
    const bool braced = text_.compare(at_, 2, "${") == 0;
    const size_t start = at_ + (braced ? 2 : 1);
    size_t end = start;
    while (end < text_.size() && is_name(text_[end])) end++;
    const bool closed = !braced || (end < text_.size() && text_[end] == '}');
    if (end == start || !closed || std::isdigit(static_cast<unsigned char>(text_[start])) != 0)
      fail("shell syntax that is not converted");
    word += "${" + text_.substr(start, end - start) + "}";
    at_ = end + (braced ? 1 : 0);
  }

  void read_literal(std::string &word) {
    const size_t end = text_.find('\'', at_ + 1);
    if (end == std::string::npos) fail("this quote is not closed");
    for (at_++; at_ < end; at_++) add_literal(word, text_[at_]);
    at_++;
  }

  void read_quoted(std::string &word) {
    const size_t start = at_++;
    for (;;) {
      if (at_ >= text_.size()) {
        at_ = start;
        fail("this quote is not closed");
      }
      if (text_[at_] == '"') break;
      if (text_[at_] == '`') fail("shell syntax that is not converted");
      if (text_[at_] == '\\' && at_ + 1 < text_.size() &&
          std::string("\\\"$`\n").find(text_[at_ + 1]) != std::string::npos)
        read_escaped(word);
      else
        read_plain(word);
    }
    at_++;
  }

  void read_escaped(std::string &word) {
    if (++at_ >= text_.size()) fail("trailing backslash");
    if (text_[at_] != '\n') add_literal(word, text_[at_]);
    at_++;
  }

  static void add_literal(std::string &word, char c) {
    if (c == '$') word += '$';
    word += c;
  }

  const Policy &policy_;
  uint16_t source_;
  std::string text_;
  size_t at_ = 0;
  bool ended_ = false;
  std::vector<SourceText> words_;
};

}  // namespace

std::vector<SourceText> words_of_shell(const Policy &policy, uint16_t source) {
  return Splitter(policy, source).split();
}

}  // namespace ll
