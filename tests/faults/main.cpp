// faults LOADER REPORT REPORT_MOVING [CASE]: every system call of ll-exec fails in turn, with
// each errno of its manual page, once and from then on. The command must not run less restricted
// than its policy says: it is as restricted as without a fault, or it is not run, the status is 125
// (126 and 127 where the command itself cannot be found or run) and the message says what failed.
// The output is TAP; as root it has the cases of an ordinary user, too.
// What a failed call leads to can fail as well: see the standing faults of cases.def.
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "facts.h"
#include "fixture.h"
#include "tracer.h"

namespace {

enum class User { Root, Ordinary, Both };
enum class Command { Report, Moving, InPath, ClosedInput, Nothing, Answer };

struct Case {
  std::string name;
  User user;
  std::string options;
  Command command;
  std::string expected;
  std::string about;     // a row of errnos.def
  std::string standing;  // "ROW|ERRNO", "ROW|ERRNO|first": fails besides
};

const std::vector<Case> &cases() {
  static const std::vector<Case> all = {
#define CASE(name, user, options, command, expected, about, standing) \
  {name, User::user, options, Command::command, expected, about, standing},
#include "cases.def"
  };
  return all;
}

constexpr unsigned kOrdinary = 12345;
constexpr int kKept = 7, kUnkept = 9;

std::string folder;  // the fixture

bool runs_report(Command command) {
  return command != Command::Nothing && command != Command::Answer;
}

Start start_of(const Case &one, bool as_root) {
  Start start;
  start.arguments = {folder + "/ll-exec"};
  std::istringstream words(one.options);
  for (std::string word; words >> word;)
    start.arguments.push_back(word[0] == '@' ? folder + "/" + word.substr(1) : word);
  if (one.command != Command::Answer) {
    const bool moving = one.command == Command::Moving;
    start.arguments.push_back("--");
    start.arguments.push_back(one.command == Command::InPath ? "report-moving"
                              : moving                       ? folder + "/report-moving"
                                                             : folder + "/report");
    start.arguments.push_back(folder);
  }
  start.environment = {"HOME=/home", "SECRET=1", "XDG_CONFIG_HOME=" + folder + "/config",
                       "PATH=/nonexistent:" + folder};
  start.folder = folder;
  if (geteuid() == 0 && !as_root) start.user = kOrdinary;
  start.inherited = {kKept, kUnkept};
  if (one.command == Command::ClosedInput) start.closed = {0};
  return start;
}

// "ROW|ERRNO" or "ROW|ERRNO|first"
Fault fault_named(const std::string &text) {
  const size_t bar = text.find('|');
  Fault fault = {.always = text.find("|first") == std::string::npos};
  for (size_t i = 0; i < fault_rows().size(); i++)
    if (fault_rows()[i].name == text.substr(0, bar)) fault.row = i;
  const std::string name = text.substr(bar + 1, text.find('|', bar + 1) - bar - 1);
  while (errno_name(fault.error) != name && fault.error < 134) fault.error++;
  return fault;
}

// Wrong answers that no program can detect: that a path is no symlink, or does not exist; that the
// kernel lacks a right.
bool is_answer(const FaultRow &row, int error, bool standing) {
  if (row.call == SYS_readlinkat) return error == EINVAL || error == ENOENT;
  const bool probes = standing && std::string(row.name) == "landlock_create_ruleset";
  return probes && (error == EINVAL || error == E2BIG);
}

// The errno's name, or the text that ll-exec has for its meaning.
bool names(const std::string &message, int error) {
  static const char *const kPhrases[] = {
      "does not exist", "is not found",   "has no Landlock",    "switched off",
      "not executable", "is not open",    "does not have",      "no policy is named",
      "nothing to run", "unset or empty", "needs Landlock ABI", "cannot be protected"};
  if (message.rfind("ll-exec: ", 0) != 0) return false;
  if (message.find(errno_name(error)) != std::string::npos) return true;
  return std::any_of(std::begin(kPhrases), std::end(kPhrases),
                     [&](const char *phrase) { return message.find(phrase) != std::string::npos; });
}

// These say that the command cannot be run, and may be caused by it alone.
bool is_of_command(const std::string &call) {
  return call == "execve" || call == "statx" || call == "faccessat" || call == "openat";
}

class Trial {
 public:
  Trial(const Case &one, bool as_root) : case_(one), start_(start_of(one, as_root)) {
    if (!one.standing.empty()) standing_ = {fault_named(one.standing)};
  }

  // The failures, as comments; empty if there are none.
  std::string run() {
    const Outcome usual = run_with(start_, standing_, How::ToTheEnd);
    if (!usual.unknown.empty()) add("no row in errnos.def: " + usual.unknown);
    facts_ = facts_in(usual.output);
    usual_ = usual.status;
    const bool reports = runs_report(case_.command);
    if (reports && facts_.empty())
      add("it does not run: " + std::to_string(usual.status) + " " + usual.errors);
    const std::string wrong =
        reports ? unexpected(facts_, case_.expected)
                : (std::to_string(usual.status) == case_.expected ? "" : "status ");
    if (!wrong.empty()) add("undisturbed: " + wrong + std::to_string(usual.status) + usual.errors);
    if (problems_.empty() && lacks_close_range()) close_all();
    if (problems_.empty()) {
      fail_once(usual.calls);
      fail_always(usual.calls);
    }
    return problems_;
  }

