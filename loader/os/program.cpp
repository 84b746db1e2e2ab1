#include "os/program.h"

#include "os/sys.h"

namespace ll {

File::~File() {
  if (descriptor_ >= 0) sys::close(descriptor_);
}

long File::open(const char *path) {
  constexpr int kDoNotWait = 04000;  // O_NONBLOCK: for a FIFO, until it is known to be one
  const long descriptor = sys::open_at(uapi::kAtCwd, path, uapi::kReadOnly | kDoNotWait);
  if (descriptor < 0) return descriptor;
  descriptor_ = static_cast<int>(descriptor);
  uapi::Statx stat;
  const long result = sys::stat_of(descriptor_, stat);
  if (result < 0) return result;
  return (stat.mode & uapi::kFileType) == uapi::kRegular ? 0 : -uapi::kEACCES;  // as execve(2)
}

Text File::at(uint64_t offset, size_t size) {
  const uint64_t skipped = offset - start_;  // huge when it is before the window
  if (skipped > size_ || size > size_ - skipped) {
    const long got = sys::read_at(descriptor_, window_, sizeof window_, offset);
    start_ = offset;
    size_ = got > 0 ? static_cast<size_t>(got) : 0;
  }
  return Text{window_, size_}.from(offset - start_).first(size);
}

bool find_segment(File &file, uint32_t type, uint64_t address, Segment &segment) {
  ElfHeader header;
  if (!copy_record(file.at(0, sizeof header), &header, sizeof header)) return false;
  for (uint64_t i = 0; i < header.segment_count; i++) {
    const uint64_t offset = header.segments + i * sizeof segment;
    if (!copy_record(file.at(offset, sizeof segment), &segment, sizeof segment)) return false;
    if (segment.type != type) continue;
    if (type != kLoad || address - segment.address < segment.size) return true;
  }
  return false;
}

Text interpreter_of(File &file) {
  const Text head = file.at(0, kHashBangSize);
  Segment segment;
  switch (format_of(head)) {
    case Format::Script: return parse_hash_bang(head).interpreter;
    case Format::Elf:
      if (!find_segment(file, kInterp, 0, segment)) return {};
      return string_at(file.at(segment.offset, kMaxStretch).first(segment.size), 0);
    default: return {};
  }
}

bool read_interpreter(const char *path, char *interpreter, size_t capacity) {
  File file;
  if (file.open(path) < 0) return false;
  const Text name = interpreter_of(file);
  if (name.empty() || name.size >= capacity) return false;
  Builder(interpreter, capacity) << name << '\0';
  return true;
}

}  // namespace ll
