#include "commands.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

void fail(const std::string &message) {
  std::fprintf(stderr, "bench: %s\n", message.c_str());
  std::exit(2);
}

std::vector<Command> parse_commands(int argc, char **argv, int first) {
  std::vector<Command> commands;
  for (int i = first; i < argc; ++i) {
    if (argv[i] == group_separator) {
      if (++i == argc) {
        fail("a name is missing after the last ::");
      }
      commands.push_back({argv[i], {}});
    } else if (commands.empty()) {
      fail("unknown option '" + std::string(argv[i]) + "'");
    } else {
      commands.back().words.push_back(argv[i]);
    }
  }
  for (Command &command : commands) {
    if (command.words.empty()) {
      fail("no command for '" + command.name + "'");
    }
    command.words.push_back(nullptr);
  }
  if (commands.empty()) {
    fail("nothing to run: give at least one :: NAME COMMAND [ARGUMENT...]");
  }
  return commands;
}

long parse_number(std::string_view option, const char *text) {
  long number = 0;
  const char *const end = text + std::strlen(text);
  const auto [stopped, error] = std::from_chars(text, end, number);
  if (error != std::errc{} || stopped != end || number < 0) {
    fail(std::string(option) + " wants a number, not '" + text + "'");
  }
  return number;
}

Streams::Streams(Quiet quiet) : null_(open("/dev/null", O_RDWR | O_CLOEXEC)) {
  if (null_ < 0) {
    fail(std::string("cannot open /dev/null: ") + std::strerror(errno));
  }
  posix_spawn_file_actions_init(&actions_);
  if (quiet.input_output) {
    posix_spawn_file_actions_adddup2(&actions_, null_, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, null_, STDOUT_FILENO);
  }
  if (quiet.output >= 0) {
    posix_spawn_file_actions_adddup2(&actions_, quiet.output, STDOUT_FILENO);
  }
  if (quiet.errors) {
    posix_spawn_file_actions_adddup2(&actions_, null_, STDERR_FILENO);
  }
}

Streams::~Streams() {
  posix_spawn_file_actions_destroy(&actions_);
  close(null_);
}

pid_t spawn(const Command &command, const Streams &streams) {
  pid_t child = 0;
  const int error = posix_spawn(&child, command.words[0], streams.actions(), nullptr,
                                command.words.data(), environ);
  if (error != 0) {
    fail("cannot start '" + command.name + "' (" + command.words[0] + "): " + std::strerror(error));
  }
  return child;
}

std::string describe_status(int status) {
  if (WIFSIGNALED(status)) {
    return "signal " + std::to_string(WTERMSIG(status));
  }
  return "exit status " + std::to_string(WEXITSTATUS(status));
}
