// What a program file needs besides itself. It is read in stretches; it may change meanwhile, or be
// nonsense: a stretch is as long as there are bytes, and what they say is checked where it is used.
#pragma once

#include "core/elf.h"

namespace ll {

constexpr size_t kMaxStretch = 4096;

class ExecutableFile {
 public:
  ExecutableFile() = default;
  ExecutableFile(const ExecutableFile &) = delete;
  ExecutableFile &operator=(const ExecutableFile &) = delete;
  ~ExecutableFile() { close(); }

  // Instead of the one before. A descriptor, or minus an errno.
  long open(const char *path);
  // What stopped a read of the file since it was opened: minus an errno, or 0.
  [[nodiscard]] long read_error() const { return error_; }
  // Bytes that are there until the next call of anything here.
  Text stretch_at(uint64_t offset, size_t size);
  // As much as there is room for, from the start of the file.
  Text read_start(char *buffer, size_t capacity);
  // The first segment of that type; if it is kLoad, the first with `address` in what it has in the
  // file. Null when there is none.
  const Segment *find_segment(uint32_t type, uint64_t address = 0);
  // The interpreter that the kernel starts for the file: of its #! line, or its PT_INTERP. Empty
  // when it has none.
  Text find_interpreter();

 private:
  void close();

  int descriptor_ = -1;
  long error_ = 0;
  uint64_t start_ = 0;  // of what is in the window
  size_t size_ = 0;
  char window_[2 * kMaxStretch];
};

// The interpreter of the file at `path`; false when it has none or cannot be read.
bool read_interpreter(const char *path, char *interpreter, size_t capacity);

}  // namespace ll
