#include "core/elf.h"

namespace ll {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// sysdeps/generic/dl-cache.h in glibc: struct cache_file_new and file_entry_new.
LL_RECORD Cache {
  char magic[20];
  uint32_t count;
  uint32_t others[6];
};
LL_RECORD CacheEntry {
  uint32_t flags, name, path, os_version;
  uint64_t hwcap;
};
static_assert(sizeof(Cache) == 48 && sizeof(CacheEntry) == 24);

}  // namespace

Format format_of(Text head) {
  if (starts_with(head, "#!"_t)) return Format::Script;
  const auto *header = record_in<ElfHeader>(head);
  if (header == nullptr || !starts_with(head, "\177ELF"_t)) return Format::Other;
  // ELFCLASS64, ELFDATA2LSB
  const bool ours = starts_with(head, "\177ELF\2\1"_t) && header->machine == kMachine;
  return ours ? Format::Elf : Format::Foreign;
}

Text skip_blanks(Text text) {
  while (text.size > 0 && is_blank(*text.data)) text.data++, text.size--;
  return text;
}

Text first_word(Text text) {
  size_t size = 0;
  while (size < text.size && !is_blank(text[size])) size++;
  return {text.data, size};
}

// fs/binfmt_script.c: the line ends at a newline or NUL. A name that continues after the bytes that
// the kernel reads is not run.
Text interpreter_line(Text head) {
  head = head.first(kHeadSize);
  head = head.first(find(head, '\n'));
  head = head.first(find(head, '\0'));
  const bool cut = head.size == kHeadSize;
  head = skip_blanks(head.from(2));
  return cut && first_word(head).size == head.size ? Text{} : head;
}

Text string_in(Text bytes) {
  const size_t size = find(bytes, '\0');
  return {bytes.data, size == kNpos ? 0 : size};
}

size_t item_size(Text list, char other) {
  size_t size = 0;
  while (size < list.size && list[size] != ':' && list[size] != '\n' && list[size] != other) size++;
  return size;
}

// `ldconfig -c compat` writes the oldest format before it.
Text find_cache(Text file) {
  while (!file.empty() && !starts_with(file, "glibc-ld.so.cache1.1"_t)) file = file.from(8);
  return file;
}

size_t cache_size(Text cache) {
  const auto *header = record_in<Cache>(cache);
  if (header == nullptr) return 0;
  const size_t room = cache.from(sizeof(Cache)).size / sizeof(CacheEntry);
  return header->count < room ? header->count : room;
}

Text path_in_cache(Text cache, size_t entry, Text name) {
  const auto *found = record_in<CacheEntry>(cache.from(sizeof(Cache) + entry * sizeof(CacheEntry)));
  if (found == nullptr || !(string_in(cache.from(found->name)) == name)) return {};
  return string_in(cache.from(found->path));
}

}  // namespace ll
