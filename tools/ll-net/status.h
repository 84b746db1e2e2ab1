// proc_pid_status(5).
#pragma once

#include "calls.h"

namespace ll {

// Of /proc/TASK/status, proc_pid_status(5). A thread is there as well as a process.
class Status {
 public:
  explicit Status(uint32_t task) {
    FixedString<64> path;
    path << "/proc/"_t << task << "/status"_t << '\0';
    read(path.text().data);
  }
  // Of this process.
  Status() { read("/proc/self/status"); }

  // Behind "NAME:\t".
  [[nodiscard]] Text field(Text name) const {
    for (Text rest = text_; !rest.empty(); rest = rest.from(find(rest, '\n') + 1)) {
      if (starts_with(rest, name)) return rest.first(find(rest, '\n')).from(name.size + 1);
      if (find(rest, '\n') == kNpos) break;
    }
    return {};
  }

  [[nodiscard]] uint64_t mask(Text name) const {
    const Text digits = field(name);
    uint64_t value = 0;
    for (size_t i = 0; i < digits.size; i++)
      value = value << 4 |
              static_cast<uint64_t>(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
    return value;
  }

  // 0777 where it is not there.
  [[nodiscard]] uint64_t octal(Text name) const {
    const Text digits = field(name);
    uint64_t value = digits.empty() ? 0777 : 0;
    for (size_t i = 0; i < digits.size; i++)
      value = value << 3 | static_cast<uint64_t>(digits[i] - '0');
    return value & 0777;
  }

 private:
  void read(const char *path) {
    const long file = sys::open_at(uapi::kAT_FDCWD, path, uapi::kO_RDONLY);
    if (file < 0) return;
    const long got = sys::read(static_cast<int>(file), bytes_, sizeof bytes_);
    sys::close(static_cast<int>(file));
    text_ = {bytes_, got > 0 ? static_cast<size_t>(got) : 0};
  }

  char bytes_[4096];
  Text text_;
};

}  // namespace ll
