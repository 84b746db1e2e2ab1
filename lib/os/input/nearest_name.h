// The policy whose name is nearest to a missing one.
#pragma once

#include "core/mem.h"
#include "os/input/resolve.h"
#include "os/kernel/sys.h"

namespace ll {

class NearestName {
 public:
  // `wanted` must outlive this.
  explicit NearestName(Text wanted) : wanted_(wanted) {}

  // A directory of policies. A missing or unreadable one has no names.
  void look_in(Text folder) {
    char path[kMaxPath];
    if (folder.size >= sizeof path) return;
    Builder(path, sizeof path) << folder << '\0';
    const long listing = sys::open_at(uapi::kAT_FDCWD, path, uapi::kO_RDONLY | uapi::kO_DIRECTORY);
    if (listing < 0) return;
    alignas(uapi::DirectoryEntry) char buffer[2048];
    long size;
    while ((size = sys::read_directory(static_cast<int>(listing), buffer, sizeof buffer)) > 0)
      for (long at = 0; at < size;) {
        const auto &entry = *reinterpret_cast<const uapi::DirectoryEntry *>(buffer + at);
        compare(c_text(entry.name));
        at += entry.length;
      }
    sys::close(static_cast<int>(listing));
  }

  // Empty: none is near.
  [[nodiscard]] Text name() const { return {name_, size_}; }

 private:
  void compare(Text name) {
    constexpr Text kEnding = ".policy"_t;
    if (!ends_with(name, kEnding)) return;
    name = name.first(name.size - kEnding.size);
    const size_t distance = edit_distance(name, wanted_, 2);
    if (distance >= least_ || distance >= wanted_.size) return;
    least_ = distance;
    size_ = name.size;
    memcpy(name_, name.data, name.size);
  }

  Text wanted_;
  size_t least_ = 3;  // edit distance
  size_t size_ = 0;
  char name_[256];
};

}  // namespace ll
