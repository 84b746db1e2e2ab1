// What a copy held before the command: its entries by their paths.
#pragma once

#include <map>
#include <set>
#include <string>

#include "files.h"

namespace ll {

// What was in the directory and could not be read, or not be made in the copy.
enum class Unread : char { No = '-', Contents = 'c', Listing = 'l', All = 'a' };

// What stands at the start of a file that could not be read: as much of it as that is large.
constexpr size_t kPlaceholder = 4096;  // bytes, a multiple of any block
std::string placeholder(size_t size);

struct Entry {
  ino_t inode = 0;
  timespec changed = {};  // its ctime; 0: it counts as changed
  Unread unread = Unread::No;

  // That, and unchanged.
  [[nodiscard]] bool is_just(const FileStat &stats) const {
    return stats.exists() && stats.st_ino == inode && stats.st_ctim.tv_sec == changed.tv_sec &&
           stats.st_ctim.tv_nsec == changed.tv_nsec;
  }
};

class Index {
 public:
  void add(const std::string &path, const Entry &entry) { entries_[path] = entry; }
  // Null: it was not there.
  [[nodiscard]] const Entry *find(const std::string &path) const;
  // Of a directory, what was in it.
  [[nodiscard]] std::vector<std::string> names_in(const std::string &prefix) const;
  template <typename Test>
  [[nodiscard]] bool any_beneath(const std::string &prefix, Test test) const {
    for (auto at = entries_.lower_bound(prefix); at != entries_.end(); ++at) {
      if (!at->first.starts_with(prefix)) return false;
      if (test(at->second)) return true;
    }
    return false;
  }
  // The inodes of what is in the copy, and was not read.
  [[nodiscard]] std::set<ino_t> unread() const;
  // The latest ctime of all.
  [[nodiscard]] timespec latest() const;
  [[nodiscard]] bool counts_seconds() const;

  void save(int directory) const;
  void load(int directory);

 private:
  std::map<std::string, Entry> entries_;
};

}  // namespace ll
