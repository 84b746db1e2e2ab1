#include "request.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "asked/words.h"

namespace ll::asking {

namespace {

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

struct Row {
  char letter;
  const char *name, *metavar, *help;
};
constexpr Row kRows[] = {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "options.def"
};

constexpr const char *kSeeHelp = "ll-ask --help lists them";

size_t row_of(std::string_view word) {
  size_t row = 0;
  for (const Row &option : kRows) {
    const bool is_letter = word.size() == 2 && option.letter != 0 && word[1] == option.letter;
    if (is_letter || (word.starts_with("--") && word.substr(2) == option.name)) return row;
    row++;
  }
  if (word.starts_with('-')) fail("unknown option " + asked::quoted(word), kSeeHelp);
  fail("unexpected argument " + asked::quoted(word),
       "ll-exec starts it: ll-exec --judge ll-ask -- COMMAND");
}

void set(AskRequest &request, Option option, const std::string &value) {
  switch (option) {
    case Option::Remember: request.remember = value; break;
    case Option::Terminal: request.terminal = value; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
  }
}

}  // namespace

AskRequest read_request(char **arguments) {
  AskRequest request;
  for (char **next = arguments + 1; *next != nullptr; next++) {
    const std::string_view word = *next;
    const size_t equals = word.find('=');
    const size_t row = row_of(word.substr(0, equals));
    std::string value;
    if (*kRows[row].metavar == '\0') {
      if (equals != std::string_view::npos) fail(asked::quoted(word) + " takes no value", kSeeHelp);
    } else {
      if (equals == std::string_view::npos && *++next == nullptr)
        fail(asked::quoted(word) + " needs a value", kSeeHelp);
      value = equals == std::string_view::npos ? std::string_view(*next) : word.substr(equals + 1);
      if (value.empty()) fail(asked::quoted(word) + " needs a value", kSeeHelp);
    }
    set(request, static_cast<Option>(row), value);
  }
  return request;
}

void print_usage() {
  std::fputs(
      "ll-exec --judge 'll-ask [options]' --answer-in 1m ... -- COMMAND\n"
      "A judge that asks at the terminal, once for each access that is refused.\n",
      stdout);
  for (const Row &option : kRows) {
    const std::string name = std::string(option.name) + " " + option.metavar;
    if (option.letter != 0)
      std::printf("  -%c, --%-15s %s\n", option.letter, name.c_str(), option.help);
    else
      std::printf("      --%-15s %s\n", name.c_str(), option.help);
  }
}

void tell(const std::string &message) {
  std::fputs((std::string(kProgram) + ": " + message + "\n").c_str(), stderr);
}

void fail(const std::string &message, const std::string &advice) {
  tell(message + "\n  " + advice);
  std::exit(kFailed);
}

void fail_errno(const std::string &what, const std::string &path) {
  const char *const reason = std::strerror(errno);
  tell("cannot " + what + " " + asked::quoted(path) + ": " + reason);
  std::exit(kFailed);
}

}  // namespace ll::asking
