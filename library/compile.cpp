#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <new>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

#include "handle.h"
#include "os/enforce/seccomp.h"
#include "os/input/load.h"
#include "os/input/sources.h"
#include "os/kernel/sys.h"

extern char **environ;

namespace ll {

namespace {

constexpr size_t kGuard = 65536;  // the largest page there is

// 0, 1 and 2 are never those of a policy: opened meanwhile, they would be what it means by them.
class StandardDescriptors {
 public:
  explicit StandardDescriptors(const Policy &policy) {
    for (int i = 0; i < 3; i++) {
      if (is_open(i)) continue;
      const long opened = sys::call(number::openat, uapi::kAT_FDCWD, sys::address("/"),
                                    uapi::kO_PATH | uapi::kO_CLOEXEC);
      if (opened < 0) close(), die_errno(policy, "open a closed standard descriptor", opened);
      filled_[count_++] = static_cast<int>(opened);
    }
  }
  ~StandardDescriptors() { close(); }
  StandardDescriptors(const StandardDescriptors &) = delete;
  StandardDescriptors &operator=(const StandardDescriptors &) = delete;

 private:
  static bool is_open(int descriptor) { return sys::descriptor_flags(descriptor) != -uapi::kEBADF; }
  void close() {
    while (count_ > 0) sys::call(number::close, filled_[--count_]);
  }

  int filled_[3] = {};
  size_t count_ = 0;
};

struct Reading {
  ExecRequest &request;
  bool has_text;
  bool read_text = false;
};

bool refuse(const Word &word, Diagnostic &problem) {
  return problem.fail(word.where, "standard input is not read here\npass the policy as text");
}

ParseResult read_words(void *own, Policy &policy, Arguments &arguments, Word &use,
                       Diagnostic &problem) {
  auto &reading = *static_cast<Reading *>(own);
  const ParseResult step = read_arguments(policy, reading.request, arguments, use, problem);
  const bool is_text = step == ParseResult::Use && use.value == "-"_t;
  if (is_text && (!reading.has_text || reading.read_text))
    return refuse(use, problem), ParseResult::Error;
  if (is_text) reading.read_text = true;
  if (step != ParseResult::End || reading.read_text || !reading.has_text) return step;
  reading.read_text = true;
  use = {.value = "-"_t};
  return ParseResult::Use;
}

bool check_words(const void *own, Diagnostic &problem) {
  const ExecRequest &request = static_cast<const Reading *>(own)->request;
  if (request.command != 0)
    return problem.fail({.argument = static_cast<uint16_t>(request.command), .length = 1},
                        "not an option\na policy has no command");
  if (request.ldd)
    return problem.fail(kNoLocation, "--ldd needs a command\ngrant what the command loads");
  const bool asks = request.explain || request.json || request.check || request.help ||
                    request.version || request.list != Listed::Nothing ||
                    !request.why.right.empty();
  if (asks) return problem.fail(kNoLocation, "this option only prints\nuse ll_policy_json");
  return true;
}

void open_directories(ApiCall &call, ll_policy &made) {
  const Policy &policy = made.compiled().policy;
  const long here = sys::open_at(uapi::kAT_FDCWD, ".", uapi::kO_PATH | uapi::kO_DIRECTORY);
  if (here < 0) die_errno(policy, "open the current directory", here);
  made.directory = call.directory = static_cast<int>(here);
}

void open_start(ll_policy &made) {
  const Policy &policy = made.compiled().policy;
  const Rule *rule = last_rule(policy, Directive::Chdir);
  if (rule == nullptr) return;
  const long start =
      sys::open_at(made.directory, rule->value.data, uapi::kO_PATH | uapi::kO_DIRECTORY);
  if (start < 0) die_at(policy, rule->where, "cannot start in %: %", rule->value, Error{start});
  made.start = static_cast<int>(start);
}

// As follow_process() finds it.
bool names_process(const Policy &policy, long process) {
  FixedString<32> path;
  path << "/proc/"_t << static_cast<uint64_t>(process);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Text value = policy.rules[i].value;
    const Text rest = value.from(path.text().size);
    if (starts_with(value, path.text()) && (rest.empty() || rest[0] == '/')) return true;
  }
  return false;
}

void read_policy(ApiCall &call, ll_policy &made, Text text, bool has_text) {
  Policy &policy = made.compiled().policy;
  policy.program = program_info();
  Reading reading = {.request = made.request, .has_text = has_text};
  call.input = text;
  call.read = &policy;
  call.input_name = {made.name.data(), made.name.size()};
  load(made.process(), policy, {&reading, read_words, check_words});
  if (policy.status != 0)
    die_at(policy, kNoLocation,
           "--status-fd is not for the library\nerrors are returned by its functions");
}

}  // namespace

Pages::Pages(size_t size) : size_(size + kGuard) {
  void *const pages = mmap(nullptr, size_, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  bytes_ = static_cast<char *>(pages) + kGuard;
  if (mprotect(pages, kGuard, PROT_NONE) != 0) {
    munmap(pages, size_);
    throw std::bad_alloc();
  }
#ifdef __SANITIZE_ADDRESS__
  // Of a child's frames, which never returned, where these pages were before.
  __asan_unpoison_memory_region(bytes_, size);
#endif
}

Pages::~Pages() { munmap(static_cast<char *>(bytes_) - kGuard, size_); }

void compile(ApiCall &call, ll_policy &made, Text text, bool has_text) {
  Compiled &own = made.compiled();
  const StandardDescriptors standard(own.policy);
  open_directories(call, made);
  read_policy(call, made, text, has_text);
  call.name_input();
  made.process_id = sys::process_id();
  made.names_process = names_process(own.policy, made.process_id);
  open_start(made);
  const Pages workspace(sizeof(Workspace));
  const Process process = made.process();
  Sandbox sandbox = {process,  own.policy, made.request,
                     own.plan, own.filter, workspace.as<Workspace>()};
  prepare(sandbox, Purpose::Run);
  made.ruleset = sandbox.ruleset;
  // PR_SET_MDWE is of the memory, which the child that becomes the command shares with the caller.
  own.plan.filters_maps = last_rule(own.policy, Directive::NoWriteExecute) != nullptr;
  // What the caller has open says nothing of what a command has.
  for (Inherited &inherited : own.plan.inherited) inherited = {};
  own.filter = {};
  decide(own.policy, own.plan, own.filter);
  check_sources(own.policy);
  write_filter(own.policy, own.filter, own.program);
  warn_before_start(sandbox);
  made.warnings = std::move(call.warnings);
  made.held = call.take_opened();
}

}  // namespace ll
