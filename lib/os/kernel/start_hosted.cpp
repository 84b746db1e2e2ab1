// The same entry on a libc.
#include <sys/auxv.h>

#include "os/kernel/process.h"
#include "os/kernel/uapi.h"

extern char **environ;

int main(int argc, char **argv) {
  const auto *executable = reinterpret_cast<const char *>(getauxval(ll::uapi::kAT_EXECFN));
  return ll::run({argc, argv, environ, executable});
}
