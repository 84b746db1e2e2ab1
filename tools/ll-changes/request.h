// What ll-changes is asked for.
#pragma once

#include <string>
#include <vector>

#include "selection.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-changes";

enum class Command {
#define COMMAND(id, name, arguments, help) id,
#include "commands.def"
};

enum class Action { Commit, Discard, Keep };

struct ChangesRequest {
  Command command = Command::List;
  bool help = false;
  bool version = false;
  bool dry_run = false;
  bool no_namespaces = false;
  bool diff = false;
  bool json = false;
  bool force = false;
  Action on_success = Action::Commit;
  Action on_failure = Action::Discard;
  std::vector<std::string> overlays;
  std::string keep_in;
  std::string disk;  // a size
  std::string changes;
  std::string layer;
  Selection selection;
  char **program = nullptr;  // of run: its arguments
};

// Ends the program when it is not understood.
ChangesRequest read_request(char **arguments);
void print_usage();

}  // namespace ll
