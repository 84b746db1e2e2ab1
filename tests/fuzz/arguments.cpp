// The argument vector: one argument a line.
#include <vector>

#include "subject.h"

using namespace ll;

namespace {

bool read_all(Subject &subject) {
  Arguments arguments;
  for (;;) {
    const size_t at = arguments.at, letter = arguments.letter;
    Word use;
    switch (read_arguments(subject.policy, subject.request, arguments, use, *subject.problem)) {
      case ParseResult::Error: return false;
      case ParseResult::End: return check_request(subject.request, *subject.problem);
      case ParseResult::Use:
        require(arguments.at > at || arguments.letter > letter, "reading goes on behind a policy");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
  if (size > 65536) return 0;
  std::vector<std::string> words = {"ll-exec", ""};
  for (size_t i = 0; i < size && bytes[i] != '\0'; i++) {
    if (bytes[i] == '\n')
      words.emplace_back();
    else
      words.back() += static_cast<char>(bytes[i]);
  }
  if (words.back().empty()) words.pop_back();
  std::vector<char *> pointers;
  for (std::string &word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  Subject &subject = fresh_subject();
  subject.policy.arguments = pointers.data();
  subject.policy.argument_count = words.size();
  subject.policy.source_count = 1;
  if (!read_all(subject)) {
    check_problem(subject);
    return 0;
  }
  require(subject.request.command < words.size(), "the command is one of the words");
  const unsigned abi = static_cast<unsigned>(subject.request.abi);
  check_plans(subject, abi != 0 ? abi : static_cast<unsigned>(size));
  // An option and a line of a policy mean the same.
  check_round_trip(subject);
  return 0;
}
