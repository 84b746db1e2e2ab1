#include "index.h"

#include <fcntl.h>
#include <cstdio>
#include <cstdlib>

#include "fail.h"

namespace ll {

const Entry *Index::find(const std::string &path) const {
  const auto found = entries_.find(path);
  return found != entries_.end() ? &found->second : nullptr;
}

std::vector<std::string> Index::names_in(const std::string &prefix) const {
  std::vector<std::string> names;
  for (auto at = entries_.lower_bound(prefix); at != entries_.end();) {
    const std::string &path = at->first;
    if (!path.starts_with(prefix)) break;
    const size_t slash = path.find('/', prefix.size());
    const std::string name = path.substr(prefix.size(), slash - prefix.size());
    if (!name.empty() && slash == std::string::npos && path != ".") names.push_back(name);
    // Behind all that is in it: '0' follows '/'.
    at = slash == std::string::npos ? std::next(at)
                                    : entries_.lower_bound(path.substr(0, slash) + "0");
  }
  return names;
}

std::set<ino_t> Index::unread() const {
  std::set<ino_t> inodes;
  for (const auto &[path, entry] : entries_)
    if (entry.unread == Unread::Contents || entry.unread == Unread::Listing)
      inodes.insert(entry.inode);
  return inodes;
}

timespec Index::latest() const {
  timespec latest = {};
  for (const auto &[path, entry] : entries_)
    if (entry.changed.tv_sec > latest.tv_sec ||
        (entry.changed.tv_sec == latest.tv_sec && entry.changed.tv_nsec > latest.tv_nsec))
      latest = entry.changed;
  return latest;
}

bool Index::counts_seconds() const {
  for (const auto &[path, entry] : entries_)
    if (entry.changed.tv_nsec != 0) return false;
  return true;
}

// There as a whole or not at all.
void Index::save(int directory) const {
  std::string contents;
  for (const auto &[path, entry] : entries_) {
    char line[96];
    std::snprintf(line, sizeof line, "%lu %ld %ld %c ", entry.inode, entry.changed.tv_sec,
                  entry.changed.tv_nsec, static_cast<char>(entry.unread));
    contents.append(line).append(path).push_back('\0');
  }
  const Descriptor file =
      open_file(directory, "index.new", O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
  if (!file.is_open() || !write_all(file.number(), contents) ||
      ::renameat(directory, "index.new", directory, "index") < 0)
    fail_errno("write", "index");
}

void Index::load(int directory) {
  const Descriptor file = open_file(directory, "index", O_RDONLY);
  if (!file.is_open()) fail_errno("read", "index");
  const std::string contents = contents_of(file.number());
  for (size_t at = 0; at < contents.size();) {
    const std::string line = contents.c_str() + at;
    at += line.size() + 1;
    Entry entry;
    char unread = 0;
    int used = 0;
    if (std::sscanf(line.c_str(), "%lu %ld %ld %c %n", &entry.inode, &entry.changed.tv_sec,
                    &entry.changed.tv_nsec, &unread, &used) != 4)
      fail("the index of the layer is corrupt", "drop the layer");
    entry.unread = static_cast<Unread>(unread);
    entries_[line.substr(static_cast<size_t>(used))] = entry;
  }
}

}  // namespace ll
