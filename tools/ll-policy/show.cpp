#include "commands.h"
#include "core/host.h"
#include "line.h"
#include "os/input/load.h"
#include "reading.h"

namespace ll {

namespace {

constexpr size_t kPlaceColumn = 60;

std::string place_of(const Policy &policy, const SourceSpan &where) {
  FixedString<512> place;
  format(place, "%", Location{policy, where});
  std::string text = string_of(place.text());
  return text.substr(0, text.rfind(':'));  // the line is enough
}

// The comment that says what the policy is for, so that it stays the first.
std::string first_comment(const Policy &policy) {
  const Text text = policy.sources[1].text;
  if (!starts_with(text, "#"_t)) return "";
  return string_of(text.first(find(text, '\n'))) + "\n";
}

}  // namespace

int show_policy(const Process &process, const PolicyRequest &request) {
  const std::unique_ptr<Policy> policy = empty_policy(process);
  try {
    read_into(process, request.operands, *policy);
    remember_directory(*policy);
    std::string out = first_comment(*policy);
    for (size_t i = 0; i < policy->rule_count; i++) {
      const Rule &rule = policy->rules[i];
      std::string line = line_of(*policy, rule);
      const std::string place = "  # " + place_of(*policy, rule.where);
      if (line.size() < kPlaceColumn) line.resize(kPlaceColumn, ' ');
      if (line.size() + place.size() <= kMaxLine) line += place;
      if (line.size() > kMaxLine)
        die_at(*policy, rule.where, "expanded, this is longer than a line may be");
      out += line + "\n";
    }
    host_write(1, text_of(out));
    return 0;
  } catch (const Rejection &problem) {
    host_write(2, text_of(message_of(*policy, problem)));
    return kFailed;
  }
}

}  // namespace ll
