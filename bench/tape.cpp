// tape FILE COMMAND...: records the system calls that a launcher makes before it executes the
// command, for `limit`. What it writes to is put aside: see tape.h.
#include "tape.h"
#include "traced.h"

#include <linux/filter.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace {

enum class Passes { Text, Bytes, Answer, Filter };

// Which argument of a call is a pointer, and to what; `size` in bytes.
struct Pointer {
  long number;
  int argument;
  Passes passes;
  std::size_t size;
};

constexpr std::size_t kByLength = 0;  // the argument behind it says how large that is
constexpr long kCreateRuleset = 444, kAddRule = 445, kRestrictSelf = 446;

constexpr Pointer kPointers[] = {
    {SYS_openat, 1, Passes::Text, 0},       {SYS_openat2, 1, Passes::Text, 0},
    {SYS_openat2, 2, Passes::Bytes, 24},    {SYS_statx, 1, Passes::Text, 0},
    {SYS_statx, 4, Passes::Answer, 0},      {SYS_readlinkat, 1, Passes::Text, 0},
    {SYS_readlinkat, 2, Passes::Answer, 0}, {SYS_faccessat, 1, Passes::Text, 0},
    {SYS_getcwd, 0, Passes::Answer, 0},     {SYS_prlimit64, 2, Passes::Bytes, 16},
    {SYS_prlimit64, 3, Passes::Answer, 0},  {SYS_read, 1, Passes::Answer, 0},
    {SYS_getsockopt, 3, Passes::Answer, 0}, {SYS_getsockopt, 4, Passes::Bytes, 4},
    {SYS_capget, 0, Passes::Bytes, 8},      {SYS_capget, 1, Passes::Answer, 0},
    {SYS_capset, 0, Passes::Bytes, 8},      {SYS_capset, 1, Passes::Bytes, 24},
    {SYS_seccomp, 2, Passes::Filter, 0},    {kCreateRuleset, 0, Passes::Bytes, kByLength},
    {kAddRule, 2, Passes::Bytes, 16}};

constexpr long kWithoutPointers[] = {SYS_fcntl,  SYS_close_range, SYS_close,  SYS_prctl,
                                     SYS_getuid, SYS_getpid,      SYS_getgid, kRestrictSelf};

class Recorder {
 public:
  void add(pid_t child, const ptrace_syscall_info &info) {
    if (info.entry.nr == SYS_execve) return;
    child_ = child;
    RecordedCall call{.number = static_cast<long>(info.entry.nr), .arguments = {}};
    for (int i = 0; i < 6; i++) call.arguments[i] = static_cast<long>(info.entry.args[i]);
    if (!is_known(call.number)) fail("a call that is not known: " + std::to_string(call.number));
    for (const Pointer &pointer : kPointers)
      if (pointer.number == call.number && call.arguments[pointer.argument] != 0)
        copy(call, pointer);
    calls_.push_back(call);
  }

  // Where what is pointed to lies depends on how many calls there are: behind all.
  [[nodiscard]] std::string tape() {
    const std::size_t calls = sizeof(Tape) + calls_.size() * sizeof(RecordedCall);
    for (RecordedCall &call : calls_)
      for (const Pointer &pointer : kPointers)
        if (pointer.number == call.number && is_offset(call.arguments[pointer.argument]))
          call.arguments[pointer.argument] += static_cast<long>(calls);
    for (const std::size_t place : inner_) {
      long offset = 0;
      std::memcpy(&offset, memory_.data() + place, sizeof offset);
      offset += static_cast<long>(calls);
      std::memcpy(memory_.data() + place, &offset, sizeof offset);
    }
    const unsigned long count = calls_.size();
    std::string all(reinterpret_cast<const char *>(&count), sizeof count);
    all.append(reinterpret_cast<const char *>(calls_.data()), calls_.size() * sizeof(RecordedCall));
    all += memory_;
    if (all.size() > kTapeSize) fail("too many calls");
    all.resize(kTapeSize);
    return all;
  }

 private:
  static bool is_known(long number) {
    return std::any_of(std::begin(kPointers), std::end(kPointers),
                       [number](const Pointer &one) { return one.number == number; }) ||
           std::find(std::begin(kWithoutPointers), std::end(kWithoutPointers), number) !=
               std::end(kWithoutPointers);
  }

  static bool is_offset(long argument) {
    const auto address = static_cast<unsigned long>(argument);
    return address >= kTapeAddress && address < kTapeAddress + kTapeSize;
  }

  [[nodiscard]] std::string read(long address, std::size_t size) const {
    std::string bytes(size, '\0');
    const iovec here{bytes.data(), size};
    const iovec there{reinterpret_cast<void *>(address), size};
    const ssize_t got = process_vm_readv(child_, &here, 1, &there, 1, 0);
    if (got != static_cast<ssize_t>(size)) fail_with_errno("cannot read what a call points to");
    return bytes;
  }

  [[nodiscard]] std::string read_text(long address) const {
    std::string text;
    while (text.empty() || text.back() != '\0')
      text += read(address + static_cast<long>(text.size()), 1);
    return text;
  }

  long keep(const std::string &bytes) {
    memory_.resize((memory_.size() + 7) & ~std::size_t{7});
    const std::size_t offset = memory_.size();
    memory_ += bytes;
    return static_cast<long>(kTapeAddress + offset);
  }

  void copy(RecordedCall &call, const Pointer &pointer) {
    long &argument = call.arguments[pointer.argument];
    switch (pointer.passes) {
      case Passes::Text: argument = keep(read_text(argument)); break;
      case Passes::Answer: argument = static_cast<long>(kAnswersAddress); break;
      case Passes::Filter: argument = keep_filter(argument); break;
      case Passes::Bytes:
        argument = keep(read(argument, pointer.size == kByLength
                                           ? static_cast<std::size_t>(call.arguments[1])
                                           : pointer.size));
        break;
    }
  }

  long keep_filter(long address) {
    std::string bytes = read(address, sizeof(sock_fprog));
    sock_fprog program{};
    std::memcpy(&program, bytes.data(), sizeof program);
    const long filter = keep(read(reinterpret_cast<long>(program.filter),
                                  std::size_t{program.len} * sizeof(sock_filter)));
    std::memcpy(bytes.data() + offsetof(sock_fprog, filter), &filter, sizeof filter);
    const long kept = keep(bytes);
    inner_.push_back(static_cast<std::size_t>(kept) - kTapeAddress + offsetof(sock_fprog, filter));
    return kept;
  }

  pid_t child_ = -1;
  std::vector<RecordedCall> calls_;
  std::string memory_;
  std::vector<std::size_t> inner_;  // places of pointers in it
};

}  // namespace

int main(int argc, char **argv) {
  if (argc < 3) fail("usage: tape FILE COMMAND...");
  Command command{.name = argv[2], .words = {argv + 2, argv + argc + 1}};
  Recorder recorder;
  follow_launcher(command,
                  [&](pid_t child, const ptrace_syscall_info &call) { recorder.add(child, call); });
  std::FILE *file = std::fopen(argv[1], "we");
  if (file == nullptr) fail_with_errno(argv[1]);
  const std::string tape = recorder.tape();
  const bool written = std::fwrite(tape.data(), 1, tape.size(), file) == tape.size();
  if (std::fclose(file) != 0 || !written) fail("cannot write the tape");
}
