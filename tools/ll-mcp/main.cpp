// ll-mcp: loads the user's configuration, then serves a client until it is gone. Every command that
// the client names is run by ll-exec, ll-ns or ll-trace, under that and nothing else.
#include <sys/auxv.h>
#include <unistd.h>

#include "core/host.h"
#include "os/enforce/launch.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"
#include "server.h"
#include "supervise.h"

// A client's pipe is no terminal.
static void report_a_person() {
  using namespace ll;
  if (isatty(STDIN_FILENO) == 0) return;
  host_write(STDERR_FILENO,
             "ll-mcp: a Model Context Protocol server, for AI agents: their client starts it,\n"
             "  and sends JSON to its standard input; ll-mcp(1) shows its configuration. Ctrl-D "
             "ends it.\n"
             "  To run a command in a sandbox yourself: ll-exec, sandbox.sh\n"_t);
}

int main(int argc, char **argv) {
  using namespace ll;
  static Policy none{};
  none.program = program_info();
  open_standard_descriptors(none);
  const Process process = {argc, argv, environ,
                           reinterpret_cast<const char *>(getauxval(uapi::kAT_EXECFN))};
  check_stack(process, none);
  std::string problem = mcp::load_config(process);
  report_a_person();
  const int failure = problem.empty() ? 0 : kFailed;
  mcp::block_signals();
  const int status = mcp::Server(std::move(problem)).run();
  return status == 0 ? failure : status;
}
