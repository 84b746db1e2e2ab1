// One call of the interface: what die(), warn() and the like come to here.
#pragma once

#include <llexec.h>

#include <cerrno>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "os/kernel/opened.h"
#include "os/kernel/process.h"

namespace ll {

struct Failure {
  int status = 0;  // 0: none
  uint32_t line = 0;
  uint32_t column = 0;
  char source[256] = {};
  char text[8192] = {};
};

struct Warning {
  std::string text;
  std::string source;
  uint32_t line = 0;
  uint32_t column = 0;
};

// What die() throws, when the failure is written down.
struct Failed {};

constexpr size_t kLineSize = 32768;

// Of the process that ll_spawn starts: it shares the caller's memory, where it may not allocate.
struct ChildCall {
  Failure failure;
  char line[kLineSize];
};

class ApiCall {
 public:
  ApiCall();
  // What the child of ll_spawn calls: die() ends it.
  explicit ApiCall(ChildCall &child);
  // What a child of the child, in memory of its own, writes why it has failed to.
  void tell(Failure &shared) { told_ = &shared; }
  ~ApiCall();
  ApiCall(const ApiCall &) = delete;
  ApiCall &operator=(const ApiCall &) = delete;

  // After a child of ll_spawn: it had this thread's variables.
  void resume();
  // That policy has a name of its own.
  void name_input();
  // What is open is closed at the end, unless it is taken.
  std::vector<int> take_opened() { return std::move(opened_); }

  std::string output;  // that was to go to standard output
  std::vector<Warning> warnings;
  Text input;  // what is left of the policy that is named `-`
  Text input_name;
  Policy *read = nullptr;  // the policy that is being read
  int directory = -1;      // where relative paths start

 private:
  friend Builder output_line();
  friend void host_write(int descriptor, Text bytes);
  friend void warn(const Policy &policy, const Diagnostic &problem);
  friend void die(const Policy &policy, const Diagnostic &problem, int status);
  friend long sys::note_opened(long descriptor);
  friend void sys::note_closed(int descriptor);

  std::unique_ptr<char[]> own_line_;
  char *line_;
  ChildCall *child_ = nullptr;
  Failure *told_ = nullptr;
  std::vector<int> opened_;
  std::string written_;  // of a warning
  ApiCall *outer_;

 public:
  Failure failure;
};

// The place of a problem, as llexec.h has it.
void format_where(const Policy &policy, const SourceSpan &where, Failure &failure);
void close_all(std::vector<int> &descriptors);

// Runs one call of the interface, whatever it throws: 0, or the status.
int report(const Failure &failure, ll_error *error);
int report(int status, const char *text, ll_error *error);

// errno(3) is the caller's.
class KeptErrno {
 public:
  KeptErrno() : kept_(errno) {}
  ~KeptErrno() { errno = kept_; }
  KeptErrno(const KeptErrno &) = delete;
  KeptErrno &operator=(const KeptErrno &) = delete;

 private:
  int kept_;
};

template <typename Body>
int guarded(ll_error *error, const Body &body) {
  const KeptErrno kept;
  try {
    ApiCall call;
    try {
      body(call);
      return 0;
    } catch (const Failed &) {
      return report(call.failure, error);
    }
  } catch (const std::bad_alloc &) {
    return report(kFailed, "ll-exec: cannot go on: ENOMEM (out of memory)\n", error);
  } catch (...) {
    return report(kFailed, "ll-exec: cannot go on\n", error);
  }
}

}  // namespace ll
