// What a stopped task means: its memory, its directories, its open files.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/uapi.h"

namespace ll {

bool read_bytes(int tid, uint64_t from, void *buffer, size_t size);
// Up to a NUL. False when it cannot be read or is longer than a path can be.
bool read_string(int tid, uint64_t from, char (&buffer)[kMaxPath], Text &text);

constexpr int kCurrentDirectory = uapi::kAT_FDCWD;
// What that path is outside: absolute, without links. The last component is followed or not. Minus
// an errno, or the size.
long resolve_for(int tid, int directory, Text path, bool follow, char *resolved);
// What an open descriptor is about: a path, or what proc(5) calls it.
long path_of_descriptor(int tid, int descriptor, char *path);
// A copy of a task's descriptor, to be closed; minus an errno. Not of a thread: pidfd_open(2).
long copy_of_descriptor(int tid, int descriptor);
// Whether the task sees the same files at the same paths as this process.
bool shares_root(int tid);
// The process that a thread is of; itself where that cannot be told.
int process_of(int tid);
// -1 where it cannot be told.
int parent_of_process(int tid);
Text name_of_task(int tid, char (&buffer)[64]);

}  // namespace ll
