// library LL_EXEC TARGET ROUNDS: what ll_spawn adds to posix_spawn, as a part of what ll-exec adds;
// all started in turn, and the least time of each counted. Prints NAME RATIO lines.
#include <fcntl.h>
#include <llexec.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern char **environ;

namespace {

using Words = std::vector<std::string>;

[[noreturn]] void fail(const char *what) {
  std::fprintf(stderr, "library: %s\n", what);
  std::exit(2);
}

std::vector<char *> pointers(Words &words) {
  std::vector<char *> all;
  for (std::string &word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

template <typename Start>
double time_of(const Start &start) {  // microseconds
  const auto before = std::chrono::steady_clock::now();
  const pid_t pid = start();
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || status != 0) fail("a command failed");
  const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - before;
  return taken.count();
}

pid_t start_by_posix(Words &words) {
  pid_t pid = 0;
  std::vector<char *> arguments = pointers(words);
  if (posix_spawn(&pid, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0)
    fail("posix_spawn");
  return pid;
}

pid_t start_by_library(const ll_policy *policy, const char *target) {
  const char *const arguments[] = {target, nullptr};
  ll_error error = {};
  error.size = sizeof error;
  ll_start how = {};
  how.size = sizeof how;
  how.argv = arguments;
  ll_child child = {};
  child.size = sizeof child;
  if (ll_spawn(policy, &how, &child, &error) != 0) fail(error.text);
  close(child.pidfd);
  return child.pid;
}

struct Times {
  double bare = 1e9, library = 1e9, loader = 1e9;
};

Times measure(const std::string &loader, const std::string &target, const Words &options,
              int rounds) {
  std::vector<const char *> words;
  for (const std::string &option : options) words.push_back(option.c_str());
  words.push_back(nullptr);
  ll_error error = {};
  error.size = sizeof error;
  ll_policy *policy = ll_policy_new(words.data(), nullptr, 0, nullptr, &error);
  if (policy == nullptr) fail(error.text);
  Words bare = {target};
  Words whole = {loader, "-q"};
  whole.insert(whole.end(), options.begin(), options.end());
  whole.insert(whole.end(), {"--", target});
  Times least;
  for (int i = 0; i < rounds; i++) {
    least.bare = std::min(least.bare, time_of([&] { return start_by_posix(bare); }));
    least.library =
        std::min(least.library, time_of([&] { return start_by_library(policy, target.c_str()); }));
    least.loader = std::min(least.loader, time_of([&] { return start_by_posix(whole); }));
  }
  ll_policy_free(policy);
  return least;
}

void print_added(const char *name, const Times &times) {
  std::printf("%s %.3f %.0f/%.0f/%.0f\n", name,
              (times.library - times.bare) / (times.loader - times.bare), times.bare, times.library,
              times.loader);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4) fail("library LL_EXEC TARGET ROUNDS");
  const std::string loader = argv[1];
  const std::string target = argv[2];
  const int rounds = std::atoi(argv[3]);
  const Words few = {"--policy=base", "--rx=" + target};
  print_added("added", measure(loader, target, few, rounds));
  Words many = few;
  const std::string folder = target.substr(0, target.rfind('/')) + "/rules";
  mkdir(folder.c_str(), 0755);
  for (int i = 0; i < 500; i++) {
    const std::string file = folder + "/" + std::to_string(i);
    close(open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    many.push_back("--ro=" + file);
  }
  print_added("added-500", measure(loader, target, many, rounds / 3 + 1));
  const double small = measure(loader, target, few, rounds).library;
  const size_t size = size_t{1} << 30;
  std::vector<char> heap(size, 1);
  const double large = measure(loader, target, few, rounds).library;
  std::printf("heap %.3f %.0f/%.0f\n", large / small, small, large);
  return heap[size / 2] == 1 ? 0 : 2;
}
