// ll-ask: a judge for ll-exec --judge that asks the person at the terminal, once about each thing,
// and writes to a policy what is to hold from now on.
#include <unistd.h>

#include <cstdio>

#include "judge.h"
#include "request.h"

int main(int /*count*/, char **arguments) {
  using namespace ll::asking;
  const AskRequest request = read_request(arguments);
  if (request.help) return print_usage(), 0;
  if (request.version) return std::printf("%s " LL_VERSION "\n", kProgram), 0;
  if (isatty(STDIN_FILENO) != 0)
    fail("this is a judge: ll-exec starts it and asks it on standard input",
         "ll-exec --judge ll-ask -- COMMAND");
  heed_interrupts();
  Memory memory;
  if (!request.remember.empty()) memory.open(request.remember);
  Terminal terminal(request.terminal, STDIN_FILENO);
  if (Judge(STDIN_FILENO, STDOUT_FILENO, memory, terminal).serve()) return 0;
  fail("invalid request: not a line of the judge's protocol",
       "use the ll-exec of the same version");
}
