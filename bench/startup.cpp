// Measures how long commands take from their start to their end, against each other.
//
//   startup [--rounds N] [--warmup N] [--seed N] [--base NAME]... :: NAME COMMAND... [:: NAME ...]
//
// Times on a shared machine wander by more than what is measured here. So every round runs every
// command once, in an order of its own, and commands are compared within the round. Prints CSV:
//
//   time,NAME,,MEDIAN,P10,P90          microseconds
//   ratio,NAME,BASE,MEDIAN,LOW,HIGH    of NAME to BASE in the same round, with its 95 % interval
//   added,NAME,BASE,MEDIAN,LOW,HIGH    NAME minus BASE in the same round, microseconds
#include "commands.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <random>

namespace {

struct Options {
  long rounds = 300;
  long warmup = 10;
  long seed = 1;
  std::vector<std::string> bases;
};

struct Series {
  const Command *command;
  std::vector<double> microseconds;  // one for each round
};

struct Summary {
  double median, low, high;
};

double now_in_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

int wait_for(pid_t child) {
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) != child) {
  }
  return status;
}

// The streams are silent while measuring; the second run lets the command say what it lacks.
[[noreturn]] void fail_aloud(const Command &command, int status) {
  wait_for(spawn(command, Streams({.input_output = true, .errors = false})));
  fail("'" + command.name + "' ended with " + describe_status(status) + ": nothing was measured");
}

double time_once(const Command &command, const Streams &streams) {
  const double start = now_in_microseconds();
  const int status = wait_for(spawn(command, streams));
  const double end = now_in_microseconds();
  if (status != 0) {
    fail_aloud(command, status);
  }
  return end - start;
}

std::vector<Series> measure(const std::vector<Command> &commands, const Options &options) {
  const Streams streams({.input_output = true, .errors = true});
  std::vector<Series> all;
  all.reserve(commands.size());
  for (const Command &command : commands) {
    all.push_back({&command, {}});
  }
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(static_cast<std::mt19937_64::result_type>(options.seed));
  for (long round = -options.warmup; round < options.rounds; ++round) {
    // A fixed order would give each command the same predecessor, and its leftovers, every time.
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t which : order) {
      const double took = time_once(*all[which].command, streams);
      if (round >= 0) {
        all[which].microseconds.push_back(took);
      }
    }
  }
  return all;
}

double at_fraction(const std::vector<double> &sorted, double fraction) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(std::clamp(fraction, 0.0, 1.0) * last))];
}

// The interval holds the true median 95 times in 100, whatever the times are distributed like.
Summary summarize_with_interval(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const double reach = 0.98 / std::sqrt(static_cast<double>(values.size()));
  return {at_fraction(values, 0.5), at_fraction(values, 0.5 - reach),
          at_fraction(values, 0.5 + reach)};
}

Summary summarize_with_spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {at_fraction(values, 0.5), at_fraction(values, 0.1), at_fraction(values, 0.9)};
}

void print_row(const char *kind, const std::string &name, const std::string &base, Summary row) {
  std::printf("%s,%s,%s,%.4f,%.4f,%.4f\n", kind, name.c_str(), base.c_str(), row.median, row.low,
              row.high);
}

void compare(const Series &series, const Series &base) {
  std::vector<double> ratios;
  std::vector<double> differences;
  for (std::size_t round = 0; round < series.microseconds.size(); ++round) {
    ratios.push_back(series.microseconds[round] / base.microseconds[round]);
    differences.push_back(series.microseconds[round] - base.microseconds[round]);
  }
  const std::string &name = series.command->name;
  print_row("ratio", name, base.command->name, summarize_with_interval(std::move(ratios)));
  print_row("added", name, base.command->name, summarize_with_interval(std::move(differences)));
}

const Series &find(const std::vector<Series> &all, const std::string &name) {
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Series &series) { return series.command->name == name; });
  if (found == all.end()) {
    fail("--base '" + name + "' is not one of the commands");
  }
  return *found;
}

void report(const std::vector<Series> &all, const Options &options) {
  std::printf("kind,name,base,median,low,high\n");
  for (const Series &series : all) {
    print_row("time", series.command->name, "", summarize_with_spread(series.microseconds));
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
