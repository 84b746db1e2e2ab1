#include "draft.h"

#include <fcntl.h>
#include <unistd.h>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <deque>

#include "line.h"
#include "os/input/load.h"

namespace ll {

namespace {

constexpr size_t kMostBytes = size_t{1} << 20;  // of a foreign file

std::string one_line(const std::string &text) {
  FixedString<1024> line;
  format(line, "%", text_of(text));
  return string_of(line.text());
}

// As long as the program, like the arena, which has no room for as much.
std::deque<std::string> kept_texts;

}  // namespace

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string Draft::format_at(const SourceSpan &where, const std::string &what) const {
  return message_of(policy_, {where, what, 0});
}

void Draft::fail(const SourceSpan &where, const std::string &what,
                 const std::string &advice) const {
  Diagnostic problem;
  problem.fail(where, advice.empty() ? "%" : "%\n%", text_of(what), text_of(advice));
  die(policy_, problem);
}

void Draft::unsupported(const SourceSpan &where, const std::string &what) {
  comment("no equivalent: " + one_line(what));
  notes_ += format_at(where, "no equivalent: " + one_line(what));
}

void Draft::stricter(const std::string &what, const std::string &opener) {
  comment("  " + what + (opener.empty() ? "" : ": " + opener));
}

bool Draft::may_widen(const SourceSpan &where, const std::string &what) {
  if (widen_) {
    comment("wider than the original: " + one_line(what));
    notes_ += format_at(where, "wider than the original: " + one_line(what));
  } else {
    errors_ += format_at(where, one_line(what) + "\n--widen converts it; or remove it");
  }
  return widen_;
}

std::vector<Draft::Piece> Draft::pieces_of(const SourceText &source) const {
  const std::string &text = source.text;
  if (!is_writable(text)) fail(source.where, "a control byte, which a policy cannot have");
  std::vector<Piece> pieces;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '$') {
      const size_t end = std::min(text.find('$', i), text.size());
      pieces.push_back({false, text.substr(i, end - i)});
      i = end;
      continue;
    }
    if (dialect_.escapes && text.compare(i, 2, "$$") == 0) {
      pieces.push_back({false, "$"});
      i += 2;
      continue;
    }
    const bool braced = text.compare(i, 2, "${") == 0;
    const size_t start = i + (braced ? 2 : 1);
    size_t end = start;
    while (end < text.size() && is_name(text[end])) end++;
    const bool closed = !braced || (end < text.size() && text[end] == '}');
    if (end == start || !closed || std::isdigit(static_cast<unsigned char>(text[start])) != 0)
      fail(source.where, "'$' is not followed by a variable's name in '" + one_line(text) + "'");
    pieces.push_back({true, text.substr(start, end - start)});
    i = end + (braced ? 1 : 0);
  }
  return pieces;
}

std::string Draft::word(const SourceText &source) const {
  const std::vector<Piece> pieces = pieces_of(source);
  std::string word;
  for (size_t i = 0; i < pieces.size(); i++) {
    const bool braced =
        i + 1 < pieces.size() && !pieces[i + 1].variable && is_name(pieces[i + 1].text[0]);
    if (!pieces[i].variable)
      word += quoted(pieces[i].text);
    else
      word += braced ? "${" + pieces[i].text + "}" : "$" + pieces[i].text;
  }
  return word;
}

std::string Draft::path(const SourceText &source) const {
  const std::string &text = source.text;
  if (text.empty()) fail(source.where, "an empty path");
  if (text[0] == '~') {
    if (!dialect_.tilde) fail(source.where, "'~' is not the home directory here", "write $HOME");
    if (text.size() > 1 && text[1] != '/') fail(source.where, "another user's home directory");
    return text.size() == 1 ? "~" : "~" + word({text.substr(1), source.where});
  }
  if (text[0] == '/') return word(source);
  const std::vector<Piece> pieces = pieces_of(source);
  if (pieces[0].variable) {
    // Relative, it would start from another directory here.
    const std::string value = expanded({"$" + pieces[0].text, source.where});
    if (value.empty() && pieces[0].text != "HOME" && pieces[0].text != "TMPDIR")
      fail(source.where, "the variable " + pieces[0].text + " is not set: is it a path?");
    if (!value.empty() && value[0] != '/')
      fail(source.where, "the variable " + pieces[0].text + " is not an absolute path");
    return word(source);
  }
  size_t start = 0;
  while (text.compare(start, 2, "./") == 0) start += 2;
  const std::string rest = text.substr(start);
  return rest.empty() || rest == "." ? "$PWD" : "$PWD/" + word({rest, source.where});
}

std::string Draft::expanded(const SourceText &source) const {
  std::string all;
  SourceText whole = source;
  if (dialect_.tilde && source.text.starts_with('~')) whole.text = "$HOME" + source.text.substr(1);
  for (const Piece &piece : pieces_of(whole)) {
    const char *value = piece.variable ? std::getenv(piece.text.c_str()) : nullptr;
    if (!piece.variable)
      all += piece.text;
    else if (piece.text == "PWD")
      all += string_of(policy_.directory);
    else if (value != nullptr)
      all += value;
  }
  return all;
}

std::string Draft::finish() const {
  if (errors_.empty()) return text_;
  throw Unconverted{errors_};
}

uint16_t add_foreign(Policy &policy, const Word &file) {
  const bool input = file.value == "-"_t;
  const int descriptor = input ? 0 : ::open(file.value.data, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0)
    die_at(policy, file.where, "cannot read %: %", file.value, Error{static_cast<long>(errno)});
  std::string &text = kept_texts.emplace_back();
  char bytes[65536];
  for (;;) {
    const long got = ::read(descriptor, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      die_at(policy, file.where, "cannot read %: %", file.value, Error{static_cast<long>(errno)});
    if (got == 0) break;
    text.append(bytes, static_cast<size_t>(got));
    if (text.size() > kMostBytes)
      die_at(policy, file.where, "% is larger than % bytes", file.value, uint64_t{kMostBytes});
  }
  if (!input) ::close(descriptor);
  const auto index = static_cast<uint16_t>(policy.source_count++);
  policy.sources[index] = {.name = input ? "standard input"_t : file.value, .text = text_of(text)};
  return index;
}

SourceSpan place_at(const Policy &policy, uint16_t source, size_t line, size_t column,
                    size_t length) {
  const Text text = policy.sources[source].text;
  size_t at = 0;
  for (; line > 1 && at < text.size; line--) at += find(text.from(at), '\n') + 1;
  for (; column > 1 && at < text.size && text[at] != '\n'; column--) {
    const size_t size = character_size(text.from(at));
    at += size == 0 ? 1 : size;
  }
  if (at >= text.size) at = text.size;
  return {.source = source,
          .offset = static_cast<uint32_t>(at),
          .length = static_cast<uint32_t>(length == 0 ? 1 : length)};
}

}  // namespace ll
