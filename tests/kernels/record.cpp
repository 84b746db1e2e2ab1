// record FILE COMMAND [ARGUMENT...]: writes down what a command tells the kernel of Landlock and
// seccomp, one line a fact, in the order of the calls. Of Landlock in the words of a table of its
// own, not of the loader's; only the numbers of system calls are the loader's:
//   handled fs execute read_file        the ruleset that was enforced, and none that was only tried
//   path /usr execute read_file         a rule that was accepted, by the path of its descriptor
//   port 443 connect_tcp
//   handled flags log_new_exec_on       of landlock_restrict_self(2)
//   call bpf EPERM                      what the filter answers, `by argument` if not always the
//   same refused CALL ERRNO                  a call for the enforced ruleset that the kernel
//   refused
// record --differences EXPECTED FILE: prints the lines that only one of them has.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

constexpr uint64_t kCreate = 444, kAdd = 445, kRestrict = 446;  // the same on every architecture
constexpr uint64_t kSeccomp = SYS_seccomp, kSetFilter = SECCOMP_SET_MODE_FILTER;
constexpr int kFields = 4;

// include/uapi/linux/landlock.h of Linux 7.3, each field in the order of its bits.
const std::vector<const char *> kNames[kFields] = {
    {"execute", "write_file", "read_file", "read_dir", "remove_dir", "remove_file", "make_char",
     "make_dir", "make_reg", "make_sock", "make_fifo", "make_block", "make_sym", "refer",
     "truncate", "ioctl_dev", "resolve_unix"},
    {"bind_tcp", "connect_tcp", "bind_udp", "connect_send_udp"},
    {"abstract_unix_socket", "signal"},
    {"log_same_exec_off", "log_new_exec_on", "log_subdomains_off", "tsync", "no_new_privs"}};
constexpr const char *kFieldNames[kFields] = {"fs", "net", "scope", "flags"};
enum Field { kFs, kNet, kScope, kFlags };

struct Ruleset {
  uint64_t handled[3] = {};
  std::vector<std::string> facts;
};

struct Call {
  uint64_t number = 0;
  uint64_t arguments[6] = {};
};

std::string words(Field field, uint64_t bits) {
  std::string text;
  for (unsigned bit = 0; bit < 64; bit++) {
    if ((bits >> bit & 1) == 0) continue;
    const auto &names = kNames[field];
    text += ' ';
    text += bit < names.size() ? std::string(names[bit]) : "bit-" + std::to_string(bit);
  }
  return text;
}

std::string bytes_of(pid_t process, uint64_t address, size_t size) {
  std::string bytes(size, '\0');
  const iovec here = {bytes.data(), size};
  const iovec there = {reinterpret_cast<void *>(address), size};
  process_vm_readv(process, &here, 1, &there, 1, 0);
  return bytes;
}

struct NamedCall {
  const char *name;
  int number;
};
const std::vector<NamedCall> kCalls = {
#if defined(__aarch64__)
#define SYSCALL(name, x86_64, arm64, group, more) {#name, arm64},
#else
#define SYSCALL(name, x86_64, arm64, group, more) {#name, x86_64},
#endif
#include "../../lib/core/seccomp/syscalls.def"
};

// Every way through a filter that a call of that number can take, whatever its arguments are.
class Ways {
 public:
  Ways(const std::vector<sock_filter> &program, int number) : program_(program), number_(number) {
    follow(0, std::nullopt);
  }
  [[nodiscard]] const std::set<uint32_t> &answers() const { return answers_; }

 private:
  using Known = std::optional<uint32_t>;  // what is loaded, unless it is of an argument

  void follow(size_t at, Known loaded) {
    for (; at < program_.size(); at++) {
      const sock_filter &step = program_[at];
      switch (BPF_CLASS(step.code)) {
        case BPF_LD: loaded = load(step.k); break;
        case BPF_ALU:
          if (loaded) *loaded &= step.k;
          break;
        case BPF_JMP:
          if (BPF_OP(step.code) == BPF_JA) {
            at += step.k;
            break;
          }
          if (!loaded) follow(at + 1 + step.jt, loaded);
          at += loaded && holds(step, *loaded) ? step.jt : step.jf;
          break;
        default: answers_.insert(step.k); return;
      }
    }
    answers_.insert(SECCOMP_RET_TRAP);  // beyond the end, which the kernel refuses
  }

