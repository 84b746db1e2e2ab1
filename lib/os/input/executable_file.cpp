#include "os/input/executable_file.h"

#include "core/mem.h"
#include "os/kernel/sys.h"

namespace ll {

// A FIFO that nobody writes to must not stop this, nor a terminal become this process's own.
long ExecutableFile::open(const char *path) {
  close();
  size_ = 0;
  error_ = 0;
  const long descriptor =
      sys::open_at(uapi::kAT_FDCWD, path, uapi::kO_RDONLY | uapi::kO_NONBLOCK_NOCTTY);
  descriptor_ = static_cast<int>(descriptor);
  return descriptor;
}

void ExecutableFile::close() {
  if (descriptor_ >= 0) sys::close(descriptor_);
  descriptor_ = -1;
}

Text ExecutableFile::read_start(char *buffer, size_t capacity) {
  const long got = sys::read_at(descriptor_, buffer, capacity, 0);
  if (got < 0) error_ = got;
  return {buffer, got > 0 ? static_cast<size_t>(got) : 0};
}

Text ExecutableFile::stretch_at(uint64_t offset, size_t size) {
  const uint64_t skipped = offset - start_;  // huge when it is before the window
  if (skipped > size_ || size > size_ - skipped) {
    const long got = sys::read_at(descriptor_, window_, sizeof window_, offset);
    if (got < 0) error_ = got;
    start_ = offset;
    size_ = got > 0 ? static_cast<size_t>(got) : 0;
  }
  const Text bytes = Text{window_, size_}.from(offset - start_);
  return bytes.first(size);
}

const Segment *ExecutableFile::find_segment(uint32_t type, uint64_t address) {
  const Text head = stretch_at(0, kHeadSize);
  if (format_of(head) != Format::Elf) return nullptr;
  const auto *header = record_in<ElfHeader>(head);
  uint64_t offset = header->segments;
  for (uint32_t count = header->segment_count; count > 0; count--) {
    const auto *segment = record_in<Segment>(stretch_at(offset, sizeof(Segment)));
    if (segment == nullptr) break;
    if (segment->type == type && (type != kLoad || address - segment->address < segment->size))
      return segment;
    offset += sizeof(Segment);
  }
  return nullptr;
}

Text ExecutableFile::find_interpreter() {
  const Text head = stretch_at(0, kHeadSize);
  if (format_of(head) == Format::Script) return first_word(interpreter_line(head));
  const Segment *segment = find_segment(kInterp);
  if (segment == nullptr) return {};
  const size_t size = segment->size;
  return string_in(stretch_at(segment->offset, kMaxStretch).first(size));
}

bool read_interpreter(const char *path, char *interpreter, size_t capacity) {
  ExecutableFile file;
  file.open(path);
  const Text name = file.find_interpreter();
  if (name.empty() || name.size >= capacity) return false;
  memcpy(interpreter, name.data, name.size);
  interpreter[name.size] = '\0';
  return true;
}

}  // namespace ll
