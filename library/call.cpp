// What the library's code calls where a program would write or end: os/kernel/process.cpp and
// others that stand alone in their files.
#include "call.h"

#include <cerrno>
#include <cstring>
#include <new>

#include "core/host.h"
#include "os/enforce/launch.h"
#include "os/enforce/supervised.h"
#include "os/input/policy_reader.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

// Not in the dynamic linker's hands: its memory is that of the thread from the start.
[[gnu::tls_model("initial-exec")]] thread_local ApiCall *innermost = nullptr;

void copy_text(char *to, size_t capacity, Text text) {
  const size_t size = text.size < capacity ? text.size : capacity - 1;
  if (size != 0) memcpy(to, text.data, size);
  to[size] = '\0';
}

}  // namespace

ApiCall::ApiCall() : own_line_(new char[kLineSize]), line_(own_line_.get()), outer_(innermost) {
  innermost = this;
}

ApiCall::ApiCall(ChildCall &child) : line_(child.line), child_(&child), outer_(innermost) {
  innermost = this;
}

ApiCall::~ApiCall() {
  innermost = outer_;
  close_all(opened_);
}

void ApiCall::resume() { innermost = this; }

void ApiCall::name_input() {
  for (size_t i = 1; read != nullptr && i < read->source_count; i++)
    if (read->sources[i].inode == 0) read->sources[i].name = input_name;
}

void close_all(std::vector<int> &descriptors) {
  for (const int descriptor : descriptors) sys::call(number::close, descriptor);
  descriptors.clear();
}

// ---- output

Builder output_line() { return {innermost->line_, kLineSize}; }

void host_write(int descriptor, Text bytes) {
  ApiCall &call = *innermost;
  if (call.child_ != nullptr) return;
  if (descriptor == 1) {
    call.output.append(bytes.data, bytes.size);
    return;
  }
  call.written_.append(bytes.data, bytes.size);
  if (!ends_with(bytes, "\n"_t)) return;
  call.warnings.push_back({.text = std::move(call.written_)});
  call.written_.clear();
}

void format_where(const Policy &policy, const SourceSpan &where, Failure &failure) {
  if (where.length == 0) return;
  if (where.source == 0) {
    copy_text(failure.source, sizeof failure.source, "argument"_t);
    failure.line = where.argument;
    return;
  }
  const Source &source = policy.sources[where.source];
  copy_text(failure.source, sizeof failure.source, source.name);
  const Text before = source.text.first(where.offset);
  failure.line = 1;
  for (size_t i = 0; i < before.size; i++) failure.line += before[i] == '\n' ? 1 : 0;
  const size_t newline = find_last(before, '\n');
  const size_t start = newline == kNpos ? 0 : newline + 1;
  failure.column = static_cast<uint32_t>(before.size - start) + 1;
}

void warn(const Policy &policy, const Diagnostic &problem) {
  ApiCall &call = *innermost;
  if (call.child_ != nullptr) return;
  Failure place;
  format_where(policy, problem.where, place);
  Builder text = output_line();
  print_diagnostic(text, policy, problem);
  call.warnings.push_back({.text = std::string(text.text().data, text.text().size),
                           .source = place.source,
                           .line = place.line,
                           .column = place.column});
}

// ---- the end

void die(const Policy &policy, const Diagnostic &problem, int status) {
  ApiCall &call = *innermost;
  Failure &failure = call.told_ != nullptr    ? *call.told_
                     : call.child_ != nullptr ? call.child_->failure
                                              : call.failure;
  call.name_input();
  format_where(policy, problem.where, failure);
  Builder text = output_line();
  print_diagnostic(text, policy, problem);
  copy_text(failure.text, sizeof failure.text, text.text());
  failure.status = status;
  if (call.child_ != nullptr) sys::exit(status);
  throw Failed{};
}

void die_all(const Policy &policy, const SourceSpan &where, const char *pattern, ...) {
  Diagnostic problem;
  ArgumentList arguments;
  __builtin_va_start(arguments, pattern);
  problem.fail_list(where, pattern, arguments);
  __builtin_va_end(arguments);
  die(policy, problem);
}

void die_errno(const Policy &policy, const char *what, long error) {
  die_at(policy, kNoLocation, "cannot %: %", what, Error{error});
}

int report(const Failure &failure, ll_error *error) {
  if (error == nullptr || error->size < sizeof *error) return failure.status;
  error->status = failure.status;
  error->line = failure.line;
  error->column = failure.column;
  copy_text(error->source, sizeof error->source, c_text(failure.source));
  copy_text(error->text, sizeof error->text, c_text(failure.text));
  return failure.status;
}

int report(int status, const char *text, ll_error *error) {
  Failure failure;
  failure.status = status;
  copy_text(failure.text, sizeof failure.text, c_text(text));
  return report(failure, error);
}

// ---- what a program has and a library has not

long read_input(char *buffer, size_t size) {
  Text &left = innermost->input;
  const Text part = left.first(size);
  if (!part.empty()) memcpy(buffer, part.data, part.size);
  left = left.from(part.size);
  return static_cast<long>(part.size);
}

int enter_directory(Policy & /*policy*/) { return innermost->directory; }

// The child of ll_spawn does, when the descriptors are the command's; else hand_over_connections()
// refuses, and nothing runs without one.
void go_beneath_supervisor(const Process &, Policy &, const Supervision &) {}

namespace sys {

long note_opened(long descriptor) {
  ApiCall *call = innermost;
  if (descriptor < 0 || call == nullptr || call->child_ != nullptr) return descriptor;
  try {
    call->opened_.push_back(static_cast<int>(descriptor));
  } catch (...) {
    sys::call(number::close, descriptor);
    return -uapi::kENOMEM;
  }
  return descriptor;
}

void note_closed(int descriptor) {
  ApiCall *call = innermost;
  if (call != nullptr && call->child_ == nullptr) std::erase(call->opened_, descriptor);
}

}  // namespace sys
}  // namespace ll
