#include "kept.h"

namespace ll {

uint64_t inode_of(int descriptor) {
  uapi::Statx stat;
  return sys::stat_of(descriptor, stat) < 0 ? 0 : stat.ino;
}

void Kept::drop(Entry &entry) {
  if (entry.socket != 0) sys::close(entry.socket);
  entry.socket = 0;
}

long Kept::make(int domain, int type) {
  const long made = sys::open_socket(domain, type, uapi::kIPPROTO_TCP);
  if (made < 0) return made;
  Entry &entry = entries_[next_++ % kMax];
  drop(entry);
  entry = {inode_of(static_cast<int>(made)), static_cast<int>(made)};
  return made;
}

// The newest first: most are connected at once.
size_t Kept::place_of(uint64_t inode) const {
  for (size_t back = 1; back <= kMax && back <= next_; back++) {
    const size_t place = (next_ - back) % kMax;
    if (entries_[place].inode == inode) return place;
  }
  return kNpos;
}

Kept::State Kept::find(uint64_t inode, int &socket) const {
  const size_t place = inode == 0 ? kNpos : place_of(inode);
  if (place == kNpos) return State::Unknown;
  socket = entries_[place].socket;
  return socket != 0 ? State::Kept : State::Connected;
}

void Kept::settle(uint64_t inode) {
  if (const size_t place = place_of(inode); place != kNpos) drop(entries_[place]);
}

void Kept::forget(uint64_t inode) {
  const size_t place = place_of(inode);
  if (place == kNpos) return;
  drop(entries_[place]);
  entries_[place].inode = 0;
}

}  // namespace ll
