// What startup, footprint and tape share: the list of commands to look at, and how to start one.
#pragma once

#include <spawn.h>
#include <sys/types.h>
#include <string>
#include <string_view>
#include <vector>

// A word that no sandbox uses, because `--` is needed inside of the commands.
constexpr std::string_view group_separator = "::";

struct Command {
  std::string name;
  std::vector<char *> words;  // as execve wants them, with the null at the end
};

struct Quiet {
  bool input_output = true;  // stdin and stdout are /dev/null
  bool errors = true;        // stderr too
  int output = -1;           // stdout leads to this descriptor instead
};

// Says what is wrong and ends the program: a benchmark that goes on after an error measures it.
[[noreturn]] void fail(const std::string &message);

// Reads `:: NAME COMMAND [ARGUMENT…] :: NAME COMMAND…`. The words stay in argv.
std::vector<Command> parse_commands(int argc, char **argv, int first);

long parse_number(std::string_view option, const char *text);

// Where the standard streams of every command lead to, opened once so that no round pays for
// it.
class Streams {
 public:
  explicit Streams(Quiet quiet);
  ~Streams();
  Streams(const Streams &) = delete;
  Streams &operator=(const Streams &) = delete;
  [[nodiscard]] const posix_spawn_file_actions_t *actions() const { return &actions_; }

 private:
  int null_;
  posix_spawn_file_actions_t actions_{};
};

// posix_spawn is clone(CLONE_VM | CLONE_VFORK): its cost does not depend on this program's memory.
pid_t spawn(const Command &command, const Streams &streams);

// A wait status in words: "exit status 3" or "signal 11".
std::string describe_status(int status);
