// Runs every test, or those whose title holds one of the arguments. Each runs in a process of its
// own: one that crashes has failed, and the others still run.
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

bool runs_well(const test::Test &test) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    test.body();
    fputs(test::failures.c_str(), stdout);
    fflush(stdout);
    _exit(test::failures.empty() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("# ended by signal %d\n", WTERMSIG(status));
  return status == 0;
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
    const bool holds = runs_well(test);
    printf("%s %d %s\n", holds ? "ok" : "not ok", ++number, test.title);
    failed = failed || !holds;
  }
  return failed ? 1 : 0;
}