  std::vector<size_t> counts = std::vector<size_t>(fault_rows().size());  // of faults, by row
  std::vector<size_t> places = std::vector<size_t>(fault_rows().size());
  size_t total = 0;
  size_t ran = 0;  // restricted as it should be, in spite of the fault

 private:
  [[nodiscard]] bool lacks_close_range() const {
    return !standing_.empty() && fault_rows()[standing_[0].row].call == SYS_close_range;
  }

  // Half a second: in one case.
  void close_all() {
    const Outcome outcome = run_with(start_, standing_, How::WithAllCloses);
    const std::string wrong = judge_command(outcome, outcome.output);
    if (!wrong.empty()) add("all descriptors are closed: " + wrong);
  }

  void fail_once(const std::vector<size_t> &calls) {
    std::vector<size_t> seen(fault_rows().size());
    bool follows = standing_.empty();
    for (size_t i = 0; i < calls.size(); i++) {
      const size_t row = calls[i];
      const size_t occurrence = seen[row]++;
      places[row]++;
      if (follows && !is_one_of_many(calls, i))
        for (const int error : fault_rows()[row].errnos) inject({row, error, false, occurrence});
      follows = follows || row == standing_[0].row;
    }
  }

  void fail_always(const std::vector<size_t> &calls) {
    if (!standing_.empty()) return;
    for (const size_t row : std::set<size_t>(calls.begin(), calls.end()))
      for (const int error : fault_rows()[row].errnos)
        if (error != EINTR && fault_rows()[row].call != SYS_close) inject({row, error, true});
  }

  [[nodiscard]] bool is_about(size_t row) const { return case_.about == fault_rows()[row].name; }

  // Of many equal calls in sequence, the first two and the last one, unless the case is
  // about them.
  [[nodiscard]] bool is_one_of_many(const std::vector<size_t> &calls, size_t i) const {
    return i >= 2 && i + 1 < calls.size() && calls[i - 2] == calls[i] && calls[i - 1] == calls[i] &&
           calls[i + 1] == calls[i] && !is_about(calls[i]);
  }

  void inject(const Fault &fault) {
    std::vector<Fault> faults = standing_;
    faults.push_back(fault);
    const Outcome outcome = run_with(start_, faults);
    total++;
    counts[fault.row]++;
    const std::string wrong = judge(fault, outcome);
    if (wrong.empty()) return;
    add(fault_rows()[fault.row].name + std::string(fault.always ? ", always, " : ", ") +
        (fault.always ? "" : "number " + std::to_string(fault.occurrence + 1) + ", ") +
        errno_name(fault.error) + ": " + wrong);
  }

  std::string judge(const Fault &fault, const Outcome &outcome) {
    const FaultRow &row = fault_rows()[fault.row];
    const std::string said = std::to_string(outcome.status) + " " + outcome.errors;
    if (!outcome.injected) return "was not reached: the calls are others each time";
    if (!outcome.unknown.empty()) return "no row in errnos.def: " + outcome.unknown;
    if (outcome.status >= 128) return "ended by a signal, or did not end: " + said;
    const std::string report = report_in(outcome);
    if (!report.empty() && case_.command != Command::Answer)
      return is_answer(row, fault.error, !standing_.empty()) ? "" : judge_command(outcome, report);
    if (outcome.status == 127 && outcome.errors.find("error while loading") != std::string::npos)
      return "";  // ld.so: it was granted less than it needs
    if (case_.command == Command::Answer)
      return outcome.status == usual_ || outcome.status <= 1 || outcome.status == 125 ? "" : said;
    // Told that all three are closed, it leaves the command no descriptor to report through.
    if (row.name == std::string("fcntl F_GETFD") && fault.always) return "";
    const bool may = outcome.status == 125 ||
                     ((outcome.status == 126 || outcome.status == 127) && is_of_command(row.name));
    if (!may) return "the status is " + said;
    if (row.call == SYS_write || !runs_report(case_.command)) return "";
    return names(outcome.errors, fault.error) ? "" : "the message does not name it: " + said;
  }

  // A loader that is told that its output is closed opens /dev/null in its place.
  std::string report_in(const Outcome &outcome) const {
    if (!outcome.output.empty()) return outcome.output;
    return outcome.errors.find("=end here") == std::string::npos ? "" : outcome.errors;
  }

