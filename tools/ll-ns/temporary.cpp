#include "temporary.h"

#include "calls.h"

namespace ll {

namespace {

constexpr int kRemoveDirectory = 0x200;  // AT_REMOVEDIR
constexpr int kDeepest = 64;

// Nothing else works in it by now; no link is followed all the same.
class Remover {
 public:
  long remove(const char *path) {
    const long opened = open_own(uapi::kAT_FDCWD, path);
    if (opened < 0) return opened;
    top_ = static_cast<int>(opened);
    // What is raised comes behind what was listed.
    for (uint64_t raised = UINT64_MAX; raised != raised_ && result_ >= 0;) {
      raised = raised_;
      empty(top_, 1);
    }
    sys::close(top_);
    return result_ < 0 ? result_ : sys::remove(path, kRemoveDirectory);
  }

 private:
  // A directory that may be closed to its owner.
  static long open_own(int in, const char *name) {
    constexpr int kFlags = uapi::kO_RDONLY | uapi::kO_DIRECTORY | uapi::kO_NOFOLLOW;
    const long named = sys::open_at(in, name, uapi::kO_PATH | kFlags);
    if (named < 0) return named;
    sys::close(static_cast<int>(named));
    sys::call(number::fchmodat, in, sys::address(name), 0700);
    return sys::open_at(in, name, kFlags);
  }

  void empty(int directory, int depth) {
    alignas(uapi::DirectoryEntry) char buffer[2048];
    for (bool removed = true; removed && result_ >= 0;) {
      removed = false;
      sys::call(number::lseek, directory, 0, 0);
      for (;;) {
        const long size = sys::read_directory(directory, buffer, sizeof buffer);
        if (size < 0) result_ = size;
        if (size <= 0) break;
        for (long at = 0; at < size && result_ >= 0;) {
          const auto &entry = *reinterpret_cast<const uapi::DirectoryEntry *>(buffer + at);
          at += entry.length;
          const Text name = c_text(entry.name);
          if (name == "."_t || name == ".."_t) continue;
          take(directory, entry.name, depth);
          removed = true;
        }
      }
    }
  }

  void take(int directory, const char *name, int depth) {
    const long unlinked = sys::call(number::unlinkat, directory, sys::address(name), 0);
    if (unlinked >= 0) return;
    const long opened = open_own(directory, name);
    if (opened < 0) {
      result_ = unlinked;
      return;
    }
    if (depth == kDeepest)
      raise(directory, name);
    else
      empty(static_cast<int>(opened), depth + 1);
    sys::close(static_cast<int>(opened));
    if (depth == kDeepest || result_ < 0) return;
    const long removed =
        sys::call(number::unlinkat, directory, sys::address(name), kRemoveDirectory);
    if (removed < 0) result_ = removed;
  }

  // What is too deep is moved to the top, and found there.
  void raise(int directory, const char *name) {
    FixedString<32> raised;
    raised << ".deep"_t << raised_++ << '\0';
    const long moved = sys::call(number::renameat2, directory, sys::address(name), top_,
                                 sys::address(raised.text().data), 1);  // RENAME_NOREPLACE
    if (moved < 0 && moved != -uapi::kEEXIST) result_ = moved;
  }

  int top_ = -1;
  uint64_t raised_ = 0;
  long result_ = 0;
};

}  // namespace

Text value_of(char *const *environment, Text name) {
  for (char *const *entry = environment; *entry != nullptr; entry++) {
    const Text variable = c_text(*entry);
    if (variable.size > name.size && starts_with(variable, name) && variable[name.size] == '=')
      return variable.from(name.size + 1);
  }
  return {};
}

void TemporaryFolder::make(const Process &process, const Policy &policy) {
  const Text wanted = value_of(process.environment, "TMPDIR"_t);
  const Text place = !wanted.empty() && wanted[0] == '/' ? wanted : "/tmp"_t;
  const long size = resolve({}, place, path_, kMaxPath);
  uint64_t number = 0;
  long made = size;
  for (int tries = 100; tries > 0 && made >= 0;) {
    made = sys::call(number::getrandom, sys::address(&number), sizeof number, 0);
    if (made < 0) break;
    Builder out(path_ + size, sizeof path_ - static_cast<size_t>(size));
    out << "/ll-ns."_t << number << '\0';
    size_ = static_cast<size_t>(size) + out.text().size - 1;
    made = sys::make_directory(path_, 0700);
    if (made >= 0) return;
    if (made == -uapi::kEEXIST && --tries > 0) made = 0;
  }
  die_at(policy, kNoLocation, "cannot make a directory for temporary files in %: %\nset TMPDIR",
         place, Error{made});
}

long TemporaryFolder::remove() const {
  const long result = size_ == 0 ? 0 : Remover().remove(path_);
  return result == -uapi::kENOENT ? 0 : result;
}

}  // namespace ll
