#include "calls_seen.h"

#include "core/seccomp/decisions.h"
#include "traced_syscalls.h"

namespace ll {

namespace {

constexpr size_t kLineWidth = 110;

constinit bool seen[kCallCount]{};

constexpr char kCallFamilies[] =
#define FAMILY(names) names "\0"
#include "families.def"
    ;

// What the libc of every program does when it ends in an error, and only then: raise(3) of
// abort(3), a message, memory for it, the next try of a lock.
constexpr char kAlways[] =
    "write\0writev\0rt_sigaction\0rt_sigprocmask\0rt_"
    "sigreturn\0getpid\0gettid\0tgkill\0tkill\0kill\0"
    "mmap\0mremap\0munmap\0mprotect\0madvise\0brk\0futex\0close\0lseek\0read\0fstat\0fcntl\0ioctl\0"
    "exit\0exit_group\0restart_syscall\0clock_gettime\0getrandom\0sched_yield\0";

bool names(const Policy &policy, SyscallVerb verb, size_t row) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Syscall || static_cast<SyscallVerb>(rule.resource) != verb)
      continue;
    if (rule.any ? is_in_group(row, rule.low) : row == rule.low) return true;
  }
  return false;
}

Text next_word(Text &words) {
  const Text word = words.first(find(words, ' '));
  words = words.from(word.size + 1);
  return word;
}

bool is_left_out(Decision decision) { return decision == kRefusedByPolicy || decision == kLogged; }

void note_name(Text name) {
  const size_t row = row_named(kCallNames, name);
  if (row != kNpos) seen[row] = true;
}

bool is_seen_in(Text family) {
  while (!family.empty())
    if (const size_t row = row_named(kCallNames, next_word(family)); row != kNpos && seen[row])
      return true;
  return false;
}

void complete() {
  for (const char *name = kAlways; *name != '\0'; name += c_text(name).size + 1)
    note_name(c_text(name));
  for (const char *row = kCallFamilies; *row != '\0'; row += c_text(row).size + 1) {
    Text family = c_text(row);
    if (!is_seen_in(family)) continue;
    while (!family.empty()) note_name(next_word(family));
  }
}

}  // namespace

void note_call(uint64_t number) {
  const size_t row = row_of_call(number);
  if (row != kNpos) seen[row] = true;
}

void let_unnamed_through(const Policy &policy, Filter &filter) {
  for (size_t row = 0; row < kCallCount; row++) {
    const int number = number_of_call(row);
    if (number < 0 || !is_left_out(filter.decisions[number])) continue;
    if (!names(policy, SyscallVerb::Deny, row)) filter.decisions[number] = kAllowed;
  }
}

void write_calls(Builder &out, const Policy &policy) {
  complete();
  size_t start = kNpos;
  for (size_t row = 0; row < kCallCount; row++) {
    if (!seen[row] || is_in_group(row, kDefaultGroup) || names(policy, SyscallVerb::Only, row) ||
        names(policy, SyscallVerb::Deny, row))
      continue;
    const Text name = nth(kCallNames, row);
    if (start == kNpos || out.text().size - start + name.size > kLineWidth) {
      if (start != kNpos) out << '\n';
      start = out.text().size;
      out << "syscall only"_t;
    }
    out << ' ' << name;
  }
  if (start != kNpos) out << '\n';
}

}  // namespace ll
