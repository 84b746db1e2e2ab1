#include "os/kernel/files.h"

#include "os/kernel/sys.h"

namespace ll {

Text read_file(const char *path, char *bytes, size_t capacity) {
  const long file = sys::open_at(uapi::kAT_FDCWD, path, uapi::kO_RDONLY);
  if (file < 0) return {};
  size_t size = 0;
  while (size < capacity) {
    const long got = sys::read(static_cast<int>(file), bytes + size, capacity - size);
    if (got == -uapi::kEINTR) continue;
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  sys::close(static_cast<int>(file));
  return {bytes, size};
}

long write_file(const char *path, Text content) {
  const long file = sys::open_at(uapi::kAT_FDCWD, path, uapi::kO_WRONLY);
  if (file < 0) return file;
  const long written = sys::write(static_cast<int>(file), content.data, content.size);
  sys::close(static_cast<int>(file));
  return written < 0 ? written : 0;
}

}  // namespace ll
