#include "hide.h"

#include "calls.h"
#include "os/input/resolve.h"

namespace ll {

namespace {

class Hider {
 public:
  Hider(Policy &policy, Text copy, Text layer) : policy_(policy), copy_(copy), layer_(layer) {}

  void hide(const Rule &rule) {
    if (rule.directive != Directive::Deny || !is_beneath(rule.value, copy_)) return;
    if (holds_grant(rule.value)) return;
    const Text path = rule.value.from(copy_.size + 1);
    const size_t slash = find_last(path, '/');
    const int parent = open_parent(path.first(slash == kNpos ? 0 : slash));
    if (parent < 0) return;
    const char *name = path.from(slash == kNpos ? 0 : slash + 1).data;
    uapi::Statx stat;
    const long found = sys::stat_at(parent, name, uapi::kAT_SYMLINK_NOFOLLOW, stat);
    if (found >= 0 && (stat.mode & uapi::kS_IFMT) != uapi::kS_IFLNK) take(rule, path, parent, name);
    sys::close(parent);
  }

 private:
  [[nodiscard]] bool holds_grant(Text path) const {
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      if (is_path(rule.directive) && rule.directive != Directive::Deny && is_in(rule.value, path))
        return true;
    }
    return false;
  }

  // In the copy, through no link; -1: there is none.
  [[nodiscard]] int open_parent(Text path) const {
    const long copy = sys::open_at(uapi::kAT_FDCWD, copy_.data, uapi::kO_PATH | uapi::kO_NOFOLLOW);
    if (copy < 0 || path.empty()) return static_cast<int>(copy);
    FixedString<kMaxPath> name;
    name << path << '\0';
    const long parent = sys::open_part(static_cast<int>(copy), name.text().data);
    sys::close(static_cast<int>(copy));
    return parent < 0 ? -1 : static_cast<int>(parent);
  }

  // Written down first: killed in between, nothing counts as deleted.
  void take(const Rule &rule, Text path, int parent, const char *name) {
    must(rule, open_hidden());
    must(rule, sys::write(list_, path.data, path.size + 1) == static_cast<long>(path.size + 1)
                   ? 0
                   : -uapi::kENOSPC);
    FixedString<32> number;
    number << count_++ << '\0';
    const long moved = sys::call(number::renameat2, parent, sys::address(name), hidden_,
                                 sys::address(number.text().data), 1);  // RENAME_NOREPLACE
    // EACCES: nothing can be created beside it either.
    if (moved != -uapi::kEACCES) must(rule, moved);
  }

  long open_hidden() {
    if (list_ >= 0) return 0;
    FixedString<kMaxPath> path;
    path << layer_ << "/hidden"_t << '\0';
    const long made = sys::make_directory(path.text().data, 0700);
    if (made < 0 && made != -uapi::kEEXIST) return made;
    const long hidden = sys::open_at(uapi::kAT_FDCWD, path.text().data,
                                     uapi::kO_PATH | uapi::kO_DIRECTORY | uapi::kO_NOFOLLOW);
    if (hidden < 0) return hidden;
    hidden_ = static_cast<int>(hidden);
    path.clear();
    path << layer_ << "/denied"_t << '\0';
    const long list = sys::create_at(uapi::kAT_FDCWD, path.text().data,
                                     uapi::kO_WRONLY | uapi::kO_NOFOLLOW | uapi::kO_TRUNC, 0600);
    list_ = static_cast<int>(list);
    return list;
  }

  void must(const Rule &rule, long result) const {
    if (result < 0)
      die_at(policy_, rule.where, "cannot hide % in the copy: %", rule.value, Error{result});
  }

  Policy &policy_;
  Text copy_, layer_;
  int hidden_ = -1;
  int list_ = -1;
  uint64_t count_ = 0;
};

}  // namespace

void hide_denied(Policy &policy, Text copy, Text layer) {
  Hider hider(policy, copy, layer);
  for (size_t i = 0; i < policy.rule_count; i++) hider.hide(policy.rules[i]);
}

}  // namespace ll
