// Which of Landlock's rights a call needs where. Sources: security/landlock/fs.c, fs/namei.c.
#pragma once

#include "core/landlock/plan.h"
#include "traced_syscalls.h"

namespace ll {

// A call on its way through the kernel.
struct Syscall {
  uint64_t number;
  uint64_t arguments[6];
};

struct Need {
  Text path;  // absolute, without links
  uint64_t rights = 0;
  Kind kind = Kind::Unknown;  // of what is there before the call
  Text named;                 // an absolute path with links on its way, as the call has it
};
struct Needs {
  Need rows[2];
  size_t count = 0;
  long error = 0;  // why they are not known
  Text asked;      // then: the path as the call names it
};

// Rights that are about a directory's entry, and are asked for of that directory.
constexpr uint64_t kOfEntries = mask_of(RightId::remove_dir) | mask_of(RightId::remove_file) |
                                mask_of(RightId::make_char) | mask_of(RightId::make_dir) |
                                mask_of(RightId::make_reg) | mask_of(RightId::make_sock) |
                                mask_of(RightId::make_fifo) | mask_of(RightId::make_block) |
                                mask_of(RightId::make_sym) | mask_of(RightId::refer);

// Those by which a program is started, and by which a file or directory is read.
constexpr uint64_t kRun = mask_of(RightId::execute);
constexpr uint64_t kLook = mask_of(RightId::read_file) | mask_of(RightId::read_dir);

void find_needs(int tid, const TracedSyscall &traced, const Syscall &call, Needs &needs);
// The same for a path alone.
void add_need(int tid, int directory, Text path, bool follow, uint64_t rights, Needs &needs);
Text parent_of(Text path);
// A terminal that somebody opened: its number is another in the next run.
bool is_terminal(Text path);
// What is there, by a path that is followed by a NUL.
Kind kind_at(Text path);

}  // namespace ll
