// ll-mcp: settle what the user chose, then serve a client until it is gone. Every command that the
// client names is run by ll-exec, ll-ns or ll-trace, under that and nothing else.
#include <sys/auxv.h>
#include <unistd.h>

#include "os/launch.h"
#include "os/load.h"
#include "os/sys.h"
#include "server.h"
#include "supervise.h"

int main(int argc, char **argv) {
  using namespace ll;
  static Policy none{};
  open_standard_descriptors(none);
  const Process process = {argc, argv, environ,
                           reinterpret_cast<const char *>(getauxval(uapi::kAuxExecFile))};
  check_stack(process, none);
  mcp::settle_choice(process);
  mcp::block_signals();
  return mcp::Server().run();
}
