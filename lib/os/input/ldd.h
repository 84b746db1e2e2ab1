// --ldd: the command, its interpreters and the libraries that it is linked with, each as a rule of
// its own. ldd(1) runs the program's dynamic linker; this only reads files.
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

// A file that would be in the program's memory.
struct LoadedObject {
  Text path;  // as its dynamic linker finds it: $ORIGIN is the directory of that
  Text name;  // DT_SONAME, if it has one
  Text rpath, runpath;
  size_t rule = 0;                       // that grants it
  const LoadedObject *loader = nullptr;  // what needs it; of the program, none
};

struct Dependency {
  Text name;  // DT_NEEDED
  const LoadedObject *user = nullptr;
};

// What it works on: large, and the caller's.
struct LibraryTables {
  static constexpr size_t kMaxDependencies = 16384;  // DT_NEEDED of all files of a program
  static constexpr size_t kMaxSystem = 1 << 20;  // bytes: ld.so.cache has about 50 for each library

  // One behind the other of all programs that are run. Of each program its dependencies are a
  // queue: ld.so loads breadth first, and the first library of a name is the one.
  LoadedObject objects[kMaxRules + 1] = {};  // there is one behind any program: its interpreter
  Dependency dependencies[kMaxDependencies] = {};
  char system_bytes[kMaxSystem] = {};
};

// `command`: its index in argv.
void grant_libraries(const Process &process, Policy &policy, size_t command, LibraryTables &tables);

}  // namespace ll
