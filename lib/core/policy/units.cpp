#include "core/policy/units.h"

namespace ll {

namespace {

bool multiply(Text digits, uint64_t factor, uint64_t most, uint64_t &product) {
  uint64_t number = 0;
  if (!parse_number(digits, most / factor, number)) return false;
  product = number * factor;
  return true;
}

}  // namespace

bool parse_size(Text text, uint64_t most, uint64_t &bytes) {
  const size_t power = text.empty() ? kNpos : find("KMG"_t, text[text.size - 1]);
  if (power == kNpos) return multiply(text, 1, most, bytes);
  return multiply(text.first(text.size - 1), uint64_t{1024} << (10 * power), most, bytes);
}

bool parse_time(Text text, uint64_t most, uint64_t &milliseconds) {
  constexpr uint64_t kFactors[] = {1000, 60000, 3600000};
  if (ends_with(text, "ms"_t)) return multiply(text.first(text.size - 2), 1, most, milliseconds);
  const size_t unit = text.empty() ? kNpos : find("smh"_t, text[text.size - 1]);
  if (unit == kNpos) return multiply(text, kFactors[0], most, milliseconds);
  return multiply(text.first(text.size - 1), kFactors[unit], most, milliseconds);
}

}  // namespace ll
