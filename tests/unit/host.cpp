#include "host.h"

namespace {

std::vector<char *> pointers(std::vector<std::string> &texts) {
  std::vector<char *> result;
  for (std::string &text : texts) result.push_back(text.data());
  // As execve(2) leaves the stack: behind the null pointer come other strings.
  static char beyond[] = "BEYOND=argv";
  result.insert(result.end(), {nullptr, beyond, nullptr});
  return result;
}

}  // namespace

Parsed parse_text(const std::string &text, const std::vector<std::string> &variables,
                  const char *directory, const char *folder) {
  Parsed parsed;
  parsed.text = text;
  parsed.variables = variables;
  parsed.environment = pointers(parsed.variables);
  ll::Policy &policy = *parsed.policy;
  policy.program = ll::program_info();
  policy.source_count = 2;
  parsed.words = {"ll-exec"};
  parsed.arguments = pointers(parsed.words);
  policy.arguments = parsed.arguments.data();
  policy.argument_count = 1;
  ll::Text stored;
  const size_t start = policy.arena.used;
  policy.arena.push({text.data(), text.size()});
  policy.arena.finish(start, stored);
  policy.sources[1] = {
      .name = ll::Text{"t.policy", 8}, .folder = ll::c_text(folder), .text = stored};
  const ll::Environment environment = {.environment = parsed.environment.data(),
                                       .directory = ll::c_text(directory)};
  if (!ll::check_text(policy, 1, *parsed.problem)) return parsed;
  ll::Cursor cursor = {.source = 1};
  for (;;) {
    ll::Word use;
    switch (ll::parse_more(policy, environment, cursor, use, *parsed.problem)) {
      case ll::ParseResult::Error: return parsed;
      case ll::ParseResult::Use: parsed.uses.push_back(str(use.value)); break;
      case ll::ParseResult::End: parsed.valid = true; return parsed;
    }
  }
}

Parsed parse_arguments(const std::vector<std::string> &words) {
  Parsed parsed;
  parsed.words = words;
  parsed.words.insert(parsed.words.begin(), "ll-exec");
  parsed.arguments = pointers(parsed.words);
  ll::Policy &policy = *parsed.policy;
  policy.program = ll::program_info();
  policy.arguments = parsed.arguments.data();
  policy.argument_count = parsed.words.size();
  policy.source_count = 1;
  ll::Arguments arguments;
  for (;;) {
    ll::Word use;
    switch (ll::read_arguments(policy, parsed.request, arguments, use, *parsed.problem)) {
      case ll::ParseResult::Error: return parsed;
      case ll::ParseResult::Use: parsed.uses.push_back(str(use.value)); break;
      case ll::ParseResult::End:
        parsed.valid = ll::check_request(parsed.request, *parsed.problem);
        return parsed;
    }
  }
}
