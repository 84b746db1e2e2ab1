#include "permitted.h"

#include "calls.h"

namespace ll {

namespace {

enum Access : int { kMayRun = 1, kMayWrite = 2, kMayRead = 4 };  // access(2)

// Without the capabilities that root has outside: path_resolution(7).
bool is_permitted_to_root(Text path, int asked) {
  uapi::Statx stat;
  if (sys::stat_at(uapi::kAT_FDCWD, path.data, 0, stat) < 0) return true;
  const int shift = stat.uid == 0 ? 6 : stat.gid == 0 ? 3 : 0;
  return (stat.mode >> shift & asked) == asked;
}

bool is_permitted_at(Text path, int asked) {
  if (asked == 0) return true;
  if (sys::user() == 0) return is_permitted_to_root(path, asked);
  const long result = sys::access(path.data, asked);
  return result != -uapi::kEACCES && result != -uapi::kEPERM && result != -uapi::kEROFS;
}

}  // namespace

bool is_permitted(Text path, Kind kind, uint64_t rights) {
  constexpr uint64_t kReads = mask_of(RightId::read_file) | mask_of(RightId::read_dir);
  constexpr uint64_t kWrites = mask_of(RightId::write_file) | mask_of(RightId::truncate);
  int asked = (rights & kReads) != 0 ? kMayRead : 0;
  if ((rights & kWrites) != 0) asked |= kMayWrite;
  if ((rights & mask_of(RightId::execute)) != 0) asked |= kMayRun;
  if (kind != Kind::Missing && !is_permitted_at(path, asked)) return false;
  if ((rights & kOfEntries) == 0) return true;
  FixedString<kMaxPath + 1> folder;
  folder << parent_of(path) << '\0';
  return is_permitted_at(folder.text(), kMayWrite | kMayRun);
}

}  // namespace ll
