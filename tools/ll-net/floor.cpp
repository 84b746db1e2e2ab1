#include "floor.h"

#include "calls.h"
#include "core/mem.h"
#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

constexpr size_t kFs = static_cast<size_t>(Field::Fs);

size_t hash_of(uint64_t one, uint64_t other) {
  return static_cast<size_t>(((one * 0x9e3779b97f4a7c15 ^ other) * 0xff51afd7ed558ccd) >> 32);
}

size_t hash_of(Text path) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < path.size; i++)
    hash = (hash ^ static_cast<unsigned char>(path[i])) * 0x100000001b3;
  return static_cast<size_t>(hash >> 20);
}

bool names_denied(const Policy &policy) {
  return last_rule(policy, Directive::Deny) != nullptr ||
         last_rule(policy, Directive::Keep) != nullptr;
}

Text directory_of(Text path) {
  const size_t slash = find_last(path, '/');
  return slash == kNpos || slash == 0 ? "/"_t : path.first(slash);
}

}  // namespace

void Floor::share(const Policy &policy) {
  constexpr long kReadWrite = 3, kSharedAnonymous = 0x21;
  policy_ = &policy;
  const long mapped =
      sys::call_six(number::mmap, 0, sizeof(Table), kReadWrite, kSharedAnonymous, -1, 0);
  if (mapped < 0) die_errno(policy, "share memory with the command's launcher", mapped);
  table_ = reinterpret_cast<Table *>(mapped);
}

void Floor::add(const FileId &found, uint64_t access, Directive directive) {
  const bool denied = directive == Directive::Deny;
  const bool kept = directive == Directive::Keep;
  if (found.inode == 0 || (access == 0 && !denied && !kept)) return;
  for (size_t i = hash_of(found.device, found.inode);; i++) {
    Row &row = table_->rows[i % kSlots];
    if (row.inode != 0 && (row.inode != found.inode || row.device != found.device)) continue;
    row = {found.device, found.inode, row.access | access, row.denied || denied, row.kept || kept};
    return;
  }
}

void Floor::note(const Policy &policy, const Plan &plan) {
  if (table_ == nullptr) return;
  for (size_t i = 0; i < policy.rule_count; i++)
    add(plan.entries[i].found, plan.entries[i].access, policy.rules[i].directive);
  for (size_t i = 0; i < plan.sibling_count; i++)
    add(plan.siblings[i].found, plan.siblings[i].access, Directive::Ro);
  table_->handled = plan.handled[kFs];
  table_->noted = true;
}

const Floor::Row *Floor::find(uint64_t device, uint64_t inode) const {
  for (size_t i = hash_of(device, inode);; i++) {
    const Row &row = table_->rows[i % kSlots];
    if (row.inode == 0) return nullptr;
    if (row.inode == inode && row.device == device) return &row;
  }
}

// False: one of them cannot be looked at.
template <typename Act>
bool Floor::walk(const Floor &floor, Text directory, const Act &act) {
  char path[kMaxPath];
  if (directory.size >= sizeof path) return false;
  memcpy(path, directory.data, directory.size);
  for (size_t end = directory.size;;) {
    path[end] = '\0';
    uapi::Statx stat;
    if (sys::stat_at(uapi::kAT_FDCWD, path, uapi::kAT_SYMLINK_NOFOLLOW, stat) < 0) return false;
    if (const Row *row = floor.find(uapi::device_of(stat), stat.ino); row != nullptr) act(*row);
    if (end <= 1) return true;
    end = directory_of({path, end}).size;
  }
}

uint64_t Floor::access_in(Text directory, uint64_t now) {
  Cached &cached = cached_[hash_of(directory) % kCached];
  if (cached.until > now && Text{cached.path, cached.size} == directory) return cached.access;
  uint64_t access = 0;
  const bool whole = walk(*this, directory, [&](const Row &row) { access |= row.access; });
  if (!whole || directory.size > kMaxCachedPath) return access;
  cached.until = now + kFresh;
  cached.access = access;
  cached.size = static_cast<uint16_t>(directory.size);
  memcpy(cached.path, directory.data, directory.size);
  return access;
}

uint64_t Floor::refused(Text path, uint64_t device, uint64_t inode, uint64_t wanted, uint64_t now) {
  uint64_t left = wanted & table_->handled;
  if (left == 0) return 0;
  if (const Row *row = find(device, inode); row != nullptr) left &= ~row->access;
  return left == 0 ? 0 : left & ~access_in(directory_of(path), now);
}

void Floor::note_denials(const Policy &policy) {
  share(policy);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Deny && rule.directive != Directive::Keep) continue;
    uapi::Statx stat;
    if (sys::stat_at(uapi::kAT_FDCWD, rule.value.data, 0, stat) < 0) continue;
    FileId found;
    found.device = uapi::device_of(stat);
    found.inode = stat.ino;
    add(found, 0, rule.directive);
  }
}

// By what it is, and by what it is called: a path that was not there when the command started has
// no inode that is known. What cannot be looked at is denied.
bool Floor::denies(Text path, uint64_t device, uint64_t inode, bool writes) const {
  if (!names_denied(*policy_)) return false;
  const auto is_denied = [&](const Row &row) { return row.denied || (row.kept && writes); };
  const Row *own = find(device, inode);
  bool denied = own != nullptr && is_denied(*own);
  const bool whole =
      walk(*this, directory_of(path), [&](const Row &row) { denied = denied || is_denied(row); });
  for (size_t i = 0; i < policy_->rule_count; i++) {
    const Rule &rule = policy_->rules[i];
    const bool counts =
        rule.directive == Directive::Deny || (rule.directive == Directive::Keep && writes);
    if (counts && is_in(path, rule.value)) denied = true;
  }
  return denied || !whole;
}

}  // namespace ll
