// What a program file needs besides itself.
#pragma once

#include "core/elf.h"

namespace ll {

// A file that is read in stretches. It may change meanwhile, or be nonsense: each stretch is
// as long as there are bytes, and what it says is checked where it is used.
class File {
 public:
  File() = default;
  File(const File &) = delete;
  File &operator=(const File &) = delete;
  ~File();

  // Zero, or minus an errno. Only regular files: opening or reading another may wait, or act.
  long open(const char *path);
  // Valid until the next call. At most kMaxStretch bytes.
  Text at(uint64_t offset, size_t size);

 private:
  static constexpr size_t kWindow = 8192;

  int descriptor_ = -1;
  uint64_t start_ = 0;
  size_t size_ = 0;
  char window_[kWindow];
};
constexpr size_t kMaxStretch = 4096;

// The first segment of that type; if it is kLoad, the first that has `address` in the file.
bool find_segment(File &file, uint32_t type, uint64_t address, Segment &segment);
// The interpreter that the kernel starts for it: of its #! line, or its PT_INTERP. Empty when it
// has none. Valid as File::at's result.
Text interpreter_of(File &file);
// The same of the file at `path`; false when it has none or cannot be read.
bool read_interpreter(const char *path, char *interpreter, size_t capacity);

}  // namespace ll
