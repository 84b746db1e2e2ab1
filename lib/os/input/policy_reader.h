// Reads the command line and the policies that it names, one step at a time.
#pragma once

#include "core/policy/command_line.h"
#include "os/input/search_path.h"
#include "os/kernel/process.h"

namespace ll {

// How a program reads its own options.
struct ArgumentReader {
  void *request;
  // As parse_more: stops at every policy that must be read first.
  ParseResult (*read)(void *request, Policy &policy, Arguments &arguments, Word &use,
                      Diagnostic &problem);
  // Checks which options exclude or need each other, when all are read.
  bool (*check)(const void *request, Diagnostic &problem);
};

template <typename ExecRequest>
ArgumentReader reader_of(ExecRequest &request) {
  return {&request,
          [](void *own, Policy &policy, Arguments &arguments, Word &use, Diagnostic &problem) {
            return read_arguments(policy, *static_cast<ExecRequest *>(own), arguments, use,
                                  problem);
          },
          [](const void *own, Diagnostic &problem) {
            return check_request(*static_cast<const ExecRequest *>(own), problem);
          }};
}

// Reads more of the policy `-`, as read(2).
long read_input(char *buffer, size_t size);

class PolicyReader {
 public:
  PolicyReader(const Process &process, Policy &policy, const ArgumentReader &reader);
  // Dies at the first error.
  void read();
  // Once everything is read: options that exclude or need each other.
  void check_options();
  // False at the end.
  bool advance();
  // After an error, for a program that `die` does not end.
  void skip_line();

 private:
  ParseResult step(Word &use);

  template <typename... Arguments>
  [[noreturn, gnu::always_inline]] void fail(const Word &use, const char *pattern,
                                             const Arguments &...arguments) {
    problem_.fail(use.where, pattern, arguments...);
    die(policy_, problem_);
  }
  static bool is_file_name(Text name);
  void open(const Word &use);
  // A command run there could plant a policy that is found before an installed one.
  [[gnu::noinline]] bool is_where_work_is_done(const Word &use, Text folder);
  bool open_installed(const Word &use);
  void open_searched(const Word &use);
  [[noreturn]] void unknown(const Word &use);
  // Whether a policy of that name is in the directory of the policy that uses it.
  bool is_beside(const Word &use, Text folder);
  Text join(const Word &use, Text folder, Text name, Text ending);
  bool open_named(const Word &use, Text folder);
  void open_file(const Word &use, Text folder);
  void read_as_usual(const Word &use, int file, int type, Text path);
  void read_opened(const Word &use, long file, Text path);
  [[noreturn]] void fail_reading(const Word &use, Text path, long error);
  void read_source(const Word &use, int file, Text name, Text folder);
  // False for a policy that was read before, whose rules exist. One that is still being read is a
  // cycle.
  bool identify(const Word &use, int file, Source &source);
  [[nodiscard]] bool is_open(size_t source) const;
  Text read_text(const Word &use, int file, Text name);

  const Process &process_;
  Policy &policy_;
  const ArgumentReader reader_;
  char process_number_[20];
  Environment environment_;
  Arguments arguments_;
  size_t depth_ = 0;
  Cursor open_[kMaxNesting + 1];  // the policies being read, each used by the previous one
  Diagnostic problem_;
  Text looked_at_;  // cache of is_where_work_is_done()
  bool is_work_ = false;
  SearchPath search_;
};

}  // namespace ll
