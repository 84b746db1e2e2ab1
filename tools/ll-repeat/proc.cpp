#include "proc.h"

#include "os/kernel/sys.h"

namespace ll {

Text read_proc(Text process, Text name) {
  static char content[65536];
  FixedString<80> path;
  path << "/proc/"_t << process << '/' << name << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return {};
  const long got = sys::read(static_cast<int>(file), content, sizeof content);
  sys::close(static_cast<int>(file));
  return {content, got > 0 ? static_cast<size_t>(got) : 0};
}

Text read_proc(int tid, Text name) {
  const Digits digits = decimal(static_cast<uint64_t>(tid));
  return read_proc({digits.bytes, digits.size}, name);
}

uint64_t number_behind(Text content, Text word) {
  while (!content.empty() && !starts_with(content, word)) content = content.from(1);
  content = content.from(word.size);
  uint64_t number = 0;
  return parse_number(content.first(find(content, '\n')), INT64_MAX, number) ? number : kNpos;
}

}  // namespace ll
