// Runs every test, or those whose title contains one of the arguments. Each runs in its own
// process: one that crashes has failed, and the others still run.
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/host.h"
#include "host.h"

namespace {

bool is_wanted(const std::string &title, int count, char **parts) {
  for (int i = 1; i < count; i++)
    if (title.find(parts[i]) != std::string::npos) return true;
  return count < 2;
}

std::string written_bytes;

// The failures, as comments; empty if there are none.
std::string run(const test::Test &test) {
  int ends[2];
  if (pipe(ends) != 0) return "# no pipe\n";
  const pid_t child = fork();
  if (child == 0) {
    test.body();
    const std::string first = test::failures.substr(0, test::failures.rfind('\n', 3000) + 1);
    _exit(write(ends[1], first.data(), first.size()) == static_cast<ssize_t>(first.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string failures;
  char part[4096];
  for (ssize_t got = 0; (got = read(ends[0], part, sizeof part)) > 0;)
    failures.append(part, static_cast<size_t>(got));
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status))
    failures += "# ended by signal " + std::to_string(WTERMSIG(status)) + "\n";
  if (status != 0 && failures.empty()) failures = "# ended early\n";
  return failures;
}

}  // namespace

std::string take_written() {
  std::string bytes;
  bytes.swap(written_bytes);
  return bytes;
}

void ll::host_write(int, Text bytes) { written_bytes.append(bytes.data, bytes.size); }

int main(int argc, char **argv) {
  std::vector<test::Test> wanted;
  for (const test::Test &test : test::all())
    if (is_wanted(test.title, argc, argv)) wanted.push_back(test);
  printf("1..%zu\n", wanted.size());
  int number = 0;
  bool failed = false;
  for (const test::Test &test : wanted) {
    fflush(stdout);
    const std::string failures = run(test);
    printf("%s %d %s\n%s", failures.empty() ? "ok" : "not ok", ++number, test.title,
           failures.c_str());
    failed = failed || !failures.empty();
  }
  return failed ? 1 : 0;
}
