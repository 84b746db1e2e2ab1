#include "settings.h"

namespace ll {

namespace {

constexpr uint64_t kMostSeconds = 253402300799;  // the last one of the year 9999

// Takes what the text starts with.
class ValueReader {
 public:
  explicit ValueReader(Text text) : rest_(text) {}

  bool number(size_t digits, uint64_t least, uint64_t most, uint64_t &value) {
    const Text part = rest_.first(digits);
    rest_ = rest_.from(digits);
    return part.size == digits && parse_number(part, most, value) && value >= least;
  }
  bool letter(char wanted) {
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_ = rest_.from(1);
    return true;
  }
  // ".25": up to nine digits.
  bool fraction(int64_t &nanoseconds) {
    if (!letter('.')) return true;
    size_t digits = 0;
    int64_t value = 0;
    for (; digits < 9 && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; digits++) {
      value = value * 10 + (rest_[0] - '0');
      rest_ = rest_.from(1);
    }
    for (size_t i = digits; i < 9; i++) value *= 10;
    nanoseconds = value;
    return digits != 0;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] Text rest() const { return rest_; }

 private:
  Text rest_;
};

constexpr bool is_leap(uint64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr uint64_t days_of(uint64_t year, uint64_t month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

constexpr uint64_t days_before(uint64_t year, uint64_t month) {
  const uint64_t past = year - 1;
  constexpr uint64_t kUntil1970 = 719162;
  uint64_t days = past * 365 + past / 4 - past / 100 + past / 400 - kUntil1970;
  for (uint64_t i = 1; i < month; i++) days += days_of(year, i);
  return days;
}
static_assert(days_before(1970, 1) == 0 && days_before(2000, 3) == 11017);

// RFC 3339, in UTC.
bool read_date(Text text, Settings &settings) {
  ValueReader reader(text);
  uint64_t year = 0;
  uint64_t month = 0;
  uint64_t day = 0;
  if (!reader.number(4, 1970, 9999, year) || !reader.letter('-') ||
      !reader.number(2, 1, 12, month) || !reader.letter('-') ||
      !reader.number(2, 1, days_of(year, month), day))
    return false;
  uint64_t hour = 0;
  uint64_t minute = 0;
  uint64_t second = 0;
  if (!reader.at_end() && (!reader.letter('T') || !reader.number(2, 0, 23, hour) ||
                           !reader.letter(':') || !reader.number(2, 0, 59, minute) ||
                           !reader.letter(':') || !reader.number(2, 0, 59, second) ||
                           !reader.fraction(settings.nanoseconds) || !reader.letter('Z')))
    return false;
  settings.seconds = static_cast<int64_t>((days_before(year, month) + day - 1) * 86400 +
                                          hour * 3600 + minute * 60 + second);
  return reader.at_end();
}

bool read_time(Text text, Settings &settings) {
  if (!starts_with(text, "@"_t)) return read_date(text, settings);
  uint64_t seconds = 0;
  if (!parse_number(text.from(1), kMostSeconds, seconds)) return false;
  settings.seconds = static_cast<int64_t>(seconds);
  return true;
}

}  // namespace

bool read_clock(const Word &value, Settings &settings, Diagnostic &problem) {
  if (settings.has_clock) return problem.fail(value.where, "--clock is given twice");
  const size_t comma = find(value.value, ',');
  settings.has_clock = true;
  settings.frozen = comma != kNpos;
  const bool valid = comma == kNpos || value.value.from(comma) == ",frozen"_t;
  if (valid && read_time(value.value.first(comma), settings)) return true;
  return problem.fail(
      value.where,
      "'%' is not a time\n"
      "write 2000-01-01T00:00:00Z, 2000-01-01 or @946684800; add ,frozen to freeze it",
      value.value);
}

bool read_seed(const Word &value, Settings &settings, Diagnostic &problem) {
  if (settings.seeded) return problem.fail(value.where, "--seed is given twice");
  settings.seeded = true;
  if (parse_number(value.value, INT64_MAX, settings.seed)) return true;
  return problem.fail(value.where, "'%' is not a number", value.value);
}

}  // namespace ll