  std::string judge_command(const Outcome &outcome, const std::string &report) {
    if (case_.command == Command::Nothing) return "the command was run";
    const Facts facts = facts_in(report);
    if (facts.empty()) return "the command ended early: " + std::to_string(outcome.status);
    ran++;
    const std::string added = weaker(facts_, facts);
    return added.empty() ? "" : "LESS RESTRICTED: " + added + outcome.errors;
  }

  void add(std::string what) {
    std::replace(what.begin(), what.end(), '\n', '|');
    problems_ += "#   " + what + "\n";
  }

  const Case &case_;
  Start start_;
  std::vector<Fault> standing_;  // fails each time
  Facts facts_;
  int usual_ = 0;
  std::string problems_;
};

struct Tally {
  size_t total = 0, ran = 0;
  std::vector<size_t> counts = std::vector<size_t>(fault_rows().size());
  std::vector<size_t> places = std::vector<size_t>(fault_rows().size());
};

struct Job {
  const Case *one;
  bool as_root;
  FILE *result;  // the numbers in a line, then the problems
  pid_t process = 0;
};

// In a process and a folder of its own.
[[noreturn]] void work(const Job &job, char **programs) {
  folder = make_fixture(programs[0], programs[1], programs[2]);
  Trial trial(*job.one, job.as_root);
  const std::string problems = trial.run();
  remove_fixture(folder);
  fprintf(job.result, "%zu %zu", trial.total, trial.ran);
  for (size_t i = 0; i < trial.counts.size(); i++)
    fprintf(job.result, " %zu %zu", trial.counts[i], trial.places[i]);
  fprintf(job.result, "\n%s", problems.c_str());
  fflush(job.result);
  _exit(0);
}

std::vector<Job> jobs_of(const char *wanted) {
  std::vector<Job> jobs;
  for (const Case &one : cases()) {
    if (wanted != nullptr && one.name.find(wanted) == std::string::npos) continue;
    if (geteuid() == 0 && one.user != User::Ordinary) jobs.push_back({&one, true, tmpfile()});
    if (one.user != User::Root) jobs.push_back({&one, false, tmpfile()});
  }
  return jobs;
}

void run_all(std::vector<Job> &jobs, char **programs) {
  const long most = std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
  long running = 0;
  for (Job &job : jobs) {
    if (running++ >= most) wait(nullptr);
    fflush(stdout);
    job.process = fork();
    if (job.process == 0) work(job, programs);
  }
  while (wait(nullptr) > 0) continue;
}

// One line of TAP; whether it is good.
bool print(const Job &job, size_t number, Tally &tally) {
  rewind(job.result);
  size_t total = 0, ran = 0;
  bool whole = fscanf(job.result, "%zu %zu", &total, &ran) == 2;
  for (size_t i = 0; i < tally.counts.size() && whole; i++) {
    size_t count = 0, place = 0;
    whole = fscanf(job.result, "%zu %zu", &count, &place) == 2;
    tally.counts[i] += count;
    tally.places[i] += place;
  }
  std::string problems;
  if (whole) {
    fgetc(job.result);
    for (int c = fgetc(job.result); c != EOF; c = fgetc(job.result))
      problems += static_cast<char>(c);
  }
  const bool good = whole && problems.empty() && total > 0;
  printf("%s %zu %s, %s: %zu faults\n%s", good ? "ok" : "not ok", number, job.one->name.c_str(),
         job.as_root ? "as root" : "as an ordinary user", total, problems.c_str());
  if (!whole) puts("#   ended early");
  tally.total += total;
  tally.ran += ran;
  return good;
}

bool print_coverage(const Tally &tally, size_t number) {
  std::string never;
  for (size_t i = 0; i < tally.counts.size(); i++) {
    const FaultRow &row = fault_rows()[i];
    printf("#   %-34s %5zu places  %2zu errnos %6zu faults\n", row.name, tally.places[i],
           row.errnos.size(), tally.counts[i]);
    if (tally.places[i] == 0 && !row.errnos.empty()) never += std::string(" ") + row.name + ",";
  }
  printf("# %zu faults; the command ran all the same %zu times, as restricted as it should be\n",
         tally.total, tally.ran);
  printf("%s %zu every call of the loader has failed in every way\n",
         never.empty() ? "ok" : "not ok", number);
  if (!never.empty()) printf("#   never called:%s\n", never.c_str());
  return never.empty();
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 4) {
    fputs("usage: faults LOADER REPORT REPORT_MOVING [CASE]\n", stderr);
    return 2;
  }
  const char *wanted = argc > 4 ? argv[4] : nullptr;
  const int input = open("/dev/null", O_RDONLY);
  dup2(input, 0);
  if (input > 2) close(input);
  std::vector<Job> jobs = jobs_of(wanted);
  printf("1..%zu\n", jobs.size() + (wanted == nullptr ? 1 : 0));
  run_all(jobs, argv + 1);
  bool good = true;
  Tally tally;
  size_t number = 0;
  for (const Job &job : jobs) good = print(job, ++number, tally) && good;
  if (wanted == nullptr) good = print_coverage(tally, ++number) && good;
  return good ? 0 : 1;
}
