// What ll-ask is asked for.
#pragma once

#include <string>

namespace ll::asking {

inline constexpr char kProgram[] = "ll-ask";
constexpr int kFailed = 125;

struct AskRequest {
  std::string remember;  // empty: nothing is
  std::string terminal = "/dev/tty";
  bool help = false;
  bool version = false;
};

// Ends the program when it is not understood.
AskRequest read_request(char **arguments);
void print_usage();

void tell(const std::string &message);
[[noreturn]] void fail(const std::string &message, const std::string &advice);
// "cannot WHAT PATH: ...", of errno.
[[noreturn]] void fail_errno(const std::string &what, const std::string &path);

}  // namespace ll::asking
