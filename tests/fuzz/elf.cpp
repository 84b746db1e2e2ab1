// The bytes of a program: its head, its interpreter, its segments, read as the loader reads a file.
#include "core/elf.h"

#include <sys/mman.h>
#include <unistd.h>
#include <cstdio>

#include "os/input/executable_file.h"
#include "subject.h"

using namespace ll;

namespace {

// The file in memory that the bytes are in; its path.
const char *put(const unsigned char *bytes, size_t size) {
  static const int file = memfd_create("fuzz", 0);
  static char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  require(ftruncate(file, 0) == 0, "there is a file");
  require(pwrite(file, bytes, size, 0) == static_cast<ssize_t>(size), "it has the bytes");
  return path;
}

void check_head(Text head) {
  (void)format_of(head);
  const Text line = interpreter_line(head);
  require(line.size <= head.size, "a line is within the head");
  require(first_word(line).size <= line.size, "a word is within the line");
  require(string_in(head).size <= head.size, "a string is within the bytes");
  require(item_size(head, ' ') <= head.size, "an item is within the list");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
  if (size > 65536) return 0;
  const Text whole = {reinterpret_cast<const char *>(bytes), size};
  check_head(whole);
  check_head(whole.first(kHeadSize));
  const char *path = put(bytes, size);
  ExecutableFile file;
  require(file.open(path) >= 0, "it opens");
  const Text interpreter = file.find_interpreter();
  require(interpreter.size <= size, "an interpreter's name is in the file");
  uint64_t address = 0;
  for (size_t i = 0; i < size && i < 8; i++) address = address << 8 | bytes[size - 1 - i];
  for (const uint32_t type : {kDynamic, kLoad, kInterp}) {
    const Segment *segment = file.find_segment(type, address);
    if (segment == nullptr) continue;
    const Text part = file.stretch_at(segment->offset, kMaxStretch);
    require(part.size <= size, "a stretch is in the file");
    (void)record_in<Dynamic>(part);
    (void)string_in(part);
  }
  require(file.stretch_at(address, kMaxStretch).size <= size, "a stretch is in the file");
  char name[64];
  (void)read_interpreter(path, name, sizeof name);
  return 0;
}
