// The directories searched for policies, in order.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

class SearchPath {
 public:
  // `arena`, which must outlive this, gets the paths.
  explicit SearchPath(Arena &arena) : arena_(arena) {}

  // Unless it was found already.
  void find(const Process &process, const Environment &environment) {
    if (count_ != 0) return;
    add_user_folder(environment);
    first_installed_ = count_;
    add({"/etc/ll-exec"_t});
    add_beside(process);
  }

  // The first one after the user's own.
  [[nodiscard]] size_t first_installed() const { return first_installed_; }
  [[nodiscard]] size_t size() const { return count_; }
  [[nodiscard]] Text operator[](size_t i) const { return folders_[i]; }

 private:
  struct Parts {
    Text head, tail = {};
  };

  void add(const Parts &parts) {
    const size_t start = arena_.used;
    if (arena_.push(parts.head) && arena_.push(parts.tail) &&
        arena_.finish(start, folders_[count_]))
      count_++;
  }

  // XDG Base Directory Specification: a relative XDG_CONFIG_HOME is ignored.
  void add_user_folder(const Environment &environment) {
    Text folder;
    if (lookup(environment, "XDG_CONFIG_HOME"_t, folder) && folder[0] == '/')
      add({folder, "/ll-exec"_t});
    else if (lookup(environment, "HOME"_t, folder) && folder[0] == '/')
      add({folder, "/.config/ll-exec"_t});
  }

  // In a build directory or an unpacked archive, then where `make install` puts them.
  [[gnu::noinline]] void add_beside(const Process &process) {
    if (process.executable == nullptr) return;
    char path[kMaxPath];
    const long size = resolve({}, c_text(process.executable), path, sizeof path);
    if (size < 0) return;
    const Text program = {path, static_cast<size_t>(size)};
    const Text folder = program.first(find_last(program, '/'));
    add({folder, "/policies"_t});
    if (!folder.empty()) add({folder.first(find_last(folder, '/')), "/share/ll-exec/policies"_t});
  }

  Arena &arena_;
  size_t count_ = 0;
  size_t first_installed_ = 0;
  Text folders_[4];
};

}  // namespace ll
