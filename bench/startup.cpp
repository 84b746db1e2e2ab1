// Measures how long commands take from their start to their end, against each other.
//
//   startup [--rounds N] [--warmup N] [--seed N] [--clock wall|cpu|own] [--base NAME]...
//           :: NAME COMMAND... [:: NAME ...]
//
// Times on a shared machine wander by more than what is measured here. So every round runs every
// command once, in an order of its own, and commands are compared within the round. Prints CSV:
//
//   time,NAME,,MEDIAN,P10,P90          microseconds
//   ratio,NAME,BASE,MEDIAN,LOW,HIGH    of NAME to BASE in the same round, with its 95 % interval
//   added,NAME,BASE,MEDIAN,LOW,HIGH    NAME minus BASE in the same round, microseconds
//
// The clocks: `wall`; `cpu`, the processor time of the command and all that it waited for, which
// does not count who else was running; `own`, the number that the command itself prints.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <random>

#include "commands.h"
#include "series.h"

namespace {

enum class Clock { Wall, Cpu, Own };

struct Options {
  long rounds = 300;
  long warmup = 10;
  long seed = 1;
  Clock clock = Clock::Wall;
  std::vector<std::string> bases;
};

struct Ended {
  int status = 0;
  double cpu = 0;  // microseconds
};

// Where a command that is its own clock writes to.
class Report {
 public:
  Report() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
      fail("cannot make a pipe");
    }
    read_end_ = ends[0];
    write_end_ = ends[1];
  }
  ~Report() {
    close(read_end_);
    close(write_end_);
  }
  Report(const Report &) = delete;
  Report &operator=(const Report &) = delete;

  [[nodiscard]] int descriptor() const { return write_end_; }

  [[nodiscard]] double take(const std::string &name) const {
    char text[64];
    const ssize_t size = read(read_end_, text, sizeof text);
    double number = 0;
    if (size <= 0 || std::from_chars(text, text + size, number).ec != std::errc{}) {
      fail("'" + name + "' printed no number");
    }
    return number;
  }

 private:
  int read_end_ = -1;
  int write_end_ = -1;
};

double now_in_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double in_microseconds(const timeval &time) {
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

Ended wait_for(pid_t child) {
  Ended ended;
  rusage usage{};
  while (wait4(child, &ended.status, 0, &usage) != child) {
  }
  ended.cpu = in_microseconds(usage.ru_utime) + in_microseconds(usage.ru_stime);
  return ended;
}

// The streams are silent while measuring; the second run lets the command say what it lacks.
[[noreturn]] void fail_aloud(const Command &command, int status) {
  wait_for(spawn(command, Streams({.input_output = true, .errors = false})));
  fail("'" + command.name + "' ended with " + describe_status(status) + ": nothing was measured");
}

double time_once(const Command &command, Clock clock, const Streams &streams,
                 const Report &report) {
  const double start = now_in_microseconds();
  const Ended ended = wait_for(spawn(command, streams));
  const double end = now_in_microseconds();
  if (ended.status != 0) {
    fail_aloud(command, ended.status);
  }
  switch (clock) {
    case Clock::Wall: break;
    case Clock::Cpu: return ended.cpu;
    case Clock::Own: return report.take(command.name);
  }
  return end - start;
}

std::vector<Series> measure(const std::vector<Command> &commands, const Options &options) {
  const Report report;
  const Streams streams({.input_output = true,
                         .errors = true,
                         .output = options.clock == Clock::Own ? report.descriptor() : -1});
  std::vector<Series> all;
  all.reserve(commands.size());
  for (const Command &command : commands) {
    all.push_back({command.name, {}});
  }
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(static_cast<std::mt19937_64::result_type>(options.seed));
  for (long round = -options.warmup; round < options.rounds; ++round) {
    // A fixed order would give each command the same predecessor, and its leftovers, every time.
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t which : order) {
      const double took = time_once(commands[which], options.clock, streams, report);
      if (round >= 0) {
        all[which].values.push_back(took);
      }
    }
  }
  return all;
}

const Series &find(const std::vector<Series> &all, const std::string &name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Series &series) { return series.name == name; });
  if (found == all.end()) {
    fail("--base '" + name + "' is not one of the commands");
  }
  return *found;
}

void report(const std::vector<Series> &all, const Options &options) {
  print_header();
  for (const Series &series : all) {
    print_time(series);
  }
  for (const std::string &name : options.bases) {
    const Series &base = find(all, name);
    for (const Series &series : all) {
      if (&series != &base) {
        compare(series, base);
      }
    }
  }
}

Clock clock_named(std::string_view name) {
  if (name == "wall") return Clock::Wall;
  if (name == "cpu") return Clock::Cpu;
  if (name == "own") return Clock::Own;
  fail("--clock wants wall, cpu or own, not '" + std::string(name) + "'");
}

// Reads what comes before the first `::` and returns where that is.
int parse_options(int argc, char **argv, Options &options) {
  int i = 1;
  for (; i + 1 < argc && argv[i] != group_separator; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--rounds") {
      options.rounds = parse_number(option, argv[i + 1]);
    } else if (option == "--warmup") {
      options.warmup = parse_number(option, argv[i + 1]);
    } else if (option == "--seed") {
      options.seed = parse_number(option, argv[i + 1]);
    } else if (option == "--clock") {
      options.clock = clock_named(argv[i + 1]);
    } else if (option == "--base") {
      options.bases.emplace_back(argv[i + 1]);
    } else {
      fail("unknown option '" + std::string(option) + "'");
    }
  }
  if (options.rounds == 0) {
    fail("--rounds wants at least 1");
  }
  return i;
}

}  // namespace

int main(int argc, char **argv) {
  Options options;
  const int first = parse_options(argc, argv, options);
  const std::vector<Command> commands = parse_commands(argc, argv, first);
  report(measure(commands, options), options);
}
