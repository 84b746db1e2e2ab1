// What a program file says about itself, from bytes that were read of it: elf(5), the #! line, and
// glibc's cache of libraries. The bytes may be anything: nothing outside of them is looked at.
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

struct ElfHeader {
  uint8_t magic[4];
  uint8_t width, order, version, abi;
  uint8_t padding[8];
  uint16_t type, machine;
  uint32_t version_again;
  uint64_t entry, segments, sections;  // offsets in the file
  uint32_t flags;
  uint16_t size, segment_size, segment_count, section_size, section_count, names;
};
static_assert(sizeof(ElfHeader) == 64);

struct Segment {
  uint32_t type, flags;
  uint64_t offset, address, physical, size, memory, alignment;
};
static_assert(sizeof(Segment) == 56);

struct Dynamic {
  uint64_t tag, value;
};

constexpr uint32_t kLoad = 1;     // PT_LOAD
constexpr uint32_t kDynamic = 2;  // PT_DYNAMIC
constexpr uint32_t kInterp = 3;   // PT_INTERP

constexpr uint64_t kEnd = 0;       // DT_NULL
constexpr uint64_t kNeeded = 1;    // DT_NEEDED
constexpr uint64_t kStrings = 5;   // DT_STRTAB
constexpr uint64_t kName = 14;     // DT_SONAME
constexpr uint64_t kRpath = 15;    // DT_RPATH
constexpr uint64_t kRunpath = 29;  // DT_RUNPATH

// False when there are fewer bytes.
bool copy_record(Text bytes, void *record, size_t size);
// What ends with a NUL at `offset`; empty when none ends there.
Text string_at(Text bytes, size_t offset);
// The next piece of a list such as PATH, which ':' and `separator` divide; false at its end.
bool next_item(Text &list, char separator, Text &item);

// By the first bytes of a file. An ELF file that the kernel or the loader of this machine would not
// take as theirs is foreign.
Format format_of(Text head);

struct HashBang {
  Text interpreter;
  Text argument;
};
constexpr size_t kHashBangSize = 256;  // BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h

// Cuts the first line as the kernel does; the interpreter is empty if it would not start any.
HashBang parse_hash_bang(Text head);
// The program that env(1) would start; empty for none.
Text program_of_env(Text argument);

// /etc/ld.so.cache as glibc 2.2 and later write it: the position of the next entry for `name`
// becomes the one behind it. False when there are no more.
bool next_in_cache(Text cache, Text name, size_t &position, Text &path);

}  // namespace ll
