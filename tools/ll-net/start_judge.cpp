#include "start_judge.h"

#include "calls.h"
#include "core/mem.h"
#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

constexpr size_t kMostWords = 64;
constexpr uint32_t kCloseThem = 4;  // CLOSE_RANGE_CLOEXEC

struct Words {
  char bytes[kMaxPath];
  char *rows[kMostWords + 1];
};

// Divided by blanks.
bool divide(Text text, Words &words) {
  if (text.size >= sizeof words.bytes) return false;
  memcpy(words.bytes, text.data, text.size);
  words.bytes[text.size] = '\0';
  size_t count = 0;
  for (char *at = words.bytes; *at != '\0';) {
    if (*at == ' ') {
      *at++ = '\0';
      continue;
    }
    if (count == kMostWords) return false;
    words.rows[count++] = at;
    while (*at != '\0' && *at != ' ') at++;
  }
  words.rows[count] = nullptr;
  return count > 0;
}

Text path_of(char *const *environment) {
  for (; *environment != nullptr; environment++)
    if (starts_with(c_text(*environment), "PATH="_t)) return c_text(*environment).from(5);
  return "/usr/bin:/bin"_t;
}

// Minus the errno of why not. Nothing of the current directory, whatever PATH says.
long execute(const Words &words, char *const *environment) {
  const Text name = c_text(words.rows[0]);
  if (find(name, '/') != kNpos) return sys::execute(words.rows[0], words.rows, environment);
  long error = -uapi::kENOENT;
  for (Text rest = path_of(environment); !rest.empty();) {
    const Text folder = rest.first(find(rest, ':'));
    rest = rest.from(folder.size + 1);
    if (folder.empty() || folder[0] != '/' || folder.size + name.size + 2 > kMaxPath) continue;
    char path[kMaxPath];
    Builder(path, sizeof path) << folder << '/' << name << '\0';
    const long result = sys::execute(path, words.rows, environment);
    if (result != -uapi::kENOENT && result != -uapi::kENOTDIR) error = result;
  }
  return error;
}

[[noreturn]] void become_judge(const Words &words, char *const *environment, int end, int told) {
  long result = 0;
  for (int i = 0; i < 2 && result >= 0; i++) result = sys::call(number::dup3, end, i, 0);
  if (result >= 0) result = sys::call(number::close_range, 3, UINT32_MAX, kCloseThem);
  if (result >= 0) result = execute(words, environment);
  sys::write(told, &result, sizeof result);
  sys::exit(kFailed);
}

int taken_over(const Policy &policy) {
  const int socket = policy.judging.descriptor;
  int type = 0;
  uint32_t size = sizeof type;
  long result = sys::get_socket_option(socket, uapi::kSO_TYPE, &type, size);
  if (result >= 0) result = sys::set_descriptor_flags(socket, 1);
  if (result < 0 || type != uapi::kSOCK_STREAM)
    die_at(policy, kNoLocation, "descriptor % of --judge-fd is not a stream socket",
           static_cast<uint64_t>(socket));
  return socket;
}

}  // namespace

int start_judge(const Policy &policy, char *const *environment, long &child) {
  const Text program = policy.judging.program;
  if (program.empty()) return taken_over(policy);
  static constinit Words words{};
  if (!divide(program, words))
    die_at(policy, kNoLocation, "'%' of --judge is not the name of a program", program);
  int ends[2];
  int told[2];
  long result = sys::make_socket_pair(uapi::kSOCK_STREAM | uapi::kO_CLOEXEC, ends);
  if (result >= 0) result = sys::make_pipe(told);
  child = result < 0 ? result : sys::fork();
  if (child < 0) die_errno(policy, "start the judge", child);
  if (child == 0) become_judge(words, environment, ends[1], told[1]);
  sys::close(ends[1]);
  sys::close(told[1]);
  long error = 0;
  result = -uapi::kEINTR;
  while (result == -uapi::kEINTR) result = sys::read(told[0], &error, sizeof error);
  sys::close(told[0]);
  if (result == 0) return ends[0];
  die_at(policy, kNoLocation, "cannot start the judge %: %", c_text(words.rows[0]),
         Error{result < 0 ? result : error});
}

}  // namespace ll
