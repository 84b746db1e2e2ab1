#include "reading.h"

#include <algorithm>

#include "os/input/policy_reader.h"

namespace ll {

namespace {

constexpr size_t kMostProblems = 100;  // of one policy

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool is_reported(const Reading &reading, const Rejection &found) {
  return std::ranges::any_of(reading.problems, [&](const Rejection &earlier) {
    return earlier.where.source == found.where.source && earlier.message == found.message &&
           (earlier.where.offset == found.where.offset || found.where.source == 0);
  });
}

}  // namespace

bool is_in_broken_line(const Policy &policy, const SourceSpan &where) {
  if (where.source == 0) return false;
  const Text text = policy.sources[where.source].text;
  const size_t newline = find_last(text.first(where.offset), '\n');
  const Text rest = text.from(newline == kNpos ? 0 : newline + 1);
  const Text line = rest.first(find(rest, '\n'));
  if (line.size > kMaxLine) return true;
  for (size_t i = 0; i < line.size; i++)
    if (is_control(line[i])) return true;
  return false;
}

std::unique_ptr<Policy> empty_policy(const Process &process) {
  auto policy = std::make_unique<Policy>();
  policy->program = program_info();
  policy->arguments = process.arguments;
  policy->argument_count = static_cast<size_t>(process.argument_count);
  policy->source_count = 1;
  return policy;
}

Reading read_policies(const Process &process, const std::vector<Word> &uses) {
  Reading reading = {.policy = empty_policy(process)};
  PolicyRequest request;
  request.uses = uses;
  PolicyReader reader(process, *reading.policy, reader_of(request));
  for (bool more = true; more && !reading.full;) {
    const size_t sources = reading.policy->source_count;
    try {
      more = reader.advance();
    } catch (const Rejection &found) {
      const bool of_text = reading.policy->source_count != sources;
      reader.skip_line();
      if (!of_text && is_in_broken_line(*reading.policy, found.where)) continue;
      if (is_reported(reading, found)) continue;
      reading.full = reading.problems.size() == kMostProblems;
      if (!reading.full) reading.problems.push_back(found);
    }
  }
  return reading;
}

void read_into(const Process &process, const std::vector<Word> &uses, Policy &policy) {
  PolicyRequest request;
  request.uses = uses;
  PolicyReader(process, policy, reader_of(request)).read();
}

}  // namespace ll
