// The interpreter and libraries that a program file needs. It is read in chunks, and may change
// meanwhile or be malformed: a chunk may be short, and its contents are checked where they are
// used.
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

  // Replaces the file opened before. Returns a descriptor, or minus an errno.
  long open(const char *path);
  // The read error since the file was opened: minus an errno, or 0.
  [[nodiscard]] long read_error() const { return error_; }
  // Bytes that are valid until the next call of any function here.
  Text stretch_at(uint64_t offset, size_t size);
  // As much as fits, from the start of the file.
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
