#include "os/input/find_command.h"

#include "os/kernel/sys.h"

namespace ll {

namespace {

[[noreturn]] void fail_to_find(const Policy &policy, Text name, bool found) {
  Diagnostic problem;
  problem.fail(kNoLocation,
               found ? "'%' is not executable\nmake it so with chmod +x"
                     : "'%' is not found\nlooked for it in the directories of PATH",
               name);
  die(policy, problem, found ? kCannotRun : kNotFound);
}

bool is_regular(const char *path) {
  uapi::Statx stat;
  return sys::stat_at(uapi::kAT_FDCWD, path, 0, stat) == 0 &&
         (stat.mode & uapi::kS_IFMT) == uapi::kS_IFREG;
}

}  // namespace

const char *find_command(const Process &process, const Policy &policy, Arena &arena,
                         const char *command) {
  const Text name = c_text(command);
  if (name.empty()) fail_to_find(policy, name, false);
  if (find(name, '/') != kNpos) return command;
  Text path;
  // confstr(3), _CS_PATH: where the standard programs are.
  if (!lookup({.environment = process.environment}, "PATH"_t, path)) path = "/bin:/usr/bin"_t;
  const size_t start = arena.used;
  bool found = false;
  for (;;) {
    const Text folder = path.first(find(path, ':'));
    Text candidate;
    arena.used = start;
    if (!arena.push(folder) || !arena.push(folder.empty() ? ""_t : "/"_t) || !arena.push(name) ||
        !arena.finish(start, candidate))
      die_at(policy, kNoLocation, kTooMuchText, kMaxText);
    const bool regular = is_regular(candidate.data);
    if (regular && sys::access(candidate.data, uapi::kX_OK) == 0) return candidate.data;
    found = found || regular;
    if (folder.size == path.size) break;
    path = path.from(folder.size + 1);
  }
  fail_to_find(policy, name, found);
}

}  // namespace ll
