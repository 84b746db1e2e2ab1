#include "ending.h"

#include "calls.h"
#include "core/text.h"
#include "os/kernel/files.h"

namespace ll {

namespace {

constexpr size_t kMaxProcesses =
    65536;                            // processes in one look; those beyond are found the next time
constexpr size_t kHighest = 4194304;  // proc_sys_kernel(5): pid_max is at most that
constexpr uapi::Time kPause = {0, 500000};
constexpr int kPatience = 4000;  // looks at what may not be killed

struct Entry {
  uint32_t process, parent;
};

// All processes that there can be.
class Processes {
 public:
  void clear() {
    for (uint64_t &word : bits_) word = 0;
  }
  [[nodiscard]] bool has(uint32_t process) const {
    return process < kHighest && (bits_[process / 64] >> process % 64 & 1) != 0;
  }
  void add(uint32_t process) {
    if (process < kHighest) bits_[process / 64] |= uint64_t{1} << process % 64;
  }

 private:
  uint64_t bits_[kHighest / 64];
};

// proc_pid_stat(5): "PID (NAME) STATE PARENT", where the name can hold anything.
uint64_t parent_of(Text name) {
  char bytes[512];
  FixedString<32> path;
  path << "/proc/"_t << name << "/stat"_t << '\0';
  const Text stat = read_file(path.text().data, bytes, sizeof bytes);
  const Text rest = stat.from(find_last(stat, ')') + 4);
  uint64_t parent = 0;
  return parse_number(rest.first(find(rest, ' ')), UINT32_MAX, parent) ? parent : 0;
}

class Look {
 public:
  explicit Look(long spared)
      : self_(static_cast<uint32_t>(sys::process_id())), spared_(static_cast<uint32_t>(spared)) {
    list();
    add_children();
    find_ours();
  }

  // How many there are; `refused`: of these, the kernel lets none be killed.
  size_t kill(bool &refused) const {
    size_t found = 0;
    size_t killed = 0;
    for (size_t i = 0; i < count_; i++) {
      if (entries_[i].process == self_ || !ours_.has(entries_[i].process)) continue;
      found++;
      if (sys::send_signal(entries_[i].process, uapi::kSIGKILL) >= 0) killed++;
    }
    refused = found > 0 && killed == 0;
    return found;
  }

 private:
  void add(uint64_t process, uint64_t parent) {
    if (count_ < kMaxProcesses && process != self_)
      entries_[count_++] = {static_cast<uint32_t>(process), static_cast<uint32_t>(parent)};
  }

  void list() {
    const long listing =
        sys::open_at(uapi::kAT_FDCWD, "/proc", uapi::kO_RDONLY | uapi::kO_DIRECTORY);
    if (listing < 0) return;
    alignas(uapi::DirectoryEntry) static char buffer[32768];
    for (;;) {
      const long size = sys::read_directory(static_cast<int>(listing), buffer, sizeof buffer);
      if (size <= 0) break;
      for (long at = 0; at < size;) {
        const auto &entry = *reinterpret_cast<const uapi::DirectoryEntry *>(buffer + at);
        at += entry.length;
        const Text name = c_text(entry.name);
        uint64_t process = 0;
        if (parse_number(name, UINT32_MAX, process)) add(process, parent_of(name));
      }
    }
    sys::close(static_cast<int>(listing));
  }

  // proc_pid_task(5): also those that hidepid= of proc(5) hides.
  void add_children() {
    static char bytes[65536];
    Text rest = read_file("/proc/thread-self/children", bytes, sizeof bytes);
    while (!rest.empty()) {
      const Text word = rest.first(find(rest, ' '));
      rest = rest.from(word.size + 1);
      uint64_t process = 0;
      if (parse_number(word, UINT32_MAX, process)) add(process, self_);
    }
  }

  // A parent has mostly the lower number: few rounds find all.
  void find_ours() {
    ours_.clear();
    ours_.add(self_);
    for (bool more = true; more;) {
      more = false;
      for (size_t i = 0; i < count_; i++) {
        const Entry &entry = entries_[i];
        if (entry.process == spared_ || ours_.has(entry.process) || !ours_.has(entry.parent))
          continue;
        ours_.add(entry.process);
        more = ours_.has(entry.process);
      }
    }
  }

  static inline Entry entries_[kMaxProcesses];
  static inline Processes ours_;
  uint32_t self_, spared_;
  size_t count_ = 0;
};

// False: none is left but the one that stays.
bool reap_some(long spared) {
  for (;;) {
    int status = 0;
    const long ended = sys::wait_for_change(-1, status, uapi::kWNOHANG);
    if (ended == -uapi::kECHILD) return false;
    if (ended <= 0) return true;
    if (ended == spared) return true;
  }
}

}  // namespace

bool sees_descendants() {
  char bytes[16];
  return !read_file("/proc/self/stat", bytes, sizeof bytes).empty();
}

long adopt_orphans() {
  constexpr int kSubreaper = 36;  // PR_SET_CHILD_SUBREAPER
  return sys::call(number::prctl, kSubreaper, 1, 0, 0, 0);
}

bool end_descendants(long spared) {
  for (int patience = kPatience; patience > 0;) {
    const bool children = reap_some(spared);
    bool refused = false;
    const size_t found = Look(spared).kill(refused);
    if (found == 0 && (!children || spared != 0)) return true;
    patience = refused || found == 0 ? patience - 1 : kPatience;
    uapi::PollFd none = {.descriptor = -1};
    sys::poll(none, kPause);
  }
  return false;
}

}  // namespace ll
