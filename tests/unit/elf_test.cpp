// Parsing of program files, with arbitrary bytes.
#include "core/elf.h"

#include <cstring>
#include <random>

#include "check.h"
#include "host.h"

using namespace ll;

namespace {

Text of(const std::string &text) { return {text.data(), text.size()}; }

std::string line_of(const std::string &head) { return str(interpreter_line(of(head))); }
std::string interpreter_of(const std::string &head) {
  return str(first_word(interpreter_line(of(head))));
}

std::string elf_head(char width, char order, uint16_t machine) {
  std::string head(64, '\0');
  head.replace(0, 6, std::string("\177ELF") + width + order);
  memcpy(&head[18], &machine, sizeof machine);
  return head;
}

template <typename Number>
void put(std::string &bytes, Number number) {
  bytes.append(reinterpret_cast<const char *>(&number), sizeof number);
}

// struct cache_file_new of dl-cache.h with these names and paths, and a gap before the strings.
std::string cache_of(const std::vector<std::pair<std::string, std::string>> &entries) {
  std::string cache = "glibc-ld.so.cache1.1";
  put(cache, static_cast<uint32_t>(entries.size()));
  cache.resize(48);
  std::string strings;
  const size_t start = 48 + entries.size() * 24;
  for (const auto &[name, path] : entries) {
    put(cache, uint32_t{0x0303});
    put(cache, static_cast<uint32_t>(start + strings.size()));
    strings += name + '\0';
    put(cache, static_cast<uint32_t>(start + strings.size()));
    strings += path + '\0';
    put(cache, uint32_t{0});
    put(cache, uint64_t{0});
  }
  return cache + strings;
}

std::string found_in(const std::string &file, const std::string &name) {
  const Text cache = find_cache(of(file));
  std::string all;
  for (size_t i = 0; i < cache_size(cache) && i < 100; i++) {
    const Text path = path_in_cache(cache, i, of(name));
    if (!path.empty()) all += str(path) + ' ';
  }
  return all;
}

// Exactly as large as its bytes, so that a sanitizer sees every byte that is read behind them.
struct Exact {
  explicit Exact(const std::string &from) : bytes(new char[from.size()]), size(from.size()) {
    memcpy(bytes.get(), from.data(), size);
  }
  [[nodiscard]] Text text() const { return {bytes.get(), size}; }
  std::unique_ptr<char[]> bytes;
  size_t size;
};

void look_at(const std::string &bytes) {
  const Exact exact(bytes);
  const Text text = exact.text();
  (void)format_of(text);
  (void)first_word(interpreter_line(text));
  (void)string_in(text);
  (void)record_in<ElfHeader>(text);
  const Text cache = find_cache(text);
  for (size_t i = 0; i < cache_size(cache) && i < 100; i++)
    (void)path_in_cache(cache, i, "libc.so.6"_t);
}

}  // namespace

TEST("the type of a file is recognised by its first bytes") {
  CHECK(format_of(of("")) == Format::Other);
  CHECK(format_of(of("#!")) == Format::Script);
  CHECK(format_of(of("# !")) == Format::Other);
  CHECK(format_of(of(elf_head(2, 1, kMachine))) == Format::Elf);
  CHECK(format_of(of(elf_head(2, 1, kMachine + 1))) == Format::Foreign);
  CHECK(format_of(of(elf_head(2, 1, kMachine + 256))) == Format::Foreign);
  CHECK(format_of(of(elf_head(1, 1, kMachine))) == Format::Foreign);
  CHECK(format_of(of(elf_head(2, 2, kMachine))) == Format::Foreign);
  CHECK(format_of(of(elf_head(2, 1, kMachine).substr(0, 63))) == Format::Other);
}

TEST("an interpreter line is truncated as the kernel does") {
  EQUAL(line_of("#!/bin/sh\necho"), "/bin/sh");
  EQUAL(line_of("#! \t/bin/sh -e  x\necho"), "/bin/sh -e  x");
  EQUAL(interpreter_of("#! \t/bin/sh -e  x\necho"), "/bin/sh");
  EQUAL(interpreter_of("#!/bin/sh\t-e"), "/bin/sh");
  EQUAL(interpreter_of("#!/bin/sh"), "/bin/sh");
  EQUAL(interpreter_of(std::string("#!/bin/sh\0-e\n", 13)), "/bin/sh");
  EQUAL(interpreter_of("#!"), "");
  EQUAL(interpreter_of("#!\n/bin/sh"), "");
  EQUAL(interpreter_of("#!  \t \n"), "");
  EQUAL(interpreter_of("#!/bin/sh\r\n"), "/bin/sh\r");
}

