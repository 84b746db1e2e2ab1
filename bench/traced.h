// A launcher, followed until it has become the command.
#pragma once

#include "commands.h"

#include <linux/ptrace.h>  // not sys/ptrace.h: every libc declares other parts of it
#include <functional>

// Of each system call that it makes, the last execve included, before the kernel does anything.
using OnCall = std::function<void(pid_t, const ptrace_syscall_info &)>;

// Then the command runs on by itself, and has to end well.
void follow_launcher(const Command &command, const OnCall &on_call);

[[noreturn]] void fail_with_errno(const std::string &what);
