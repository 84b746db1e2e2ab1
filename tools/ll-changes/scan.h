// What a layer changes: a walk through it, next to what is in the directory now.
#pragma once

#include <deque>

#include "layer.h"
#include "selection.h"

namespace ll {

// A change that is not made, and why.
enum class Obstacle { None, Conflict, Device };

struct Change {
  char kind;  // 'A', 'M', 'D'
  std::string path;
  FileStat before, after;
  std::string target_before, target;  // of links
  Obstacle obstacle;
};

// What a commit saw before its first change, of that whose ctime its own changes touch:
// directories, and files with several names.
struct Snapshot {
  mode_t mode;
  off_t size;
  timespec modified;
};

// Tells what has changed in the directory since the command began.
class Baseline {
 public:
  explicit Baseline(const OverlayDir &part);
  [[nodiscard]] bool changed(const FileStat &stats) const;
  // Of a directory that has other permissions than `wanted` gives it.
  [[nodiscard]] bool changed(const FileStat &stats, const FileStat &wanted) const;
  // Also by this program.
  [[nodiscard]] bool touched(const FileStat &stats) const;
  // What has not changed until now: the ctime that it gets from here on is this program's.
  void see(const FileStat &stats);
  // What this program has put there is no change of others'.
  void own(const FileStat &stats);
  // True when it was there: what was seen then holds.
  bool load(const OverlayDir &part);
  void save(const OverlayDir &part) const;

 private:
  timespec start_;
  std::map<ino_t, Snapshot> seen_;
};

// Type, permissions, owner, attributes; of files the time, of files and links what is in them.
bool are_same(const Baseline &baseline, int upper, int target, const char *name,
              const FileStat &after, const FileStat &before);
// overlayfs(5): nothing beneath shows the directory of that name under it.
bool is_opaque(int directory);
// Whether anything in that tree has changed.
bool tree_changed(const Baseline &baseline, int directory, const char *name, const FileStat &stats);

// In the order of their paths. What will be touched is seen to by `meanwhile`.
std::deque<Change> scan(const OverlayDir &part, Baseline &baseline,
                        const Selection &selection = {});

}  // namespace ll
