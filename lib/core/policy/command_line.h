// The command line: options of the program that is built, directives as options, and a command.
#pragma once

#include "core/policy/parser.h"

namespace ll {

// Where in argv the reading is.
struct Arguments {
  size_t at = 1;
  size_t letter = 0;  // within -qv: the letter after the last one done
};

enum class OptionResult : uint8_t { End, Use, Option, Error };

// What was read: a policy to be used, or an option of options.def.
struct ParsedOption {
  size_t option = 0;  // its row
  Word name;
  Word value;  // of a policy, and of an option that has one
};

// Directives become rules. At the end, `at` is the command's place, or argv's end.
OptionResult next_argument(Policy &policy, Arguments &arguments, ParsedOption &taken,
                           Diagnostic &problem);

// Until the command, or a policy that is to be read before it goes on. `take` does what an option
// of the program asks for; what it returns is what that came to: Option, Use or Error.
template <typename Take>
ParseResult read_options(Policy &policy, Arguments &arguments, size_t &command, Word &use,
                         Diagnostic &problem, const Take &take) {
  for (;;) {
    ParsedOption taken;
    OptionResult item = next_argument(policy, arguments, taken, problem);
    use = taken.value;
    if (item == OptionResult::Option) item = take(taken);
    switch (item) {
      case OptionResult::Option: break;
      case OptionResult::Use: return ParseResult::Use;
      case OptionResult::Error: return ParseResult::Error;
      case OptionResult::End:
        if (arguments.at < policy.argument_count) command = arguments.at;
        return ParseResult::End;
    }
  }
}

// The value of --abi.
bool read_abi(const Word &value, int &abi, Diagnostic &problem);
// A descriptor that is not the command's: from 3 up.
bool read_descriptor_option(const Word &value, int &descriptor, Diagnostic &problem);
// The next value of an option that has several.
bool take_another(Policy &policy, Arguments &arguments, ParsedOption &taken, Diagnostic &problem);

}  // namespace ll