TEST("an interpreter that continues after the first 256 bytes is refused") {
  const std::string name(253, 'a');
  EQUAL(interpreter_of("#!" + name + "\nx").size(), 253U);
  EQUAL(interpreter_of("#!" + name + " x").size(), 253U);
  EQUAL(interpreter_of("#!" + name).size(), 253U);
  EQUAL(interpreter_of("#!" + name + "b").size(), 0U);
  EQUAL(interpreter_of("#!" + name + "b\n").size(), 0U);
  EQUAL(interpreter_of("#!" + std::string(254, ' ') + "/bin/sh\n").size(), 0U);
}

TEST("a list is split at colons, newlines and one more separator") {
  EQUAL(item_size("a:b"_t, ';'), 1U);
  EQUAL(item_size("ab\nc"_t, ';'), 2U);
  EQUAL(item_size("a b;c"_t, ';'), 3U);
  EQUAL(item_size("a b;c"_t, ' '), 1U);
  EQUAL(item_size(":"_t, ';'), 0U);
  EQUAL(item_size(""_t, ';'), 0U);
  EQUAL(item_size("abc"_t, ';'), 3U);
}

TEST("the library cache returns every path of a name") {
  const std::string cache = cache_of({{"libz.so.1", "/lib/libz.so.1"},
                                      {"libc.so.6", "/lib/v3/libc.so.6"},
                                      {"libc.so.6", "/lib/libc.so.6"},
                                      {"libc.so.66", "/lib/libc.so.66"}});
  EQUAL(found_in(cache, "libc.so.6"), "/lib/v3/libc.so.6 /lib/libc.so.6 ");
  EQUAL(found_in(cache, "libz.so.1"), "/lib/libz.so.1 ");
  EQUAL(found_in(cache, "libc.so"), "");
  EQUAL(found_in(cache, ""), "");
}

TEST("the library cache is found after one of the older format") {
  const std::string cache = cache_of({{"libc.so.6", "/lib/libc.so.6"}});
  for (const uint32_t count : {0U, 1U, 2U, 3U, 500U}) {
    std::string file = "ld.so-1.7.0";
    file.resize(12);
    put(file, count);
    file.resize((16 + count * 12 + 7) / 8 * 8, '\1');
    EQUAL(found_in(file + cache, "libc.so.6"), "/lib/libc.so.6 ");
  }
  EQUAL(found_in("ld.so-1.7.0", "libc.so.6"), "");
}

TEST("a cache with wrong sizes or offsets returns nothing, and is not read out of bounds") {
  const std::string cache = cache_of({{"libc.so.6", "/lib/libc.so.6"}});
  for (size_t size = 0; size < cache.size(); size++) {
    const Exact exact(cache.substr(0, size));
    const Text found = find_cache(exact.text());
    for (size_t i = 0; i < 3; i++) EQUAL(path_in_cache(found, i, "libc.so.6"_t).size, 0U);
  }
  std::string lies = cache;
  memset(&lies[52], 0xff, 8);
  EQUAL(found_in(lies, "libc.so.6"), "");
  const Exact exact(cache);
  EQUAL(path_in_cache(exact.text(), SIZE_MAX / 24, "libc.so.6"_t).size, 0U);
}

TEST("arbitrary bytes are parsed without error") {
  std::mt19937 random(20240711);
  const std::string seeds[] = {elf_head(2, 1, kMachine), "#! /usr/bin/env -S python3 -u\nprint()\n",
                               cache_of({{"libc.so.6", "/lib/libc.so.6"}, {"a", "/b"}})};
  for (int round = 0; round < 20000; round++) {
    std::string bytes = seeds[random() % 3];
    for (unsigned change = random() % 8; change > 0; change--)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % 4 == 0 ? random() % (bytes.size() + 1) : bytes.size());
    look_at(bytes);
  }
}
