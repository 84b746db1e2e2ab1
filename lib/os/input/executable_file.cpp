#include "os/input/executable_file.h"

#include "core/mem.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

struct Window {
  int descriptor;  // 3 or more; less: none is open
  long error;      // of a read
  uint64_t start;
  size_t size;
  char bytes[2 * kMaxStretch];
};
constinit Window window{};

}  // namespace

// A FIFO that nobody writes to must not stop this, nor a terminal become this process's own.
long open_program(const char *path) {
  if (window.descriptor > 0) sys::close(window.descriptor);
  window.size = 0;
  window.error = 0;
  const long descriptor = sys::open_at(uapi::kAtCwd, path, uapi::kReadOnly | uapi::kAsIs);
  window.descriptor = static_cast<int>(descriptor);
  return descriptor;
}

long read_error() { return window.error; }

Text read_start(char *buffer, size_t capacity) {
  const long got = sys::read_at(window.descriptor, buffer, capacity, 0);
  if (got < 0) window.error = got;
  return {buffer, got > 0 ? static_cast<size_t>(got) : 0};
}

Text stretch_at(uint64_t offset, size_t size) {
  const uint64_t skipped = offset - window.start;  // huge when it is before the window
  if (skipped > window.size || size > window.size - skipped) {
    const long got = sys::read_at(window.descriptor, window.bytes, sizeof window.bytes, offset);
    if (got < 0) window.error = got;
    window.start = offset;
    window.size = got > 0 ? static_cast<size_t>(got) : 0;
  }
  const Text bytes = Text{window.bytes, window.size}.from(offset - window.start);
  return bytes.first(size);
}

const Segment *find_segment(uint32_t type, uint64_t address) {
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

Text find_interpreter() {
  const Text head = stretch_at(0, kHeadSize);
  if (format_of(head) == Format::Script) return first_word(interpreter_line(head));
  const Segment *segment = find_segment(kInterp);
  if (segment == nullptr) return {};
  const size_t size = segment->size;
  return string_in(stretch_at(segment->offset, kMaxStretch).first(size));
}

bool read_interpreter(const char *path, char *interpreter, size_t capacity) {
  open_program(path);
  const Text name = find_interpreter();
  if (name.empty() || name.size >= capacity) return false;
  memcpy(interpreter, name.data, name.size);
  interpreter[name.size] = '\0';
  return true;
}

}  // namespace ll
