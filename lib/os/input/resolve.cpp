#include "os/input/resolve.h"

#include "core/mem.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr int kMaxLinks = 40;   // as the kernel's MAXSYMLINKS
constexpr long kTooLong = -36;  // ENAMETOOLONG

class Resolver {
 public:
  Resolver(char *resolved, size_t capacity, Links *links)
      : done_(resolved), capacity_(capacity), links_met_(links) {}

  long resolve(Text base, Text path) {
    if (path.empty()) return -uapi::kENOENT;
    if (path.size >= kMaxPath || base.size >= capacity_) return kTooLong;
    const long started = path[0] == '/' ? 0 : start_from(base);
    if (started < 0) return started;
    memcpy(left_, path.data, path.size);
    Text rest = {left_, path.size};
    while (!rest.empty()) {
      const Text name = rest.first(find(rest, '/'));
      rest = rest.from(name.size + 1);
      const long result = enter(name, rest);
      if (result < 0) return result;
    }
    return finish();
  }

 private:
  long start_from(Text base) {
    long size = static_cast<long>(base.size) + 1;
    if (base.empty()) size = sys::current_directory(done_, capacity_);
    if (size < 0) return size;
    if (!base.empty()) memcpy(done_, base.data, base.size);
    if (done_[0] != '/') return -uapi::kENOENT;  // getcwd(2): not beneath the root
    size_ = static_cast<size_t>(size) - 1;
    if (size_ == 1) size_ = 0;  // the root
    return 0;
  }

  long finish() {
    if (size_ == 0) done_[size_++] = '/';
    done_[size_] = '\0';
    return static_cast<long>(size_);
  }

  long enter(Text name, Text &rest) {
    if (name.empty() || name == "."_t) return 0;
    if (name == ".."_t) {
      while (size_ > 0 && done_[size_ - 1] != '/') size_--;
      if (size_ > 0) size_--;
      return 0;
    }
    if (size_ + 1 + name.size + 1 > capacity_) return kTooLong;
    const size_t parent = size_;
    done_[size_++] = '/';
    memcpy(done_ + size_, name.data, name.size);
    size_ += name.size;
    done_[size_] = '\0';
    char target[kMaxPath];
    const long length = sys::read_link(done_, target, sizeof target);
    if (length == -uapi::kEINVAL) return 0;  // not a link
    if (length == -uapi::kENOENT && rest.empty()) return 0;
    if (length <= 0) return length == 0 ? -uapi::kENOENT : length;
    const Text followed = {target, static_cast<size_t>(length)};
    if (links_met_ != nullptr && !links_met_->add({done_, size_}, followed)) return -uapi::kENOMEM;
    size_ = target[0] == '/' ? 0 : parent;
    return follow(followed, rest);
  }

  long follow(Text target, Text &rest) {
    if (++links_ > kMaxLinks) return -uapi::kELOOP;
    if (target.size + 1 + rest.size >= kMaxPath) return kTooLong;
    memmove(left_ + target.size + 1, rest.data, rest.size);
    memcpy(left_, target.data, target.size);
    left_[target.size] = '/';
    rest = {left_, target.size + 1 + rest.size};
    return 0;
  }

  char *done_;  // the resolved part, without a slash at its end
  size_t capacity_;
  Links *links_met_;
  size_t size_ = 0;
  char left_[kMaxPath];
  int links_ = 0;
};

}  // namespace

bool Links::add(Text path, Text target) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].path == path) return true;
  if (count == kMax) return false;
  Row &row = rows[count++];
  return arena.keep(path, row.path) && arena.keep(target, row.target);
}

long resolve(Text base, Text path, char *resolved, size_t capacity, Links *links) {
  return Resolver(resolved, capacity, links).resolve(base, path);
}

}  // namespace ll
