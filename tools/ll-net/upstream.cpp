#include "upstream.h"

#include "calls.h"
#include "os/kernel/files.h"

namespace ll {

namespace {

constexpr char kResolver[] = "/etc/resolv.conf";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

Text Hosts::take_word(Text &words) {
  size_t start = 0;
  while (start < words.size && is_blank(words[start])) start++;
  size_t end = start;
  while (end < words.size && !is_blank(words[end])) end++;
  const Text word = words.from(start).first(end - start);
  words = words.from(end);
  return word;
}

void Hosts::read() { size_ = read_file("/etc/hosts", bytes_, sizeof bytes_).size; }

void Upstream::read() {
  static char bytes[65536];
  count_ = 0;
  const Text key = "nameserver"_t;
  for (Text rest = read_file(kResolver, bytes, sizeof bytes); !rest.empty();) {
    Text line = rest.first(find(rest, '\n'));
    rest = rest.from(line.size + 1);
    if (!starts_with(line, key) || line.size == key.size || !is_blank(line[key.size])) continue;
    line = line.from(key.size);
    while (!line.empty() && is_blank(line[0])) line = line.from(1);
    size_t end = 0;
    while (end < line.size && !is_blank(line[end])) end++;
    if (count_ < kMaxServers && read_address(line.first(end), servers_[count_])) count_++;
  }
}

// Its inode, size and time of change; false where it is not there.
bool Upstream::is_new() {
  uapi::Statx stat;
  if (sys::stat_at(uapi::kAT_FDCWD, kResolver, 0, stat) < 0) return false;
  const uint64_t now[] = {stat.ino, stat.size,
                          stat.times[6] * 1000000000 + (stat.times[7] & UINT32_MAX)};
  bool same = true;
  for (size_t i = 0; i < 3; i++) {
    same = same && version_[i] == now[i];
    version_[i] = now[i];
  }
  return !same;
}

void Upstream::refresh() {
  if (is_new()) read();
}

}  // namespace ll