  [[nodiscard]] Known load(uint32_t offset) const {
    if (offset == offsetof(seccomp_data, nr)) return static_cast<uint32_t>(number_);
    if (offset == offsetof(seccomp_data, arch)) return kArchitecture;
    return std::nullopt;
  }

  static bool holds(const sock_filter &step, uint32_t loaded) {
    switch (BPF_OP(step.code)) {
      case BPF_JEQ: return loaded == step.k;
      case BPF_JGE: return loaded >= step.k;
      case BPF_JGT: return loaded > step.k;
      default: return (loaded & step.k) != 0;
    }
  }

#if defined(__aarch64__)
  static constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
  static constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#endif
  const std::vector<sock_filter> &program_;
  int number_;
  std::set<uint32_t> answers_;
};

std::string name_of(const std::set<uint32_t> &answers) {
  if (answers.size() > 1) return "by argument";
  const uint32_t answer = *answers.begin();
  if (answer == SECCOMP_RET_ALLOW) return "";
  if (answer == SECCOMP_RET_KILL_PROCESS) return "SIGSYS";
  switch (answer & SECCOMP_RET_DATA) {
    case EPERM: return "EPERM";
    case EACCES: return "EACCES";
    case ENOSYS: return "ENOSYS";
    case EOPNOTSUPP: return "EOPNOTSUPP";
    default: return "answer-" + std::to_string(answer);
  }
}

