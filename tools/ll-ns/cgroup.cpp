#include "cgroup.h"

#include "calls.h"
#include "core/mem.h"
#include "limits.h"
#include "os/kernel/files.h"

namespace ll {

namespace {

constexpr int kWritable = 2;  // W_OK
constexpr uapi::Time kMoment = {0, 1000000};

Text line_of(Text &rest) {
  const Text line = rest.first(find(rest, '\n'));
  rest = rest.from(line.size + 1);
  return line;
}

Text word_of(Text line, size_t number) {
  for (; number > 0; number--) line = line.from(find(line, ' ') + 1);
  return line.first(find(line, ' '));
}

// proc_pid_mountinfo(5): where cgroup2 is mounted, from the top.
Text hierarchy(Text mounts) {
  while (!mounts.empty()) {
    const Text line = line_of(mounts);
    for (size_t i = 0; i + 11 < line.size; i++)
      if (starts_with(line.from(i), " - cgroup2 "_t) && word_of(line, 3) == "/"_t)
        return word_of(line, 4);
  }
  return {};
}

// cgroups(7), /proc/PID/cgroup: "0::/PATH"
Text own_path(Text cgroups) {
  while (!cgroups.empty()) {
    const Text line = line_of(cgroups);
    if (starts_with(line, "0::/"_t)) return line.from(3);
  }
  return {};
}

bool lists(Text words, Text wanted) {
  while (!words.empty()) {
    const Text word = words.first(find(words, ' '));
    if (word.first(find(word, '\n')) == wanted) return true;
    words = words.from(word.size + 1);
  }
  return false;
}

// A file of a cgroup, by its whole path.
class Name {
 public:
  Name(Text folder, Text file) { line_ << folder << '/' << file << '\0'; }
  [[nodiscard]] const char *get() const { return line_.text().data; }

