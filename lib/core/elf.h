// Parsers of program files: elf(5), the #! line, and ld.so.cache. The input may be any bytes;
// nothing outside it is read.
#pragma once

#include "core/text.h"

namespace ll {

// The machine that this program is built for: e_machine of elf(5), and its name in paths, which is
// uname(2)'s and ld.so(8)'s $PLATFORM.
#if defined(__x86_64__)
constexpr uint16_t kMachine = 62;
#define LL_MACHINE "x86_64"
#elif defined(__aarch64__)
constexpr uint16_t kMachine = 183;
#define LL_MACHINE "aarch64"
#elif defined(__riscv)
constexpr uint16_t kMachine = 243;
#define LL_MACHINE "riscv64"
#elif defined(__powerpc64__)
constexpr uint16_t kMachine = 21;
#define LL_MACHINE "powerpc64le"
#elif defined(__loongarch__)
constexpr uint16_t kMachine = 258;
#define LL_MACHINE "loongarch64"
#else
#error "e_machine of this architecture is not known: see elf.h of its libc"
#endif

enum class Format : uint8_t { Other, Script, Elf, Foreign };
constexpr size_t kHeadSize = 256;  // BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h

// By the first kHeadSize bytes of a file. An ELF file of another machine, width or byte order is
// foreign.
Format format_of(Text head);

// A script's first line from its interpreter on, as the kernel cuts it; empty when the kernel would
// not start any.
Text interpreter_line(Text head);
Text skip_blanks(Text text);
Text first_word(Text text);  // up to a blank

// Records may lie anywhere in the bytes.
#define LL_RECORD struct __attribute__((packed, may_alias))

// Elf64_Ehdr
LL_RECORD ElfHeader {
  char kind[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, segments, sections;  // segments: offset in the file
  uint32_t flags;
  uint16_t size, segment_size, segment_count, section_size, section_count, names;
};
static_assert(sizeof(ElfHeader) == 64);

// Elf64_Phdr
LL_RECORD Segment {
  uint32_t type, flags;
  uint64_t offset, address, physical, size, memory, alignment;
};
static_assert(sizeof(Segment) == 56);
constexpr uint32_t kLoad = 1;     // PT_LOAD
constexpr uint32_t kDynamic = 2;  // PT_DYNAMIC
constexpr uint32_t kInterp = 3;   // PT_INTERP

// Elf64_Dyn
LL_RECORD Dynamic { uint64_t tag, value; };
constexpr uint64_t kEnd = 0;       // DT_NULL
constexpr uint64_t kNeeded = 1;    // DT_NEEDED
constexpr uint64_t kStrings = 5;   // DT_STRTAB
constexpr uint64_t kName = 14;     // DT_SONAME
constexpr uint64_t kRpath = 15;    // DT_RPATH
constexpr uint64_t kRunpath = 29;  // DT_RUNPATH

// Null when there are fewer bytes.
template <typename Record>
const Record *record_in(Text bytes) {
  return bytes.size < sizeof(Record) ? nullptr : reinterpret_cast<const Record *>(bytes.data);
}
// Up to the NUL; empty if there is no NUL.
Text string_in(Text bytes);

// The size of the first item of a list such as PATH, whose separators are ':', newline and `other`.
size_t item_size(Text list, char other);

// The part of /etc/ld.so.cache that glibc 2.2 and later read, how many entries it has, and the path
// in one of them; empty if that is not for `name`.
Text find_cache(Text file);
size_t cache_size(Text cache);
Text path_in_cache(Text cache, size_t entry, Text name);

}  // namespace ll