template <typename Value>
Value value_at(const std::string &bytes, size_t offset) {
  Value value = 0;
  if (offset + sizeof value <= bytes.size()) memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::string path_of(pid_t process, int descriptor) {
  char path[PATH_MAX] = {};
  const std::string link = "/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor);
  return readlink(link.c_str(), path, sizeof path - 1) < 0 ? "?" : path;
}

class Recorder {
 public:
  Recorder(pid_t process, FILE *out) : process_(process), out_(out) {}

  // What can only be read before the kernel answers.
  void enter(const Call &call) {
    call_ = call;
    const auto &arguments = call.arguments;
    if (call.number == kCreate && arguments[2] == 0 && arguments[1] <= 4096)
      attr_ = bytes_of(process_, arguments[0], arguments[1]);
    if (call.number == kAdd) fact_ = fact();
    if (call.number == kSeccomp && arguments[0] == kSetFilter) read_filter(arguments[2]);
  }

  void leave(int64_t result) {
    switch (call_.number) {
      case kCreate: return created(result);
      case kAdd: return added(result);
      case kRestrict: return restricted(result);
      case kSeccomp: return filtered(result);
      default: return;
    }
  }

 private:
  std::string fact() {
    const auto &arguments = call_.arguments;
    if (arguments[1] == 1) {
      const std::string attr = bytes_of(process_, arguments[2], 12);
      return "path " + path_of(process_, value_at<int32_t>(attr, 8)) +
             words(kFs, value_at<uint64_t>(attr, 0));
    }
    const std::string attr = bytes_of(process_, arguments[2], 16);
    return (arguments[1] == 2 ? "port " : "rule-of-unknown-type ") +
           std::to_string(value_at<uint64_t>(attr, 8)) + words(kNet, value_at<uint64_t>(attr, 0)) +
           (arguments[3] == 0 ? "" : " with-flags");
  }

  void created(int64_t result) {
    if (call_.arguments[2] != 0 || result < 0) return;  // asked for the ABI; or tried
    Ruleset ruleset;
    for (int field = 0; field < 3; field++)
      ruleset.handled[field] = value_at<uint64_t>(attr_, sizeof(uint64_t) * field);
    for (size_t beyond = 24; beyond < attr_.size(); beyond++)
      if (attr_[beyond] != 0) ruleset.facts.push_back("field-beyond-scoped");
    rulesets_[static_cast<int>(result)] = ruleset;
  }

  void added(int64_t result) {
    Ruleset &ruleset = rulesets_[static_cast<int>(call_.arguments[0])];
    ruleset.facts.push_back(
        result == 0 ? fact_ : "refused landlock_add_rule " + std::to_string(-result) + " " + fact_);
  }

  void restricted(int64_t result) {
    if (result != 0) {
      fprintf(out_, "refused landlock_restrict_self %d\n", static_cast<int>(-result));
      return;
    }
    const Ruleset &ruleset = rulesets_[static_cast<int>(call_.arguments[0])];
    for (int field = 0; field < 3; field++)
      fprintf(out_, "handled %s%s\n", kFieldNames[field],
              words(static_cast<Field>(field), ruleset.handled[field]).c_str());
    for (const std::string &line : ruleset.facts) fprintf(out_, "%s\n", line.c_str());
    fprintf(out_, "handled flags%s\n", words(kFlags, call_.arguments[1]).c_str());
  }

  void read_filter(uint64_t address) {
    const std::string header = bytes_of(process_, address, sizeof(sock_fprog));
    const size_t length = value_at<uint16_t>(header, offsetof(sock_fprog, len));
    filter_.resize(length);
    const std::string bytes =
        bytes_of(process_, value_at<uint64_t>(header, offsetof(sock_fprog, filter)),
                 length * sizeof(sock_filter));
    memcpy(filter_.data(), bytes.data(), bytes.size());
  }

  // Each call that the filter refuses, at least with some arguments.
  void filtered(int64_t result) {
    if (call_.arguments[0] != kSetFilter) return;
    if (result != 0) {
      fprintf(out_, "refused seccomp %d\n", static_cast<int>(-result));
      return;
    }
    for (const NamedCall &call : kCalls) {
      if (call.number < 0) continue;
      const std::string answer = name_of(Ways(filter_, call.number).answers());
      if (!answer.empty()) fprintf(out_, "call %s %s\n", call.name, answer.c_str());
    }
  }

  pid_t process_;
  FILE *out_;
  Call call_;
  std::string attr_, fact_;
  std::vector<sock_filter> filter_;
  std::map<int, Ruleset> rulesets_;
};

int exit_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int follow(pid_t child, FILE *out) {
  int status = 0;
  waitpid(child, &status, 0);
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  Recorder recorder(child, out);
  int signal = 0;
  for (;;) {
    ptrace(PTRACE_SYSCALL, child, nullptr, signal);
    if (waitpid(child, &status, 0) != child) return 99;
    if (!WIFSTOPPED(status)) return exit_status(status);
    signal = 0;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      if (WSTOPSIG(status) != SIGTRAP) signal = WSTOPSIG(status);
      continue;
    }
    __ptrace_syscall_info info = {};
    ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      Call call = {info.entry.nr, {}};
      for (int i = 0; i < 6; i++) call.arguments[i] = info.entry.args[i];
      recorder.enter(call);
    } else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
      recorder.leave(info.exit.rval);
    }
  }
}

std::multiset<std::string> lines_of(const char *path) {
  std::multiset<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    // Where no socket is granted, the answer is the same for all arguments.
    lines.insert(line == "call socket EACCES" ? "call socket by argument" : line);
  }
  return lines;
}

void print_missing(const char *mark, const std::multiset<std::string> &from,
                   const std::multiset<std::string> &in) {
  std::vector<std::string> missing;
  std::set_difference(from.begin(), from.end(), in.begin(), in.end(), std::back_inserter(missing));
  for (const std::string &line : missing) printf("%s %s\n", mark, line.c_str());
}

// The lines that only one of them has, marked as by diff(1).
int print_differences(const char *expected, const char *facts) {
  const std::multiset<std::string> of_expected = lines_of(expected), of_facts = lines_of(facts);
  print_missing("<", of_expected, of_facts);
  print_missing(">", of_facts, of_expected);
  return of_expected == of_facts ? 0 : 1;
}

int record(const char *facts, char **command) {
  FILE *out = fopen(facts, "we");
  if (out == nullptr) return perror(facts), 99;
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execv(command[0], command);
    perror(command[0]);
    _exit(127);
  }
  const int status = follow(child, out);
  return fclose(out) == 0 ? status : 99;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "--differences") == 0)
    return print_differences(argv[2], argv[3]);
  if (argc > 2) return record(argv[1], argv + 2);
  fputs("usage: record FILE COMMAND [ARGUMENT...] | --differences EXPECTED FILE\n", stderr);
  return 99;
}
