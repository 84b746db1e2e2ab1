#include "answer.h"

#include "core/policy/judging.h"

namespace ll {

namespace {

constexpr uint64_t kMostId = INT64_MAX;
constexpr uint64_t kMostErrno = 133;  // EHWPOISON, errno(3)
constexpr int kRefusedErrno = 13;     // EACCES
constexpr size_t kDeepest = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) {
  const char small = static_cast<char>(c | 0x20);
  return is_digit(c) || (small >= 'a' && small <= 'f');
}

// RFC 8259. What is between the quotes of a string stays as it is written.
class JsonReader {
 public:
  explicit JsonReader(Text text) : rest_(text) {}

  [[nodiscard]] bool at_end() {
    skip_space();
    return rest_.empty();
  }
  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_ = rest_.from(1);
    return true;
  }
  bool take_word(Text word) {
    skip_space();
    if (!starts_with(rest_, word)) return false;
    rest_ = rest_.from(word.size);
    return true;
  }

  bool read_string(Text &content) {
    if (!take('"')) return false;
    for (size_t i = 0; i < rest_.size; i++) {
      const char c = rest_[i];
      if (c == '"') {
        content = rest_.first(i);
        rest_ = rest_.from(i + 1);
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') continue;
      const size_t escaped = escape_size(rest_.from(i + 1));
      if (escaped == 0) return false;
      i += escaped;
    }
    return false;
  }

  // A whole one, without a sign.
  bool read_number(uint64_t most, uint64_t &number) {
    skip_space();
    size_t size = 0;
    while (size < rest_.size && is_digit(rest_[size])) size++;
    const Text digits = rest_.first(size);
    const bool more = size < rest_.size && (rest_[size] == '.' || (rest_[size] | 0x20) == 'e');
    if (more || (size > 1 && digits[0] == '0') || !parse_number(digits, most, number)) return false;
    rest_ = rest_.from(size);
    return true;
  }

  bool read_truth(bool &truth) {
    truth = take_word("true"_t);
    return truth || take_word("false"_t);
  }

  bool skip_value(size_t depth = 0) {
    if (depth == kDeepest) return false;
    Text ignored;
    skip_space();
    if (rest_.empty()) return false;
    if (rest_[0] == '"') return read_string(ignored);
    if (rest_[0] == '{') return skip_all('}', depth, true);
    if (rest_[0] == '[') return skip_all(']', depth, false);
    return take_word("true"_t) || take_word("false"_t) || take_word("null"_t) || skip_number();
  }

 private:
  void skip_space() {
    while (!rest_.empty() &&
           (rest_[0] == ' ' || rest_[0] == '\t' || rest_[0] == '\n' || rest_[0] == '\r'))
      rest_ = rest_.from(1);
  }

  static size_t escape_size(Text text) {
    if (text.empty()) return 0;
    if (text[0] != 'u') return find("\"\\/bfnrt"_t, text[0]) == kNpos ? 0 : 1;
    for (size_t i = 1; i <= 4; i++)
      if (i >= text.size || !is_hex(text[i])) return 0;
    return 5;
  }

  size_t skip_digits() {
    size_t count = 0;
    while (!rest_.empty() && is_digit(rest_[0])) {
      rest_ = rest_.from(1);
      count++;
    }
    return count;
  }

  bool skip_number() {
    if (rest_[0] == '-') rest_ = rest_.from(1);
    const bool zero = !rest_.empty() && rest_[0] == '0';
    const size_t digits = skip_digits();
    if (digits == 0 || (zero && digits > 1)) return false;
    if (!rest_.empty() && rest_[0] == '.') {
      rest_ = rest_.from(1);
      if (skip_digits() == 0) return false;
    }
    if (rest_.empty() || (rest_[0] | 0x20) != 'e') return true;
    rest_ = rest_.from(1);
    if (!rest_.empty() && (rest_[0] == '+' || rest_[0] == '-')) rest_ = rest_.from(1);
    return skip_digits() > 0;
  }

  bool skip_all(char end, size_t depth, bool named) {
    rest_ = rest_.from(1);
    if (take(end)) return true;
    do {
      Text ignored;
      if (named && (!read_string(ignored) || !take(':'))) return false;
      if (!skip_value(depth + 1)) return false;
    } while (take(','));
    return take(end);
  }

  Text rest_;
};

enum Member : unsigned {
  kId = 1,
  kAllowed = 2,
  kErrno = 4,
  kAudit = 8,
  kStop = 16,
  kRemember = 32
};

class AnswerReader {
 public:
  explicit AnswerReader(Text line) : json_(line) {}

  bool read(JudgeAnswer &answer) {
    answer = {};
    if (!json_.take('{')) return false;
    if (!json_.take('}')) {
      do {
        if (!read_member(answer)) return false;
      } while (json_.take(','));
      if (!json_.take('}')) return false;
    }
    return json_.at_end() && makes_sense(answer);
  }

 private:
  bool read_member(JudgeAnswer &answer) {
    Text name;
    if (!json_.read_string(name) || !json_.take(':')) return false;
    if (name == "id"_t) return once(kId) && json_.read_number(kMostId, answer.id) && answer.id != 0;
    if (name == "allow"_t) return once(kAllowed) && json_.read_truth(allowed_);
    if (name == "errno"_t)
      return once(kErrno) && json_.read_number(kMostErrno, errno_) && errno_ != 0;
    if (name == "audit"_t) return once(kAudit) && json_.read_truth(answer.audit);
    if (name == "remember"_t) return once(kRemember) && json_.read_truth(answer.remember);
    if (name == "stop"_t) return once(kStop) && read_stop(answer.stop);
    return json_.skip_value();
  }

  bool once(Member member) {
    const bool first = (seen_ & member) == 0;
    seen_ |= member;
    return first;
  }

  bool read_stop(uint8_t &stop) {
    if (!json_.take('[')) return false;
    do {
      Text name;
      if (!json_.read_string(name)) return false;
      const uint8_t ask = ask_named(name);
      if (ask == 0) return false;
      stop |= ask;
    } while (json_.take(','));
    return json_.take(']');
  }

  // Exactly one verdict on a question, or none where there is no question.
  bool makes_sense(JudgeAnswer &answer) const {
    const bool verdict = (seen_ & (kAllowed | kErrno)) != 0 || answer.audit;
    if ((seen_ & kId) == 0)
      return !verdict && (seen_ & (kAudit | kRemember)) == 0 && answer.stop != 0;
    if (!verdict) return false;
    if ((seen_ & kErrno) != 0) {
      answer.error = static_cast<int>(errno_);
      return (seen_ & kAllowed) == 0 || !allowed_;
    }
    const bool no = (seen_ & kAllowed) != 0 && !allowed_;
    answer.error = no ? kRefusedErrno : 0;
    return true;
  }

  JsonReader json_;
  unsigned seen_ = 0;
  bool allowed_ = false;
  uint64_t errno_ = 0;
};

}  // namespace

bool read_answer(Text line, JudgeAnswer &answer) { return AnswerReader(line).read(answer); }

}  // namespace ll
