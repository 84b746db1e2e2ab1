// --ldd: the command, its interpreters and the libraries that it is linked with, each as a rule of
// its own. ldd(1) runs the program's loader to find out; this only reads.
#pragma once

#include "core/policy.h"
#include "core/request.h"
#include "os/process.h"

namespace ll {

void grant_libraries(const Process &process, Policy &policy, const Request &request);

}  // namespace ll
