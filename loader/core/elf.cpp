#include "core/elf.h"

#include "core/mem.h"

namespace ll {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

Text skip_blanks(Text text) {
  while (!text.empty() && is_blank(text[0])) text = text.from(1);
  return text;
}

Text first_word(Text text) {
  size_t size = 0;
  while (size < text.size && !is_blank(text[size])) size++;
  return text.first(size);
}

// sysdeps/generic/dl-cache.h in glibc: struct cache_file_new and struct file_entry_new.
struct CacheHeader {
  char magic[20];
  uint32_t count, strings_size;
  uint32_t rest[5];
};
struct CacheEntry {
  uint32_t flags, key, value, os_version;
  uint64_t hwcap;
};
static_assert(sizeof(CacheHeader) == 48 && sizeof(CacheEntry) == 24);

// The oldest format stands before the new one where ldconfig was told -c compat: a name, a count,
// and entries of 12 bytes.
Text skip_old_cache(Text cache) {
  constexpr size_t kHead = 16;
  uint32_t count = 0;
  if (!starts_with(cache, "ld.so-1.7.0"_t)) return cache;
  if (!copy_record(cache.from(kHead - sizeof count), &count, sizeof count)) return {};
  return cache.from((kHead + size_t{count} * 12 + 7) / 8 * 8);
}

}  // namespace

bool copy_record(Text bytes, void *record, size_t size) {
  if (bytes.size < size) return false;
  memcpy(record, bytes.data, size);
  return true;
}

Text string_at(Text bytes, size_t offset) {
  const Text text = bytes.from(offset);
  const size_t size = find(text, '\0');
  return size == kNone ? Text{} : text.first(size);
}

bool next_item(Text &list, char separator, Text &item) {
  if (list.data == nullptr) return false;
  size_t size = 0;
  while (size < list.size && list[size] != ':' && list[size] != separator) size++;
  item = list.first(size);
  list = size < list.size ? list.from(size + 1) : Text{};
  return true;
}

Format format_of(Text head) {
  if (starts_with(head, "#!"_t)) return Format::Script;
  ElfHeader header;
  if (!starts_with(head, "\177ELF"_t) || !copy_record(head, &header, sizeof header))
    return Format::Other;
  constexpr uint8_t k64Bits = 2;        // ELFCLASS64
  constexpr uint8_t kLittleEndian = 1;  // ELFDATA2LSB
  const bool ours =
      header.width == k64Bits && header.order == kLittleEndian && header.machine == kMachine;
  return ours ? Format::Elf : Format::Foreign;
}

// fs/binfmt_script.c: the line ends at a newline or NUL; a name that goes on behind what the kernel
// has read is no name.
HashBang parse_hash_bang(Text head) {
  head = head.first(kHashBangSize);
  if (!starts_with(head, "#!"_t)) return {};
  const Text line = head.first(find(head, '\n'));
  const Text text = line.first(find(line, '\0'));
  const bool cut = text.size == kHashBangSize;
  const Text start = skip_blanks(text.from(2));
  const Text name = first_word(start);
  if (cut && name.size == start.size) return {};
  // Its last byte is the kernel's own NUL.
  Text argument = skip_blanks(start.first(start.size - (cut ? 1 : 0)).from(name.size));
  while (!argument.empty() && is_blank(argument[argument.size - 1])) argument.size--;
  return {name, argument};
}

// env(1): -S splits what the kernel passes as one argument. Options and NAME=VALUE come first.
Text program_of_env(Text argument) {
  if (!starts_with(argument, "-S"_t)) return argument;
  Text rest = argument.from(2);
  for (;;) {
    rest = skip_blanks(rest);
    const Text word = first_word(rest);
    if (word.empty() || (word[0] != '-' && find(word, '=') == kNone)) return word;
    rest = rest.from(word.size);
  }
}

bool next_in_cache(Text cache, Text name, size_t &position, Text &path) {
  cache = skip_old_cache(cache);
  CacheHeader header;
  if (!starts_with(cache, "glibc-ld.so.cache1.1"_t)) return false;
  if (!copy_record(cache, &header, sizeof header)) return false;
  CacheEntry entry;
  while (position < header.count &&
         copy_record(cache.from(sizeof header + position * sizeof entry), &entry, sizeof entry)) {
    position++;
    const Text key = cache.from(entry.key);
    if (key.size <= name.size || !starts_with(key, name) || key[name.size] != '\0') continue;
    path = string_at(cache, entry.value);
    return true;
  }
  return false;
}

}  // namespace ll
