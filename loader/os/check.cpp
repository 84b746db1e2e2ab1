#include "os/check.h"
namespace ll {
int check_machine(const Policy &, const Request &) { return 1; }
}  // namespace ll