 private:
  FixedString<4200> line_;
};

// cgroup-v2, "No Internal Process Constraint": what has processes of its own cannot be divided, but
// for the root of all, which has no type.
bool has_processes(Text folder) {
  char bytes[16];
  const Text type = read_file(Name(folder, "cgroup.type"_t).get(), bytes, sizeof bytes);
  if (type.empty()) return false;
  return !read_file(Name(folder, "cgroup.procs"_t).get(), bytes, sizeof bytes).empty();
}

// Those that the limits need; the others are empty.
struct Controllers {
  explicit Controllers(const NsRequest &request)
      : names{request.memory != 0 ? "memory"_t : Text{}, request.processes != 0 ? "pids"_t : Text{},
              request.cpus != 0 ? "cpu"_t : Text{}} {}
  Text names[3];
};

// cgroups(7): a controller is in one hierarchy only, that of v1 or of v2.
Text missing_controller(Text top, const NsRequest &request) {
  const Controllers wanted(request);
  char bytes[256];
  const Text known = read_file(Name(top, "cgroup.controllers"_t).get(), bytes, sizeof bytes);
  for (const Text name : wanted.names)
    if (!name.empty() && !lists(known, name)) return name;
  return {};
}

}  // namespace

bool Cgroup::make(const Policy &policy, const NsRequest &request, Diagnostic &problem) {
  static char mounts[65536];
  static char cgroups[8192];
  const Text top = hierarchy(read_file("/proc/self/mountinfo", mounts, sizeof mounts));
  const Text own = own_path(read_file("/proc/self/cgroup", cgroups, sizeof cgroups));
  if (top.empty() || own.empty())
    return problem.fail(request.limits,
                        "no cgroup v2 hierarchy is mounted here\n"
                        "mount one: mount -t cgroup2 none /sys/fs/cgroup; %",
                        without_cgroup(request));
  if (const Text missing = missing_controller(top, request); !missing.empty())
    return problem.fail(
        request.limits,
        "cgroup v2 has no `%` controller here: cgroup v1 uses it, or it was not delegated\n"
        "boot with systemd.unified_cgroup_hierarchy=1, %",
        missing, without_cgroup(request));
  FixedString<4096> whole;
  whole << top << (own == "/"_t ? Text{} : own);
  for (Text folder = whole.text();; folder = folder.first(find_last(folder, '/'))) {
    if (divide(folder, request)) {
      keep_swept(policy);
      return true;
    }
    if (folder.size <= top.size) break;
  }
  return problem.fail(
      request.limits,
      "this user cannot create a cgroup here: neither in % nor above it\n"
      "start it with systemd-run --user --scope -p Delegate=yes, have one delegated, %",
      whole.text(), without_cgroup(request));
}

// A new one in that folder, with the limits.
bool Cgroup::divide(Text folder, const NsRequest &request) {
  if (sys::access(Name(folder, "cgroup.procs"_t).get(), kWritable) < 0) return false;
  if (has_processes(folder)) return false;
  const Controllers controllers(request);
  const Name control(folder, "cgroup.subtree_control"_t);
  for (const Text controller : controllers.names) {
    char enabled[256];
    if (controller.empty() || lists(read_file(control.get(), enabled, sizeof enabled), controller))
      continue;
    FixedString<16> enable;
    enable << '+' << controller;
    if (write_file(control.get(), enable.text()) < 0) return false;
  }
  FixedString<sizeof path_> path;
  path << folder << "/ll-"_t << static_cast<uint64_t>(sys::process_id()) << '\0';
  memcpy(path_, path.text().data, path.text().size);
  if (sys::make_directory(path_, 0755) < 0) return false;
  FixedString<64> quota;
  quota << request.cpus * 100 << " 100000"_t;  // cpu.max: microseconds of a tenth of a second
  FixedString<32> memory;
  memory << request.memory;
  FixedString<32> processes;
  processes << request.processes;
  descriptor_ = static_cast<int>(sys::open_at(uapi::kAT_FDCWD, path_, uapi::kO_RDONLY));
  const bool made = descriptor_ >= 0 &&
                    (request.memory == 0 ||
                     (set("memory.max", memory.text()) && set("memory.oom.group", "1"_t))) &&
                    (request.processes == 0 || set("pids.max", processes.text())) &&
                    (request.cpus == 0 || set("cpu.max", quota.text()));
  // There is no such file where nothing swaps.
  const long swap = request.memory != 0 ? write_in("memory.swap.max", "0"_t) : 0;
  if (made && (swap >= 0 || swap == -uapi::kENOENT)) return true;
  remove();
  return false;
}

bool Cgroup::set(const char *file, Text value) { return write_in(file, value) >= 0; }

long Cgroup::write_in(const char *file, Text value) const {
  return write_file(Name(c_text(path_), c_text(file)).get(), value);
}

bool Cgroup::ran_out() const {
  char events[512];
  Text rest = read_file(Name(c_text(path_), "memory.events"_t).get(), events, sizeof events);
  while (!rest.empty()) {
    const Text line = line_of(rest);
    if (starts_with(line, "oom_kill "_t)) return !(line == "oom_kill 0"_t);
  }
  return false;
}

void Cgroup::remove() const {
  write_in("cgroup.kill", "1"_t);
  for (int i = 0; i < 5000; i++) {
    const long removed = sys::remove(path_, 0x200);  // AT_REMOVEDIR
    if (removed >= 0 || removed == -uapi::kENOENT) return;
    uapi::PollFd none = {.descriptor = -1};
    sys::poll(none, kMoment);
  }
}

void Cgroup::keep_swept(const Policy &policy) {
  int ends[2] = {};
  const long piped = sys::make_pipe(ends);
  if (piped < 0) die_errno(policy, "make a pipe", piped);
  sweeper_ = sys::fork_into(0);
  if (sweeper_ < 0) die_errno(policy, "start the process that removes the cgroup", sweeper_);
  if (sweeper_ == 0) {
    sys::close(ends[1]);
    sys::new_session();
    const uint64_t all = UINT64_MAX;
    sys::set_signal_mask(uapi::kSIG_SETMASK, &all, nullptr);
    char nothing;
    while (sys::read(ends[0], &nothing, 1) == -uapi::kEINTR) continue;
    remove();
    sys::exit(0);
  }
  sys::close(ends[0]);
  pipe_ = ends[1];
}

void Cgroup::end(const Policy &policy, const NsRequest &request) {
  if (sweeper_ == 0) return;
  if (request.memory != 0 && ran_out()) {
    Diagnostic problem;
    problem.fail(request.limits,
                 "out of memory: the kernel killed the command at its limit of % bytes",
                 request.memory);
    warn(policy, problem);
  }
  sys::close(pipe_);
  int status = 0;
  sys::wait_for(static_cast<int>(sweeper_), status);
}

}  // namespace ll
