// The directories searched for policies, in order.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

class SearchPath {
 public:
  SearchPath() {}
  SearchPath(const Process &process, const Environment &environment) { find(process, environment); }

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
    const size_t size = parts.head.size + parts.tail.size;
    if (used_ + size > sizeof bytes_) return;
    Builder folder(bytes_ + used_, size);
    folder << parts.head << parts.tail;
    folders_[count_++] = folder.text();
    used_ += size;
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
  void add_beside(const Process &process) {
    if (process.executable == nullptr) return;
    const long size = resolve({}, c_text(process.executable), program_, sizeof program_);
    if (size < 0) return;
    const Text program = {program_, static_cast<size_t>(size)};
    const Text folder = program.first(find_last(program, '/'));
    add({folder, "/policies"_t});
    if (!folder.empty()) add({folder.first(find_last(folder, '/')), "/share/ll-exec/policies"_t});
  }

  // What every start touches comes first; the rest is on other pages.
  size_t used_ = 0;
  size_t count_ = 0;
  size_t first_installed_ = 0;
  Text folders_[4];
  char program_[kMaxPath];
  char bytes_[3 * kMaxPath];
};

}  // namespace ll
