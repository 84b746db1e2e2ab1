// The command line: the program's own options, directives as options, and a command.
#pragma once

#include "core/policy/parser.h"

namespace ll {

// The position in argv.
struct Arguments {
  size_t at = 1;
  size_t letter = 0;  // within -qv: the next letter
};

enum class OptionResult : uint8_t { End, Use, Option, Error };

// A parsed argument: a policy to include, or an option of options.def.
struct ParsedOption {
  size_t option = 0;  // its row
  Word name;
  Word value;  // of a policy, or of an option that takes one
};

// Directives become rules. At the end, `at` is the index of the command, or the end of argv.
OptionResult next_argument(Policy &policy, Arguments &arguments, ParsedOption &taken,
                           Diagnostic &problem);

// Reads up to the command, or up to a policy that must be read first. `take` handles an option of
// the program and returns the outcome: Option, Use or Error.
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
// A descriptor other than standard input, output and error: from 3 up.
bool read_descriptor_option(const Word &value, int &descriptor, Diagnostic &problem);
// The next value of an option that takes several.
bool take_another(Policy &policy, Arguments &arguments, ParsedOption &taken, Diagnostic &problem);

}  // namespace ll
