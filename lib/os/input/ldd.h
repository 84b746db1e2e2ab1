// --ldd: the command, its interpreters and the libraries that it is linked with, each as a rule of
// its own. ldd(1) runs the program's loader to find out; this only reads.
//
// Interpreters are those that the kernel starts, and for "#!/usr/bin/env NAME" also NAME, since
// that is what the script is written for. Libraries are found as ld.so(8) of glibc or musl would
// find them for this caller's environment. What a program opens by itself once it runs is not
// known: its data, plugins, name services (nsswitch.conf(5)), other programs. /etc/ld.so.preload
// is not granted, so ld.so passes over it.
#pragma once

#include "core/policy/policy.h"
#include "os/kernel/process.h"

namespace ll {

// `command`: its index in argv.
void grant_libraries(const Process &process, Policy &policy, size_t command);

}  // namespace ll
