// What ll-policy is asked for.
#pragma once

#include <vector>

#include "core/policy/command_line.h"
#include "os/enforce/options.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-policy";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

enum class Command : uint8_t {
#define COMMAND(id, name, arguments, help) id,
#include "commands.def"
};
inline constexpr char kCommandNames[] =
#define COMMAND(id, name, arguments, help) name "\0"
#include "commands.def"
    ;
inline constexpr char kCommandArguments[] =
#define COMMAND(id, name, arguments, help) arguments "\0"
#include "commands.def"
    ;
inline constexpr char kCommandHelps[] =
#define COMMAND(id, name, arguments, help) help "\0"
#include "commands.def"
    ;

struct PolicyRequest : EnforceOptions {
  Command asked = Command::List;
  bool help = false;
  bool version = false;
  bool json = false;
  bool strict = false;
  bool widen = false;
  bool words = false;  // the operands came after --
  Word from;
  Text output;
  std::vector<Word> reports;  // of ll-trace --report
  std::vector<Word> operands;
  std::vector<Word> uses;  // the policies to be read
  size_t used = 0;         // how many of them were
  size_t command = 0;      // of `new` and `convert`: the program's index in argv
};

// False when something in the command line is wrong.
bool read_command_line(Policy &policy, PolicyRequest &request, Diagnostic &problem);

// The interface that ArgumentReader expects.
ParseResult read_arguments(Policy &policy, PolicyRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem);
bool check_request(const PolicyRequest &request, Diagnostic &problem);

}  // namespace ll
