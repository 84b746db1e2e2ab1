#include "task_rights.h"

#include "status.h"

namespace ll {

namespace {

// Empty: there is no room for it.
Text rights_of(const Status &status, Builder out, size_t room) {
  constexpr char kFields[] = "Uid:\0Gid:\0Groups:\0CapEff:\0";
  for (size_t row = 0; row < 4; row++) {
    const Text field = status.field(nth(kFields, row));
    if (field.empty() || out.text().size + field.size + 2 > room) return {};
    out << field << '\n';
  }
  return out.text();
}

uint64_t filters_of(const Status &status) {
  uint64_t count = 0;
  return parse_number(status.field("Seccomp_filters:"_t), INT32_MAX, count) ? count : 0;
}

bool find_root(const char *path, uint64_t &root, uint64_t &mount) {
  uapi::Statx stat;
  if (sys::stat_at(uapi::kAT_FDCWD, path, 0, stat) < 0) return false;
  root = stat.ino;
  mount = stat.mount_id;
  return true;
}

// "1000\t1000\t1000\t1000": no other one can be taken without a capability.
bool is_one(Text ids) {
  const Text first = ids.first(find(ids, '\t'));
  while (!ids.empty()) {
    if (!(ids.first(find(ids, '\t')) == first)) return false;
    ids = ids.from(first.size + 1);
  }
  return true;
}

// user_namespaces(7), capabilities(7): the filter lets nobody have a namespace or a root of its
// own, and no_new_privs no capability.
bool are_lasting(const Policy &policy, const Status &status) {
  return last_rule(policy, Directive::Syscall) == nullptr &&
         last_rule(policy, Directive::Cap) == nullptr && status.mask("CapPrm:"_t) == 0 &&
         !status.field("CapPrm:"_t).empty() && is_one(status.field("Uid:"_t)) &&
         is_one(status.field("Gid:"_t));
}

}  // namespace

void TaskRights::note(const Policy &policy) {
  const Status status;
  size_ = rights_of(status, {text_, sizeof text_}, sizeof text_).size;
  if (!find_root("/", root_, mount_)) size_ = 0;
  lasting_ = size_ != 0 && are_lasting(policy, status);
}

void TaskRights::note_command(uint32_t task) {
  if (started_) return;
  started_ = true;
  filters_ = filters_of(Status(task));
}

void TaskRights::expect_restricted() { restricted_ = restricted_ || started_; }

bool TaskRights::are_those_of(uint32_t task, bool same_root, uint64_t *umask) const {
  if (lasting_ && !restricted_ && umask == nullptr) return true;
  const Status status(task);
  if (restricted_ && filters_of(status) != filters_) return false;
  char bytes[kMax];
  const Text rights = rights_of(status, {bytes, sizeof bytes}, sizeof bytes);
  if (size_ == 0 || !(rights == Text{text_, size_})) return false;
  if (umask != nullptr) *umask = status.octal("Umask:"_t);
  FixedString<64> path;
  path << "/proc/"_t << task << "/root"_t << '\0';
  uint64_t root = 0;
  uint64_t mount = 0;
  return find_root(path.text().data, root, mount) &&
         (root == root_ && mount == mount_) == same_root;
}

}  // namespace ll
