#include "plan_mounts.h"

#include "calls.h"
#include "core/mem.h"
#include "devices.h"
#include "open_named.h"
#include "os/enforce/deny.h"
#include "os/input/follow.h"
#include "os/input/mounts.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

// What a mount can tell apart.
uint8_t grants_of(const Rule &rule) {
  uint32_t grants = row_of(rule.directive).grants;
  if (rule.directive == Directive::Fs) {
    const uint64_t run = mask_of(RightId::execute);
    const uint64_t read = mask_of(RightId::read_file) | mask_of(RightId::read_dir);
    if ((rule.rights & run) != 0) grants |= Run;
    if ((rule.rights & ~(run | read)) != 0) grants |= Write;
    if ((rule.rights & mask_of(RightId::ioctl_dev)) != 0) grants |= Device;
  }
  return static_cast<uint8_t>((grants & (Run | Write | Device)) | Read);
}

class Collector {
 public:
  Collector(Policy &policy, const NsRequest &request, MountTree &tree, Links &links)
      : policy_(policy), request_(request), tree_(tree), links_(links) {}

  void plan_mounts() {
    if (!request_.rootfs.empty()) open_image();
    if (request_.host_root) add_base(0, UINT8_MAX);
    add_private();
    for (size_t i = 0; i < request_.mount_option_count; i++) add_extra(request_.mount_options[i]);
    for (size_t i = 0; i < request_.mount_option_count; i++)
      if (request_.mount_options[i].kind == MountOption::Overlay)
        hide_layer(request_.mount_options[i]);
    for (size_t i = 0; i < policy_.rule_count;) {
      Rule &rule = policy_.rules[i];
      // It grants nothing, so it shows nothing: add_start() makes the place.
      const bool shows = is_path(rule.directive) && rule.directive != Directive::Chdir && !rule.any;
      if (!shows || add_rule(rule))
        i++;
      else
        leave_out(i);
    }
    add_start();
    resolve_mounts(tree_);
  }

 private:
  void open_image() {
    long opened = open_word(request_.rootfs, {}, false);
    if (opened >= 0) opened = only_directory(static_cast<int>(opened));
    if (opened < 0)
      die_at(policy_, {}, "cannot open the root %: %", request_.rootfs, Error{opened});
    image_ = static_cast<int>(opened);
    image_path_ = path_of(image_, {});
    add_base(image_, Read | Run);
  }

  void add_base(int descriptor, uint8_t grants) {
    tree_.base = Node::Bind;
    tree_.base_grants |= grants;
    if (tree_.base_descriptor == 0) tree_.base_descriptor = descriptor;
  }

  void add_private() {
    if (request_.proc && (request_.shared & kNewPid) != 0)
      add_outer_proc();
    else if (request_.proc)
      add_own("/proc"_t, Node::Proc, Read);
    if (!request_.dev) return;
    add_own("/dev"_t, Node::Dev, Read);
    add_own("/dev/pts"_t, Node::Pts, Read | Device);
  }

  // proc(5) shows a PID namespace; the machine's can only be shown as it is.
  void add_outer_proc() {
    const long opened = sys::open_at(uapi::kAT_FDCWD, "/proc", uapi::kO_PATH);
    if (opened < 0) die_errno(policy_, "open /proc", opened);
    add_own("/proc"_t, Node::Bind, Read);
    find_node(tree_, "/proc"_t)->descriptor = static_cast<int>(opened);
  }

  // Not inlined: nodes of constants would be initialized data, and relocated.
  [[gnu::noinline]] void add_own(Text path, Node::Kind kind, uint8_t grants) {
    add(Node{.path = path, .kind = kind, .grants = grants});
  }

  void add(const Node &node) {
    if (add_node(tree_, node) == nullptr)
      die_at(policy_, node.where, "more than % mounts", kMaxNodes);
  }

  // What is at the descriptor, by its path; the kernel knows it. `where` is of who named it.
  Text path_of(int descriptor, const SourceSpan &where) {
    FixedString<64> name;
    name << "/proc/self/fd/"_t << static_cast<uint32_t>(descriptor) << '\0';
    Arena &arena = policy_.arena;
    if (arena.room() <= kMaxPath) die_at(policy_, where, kTooMuchText, kMaxText);
    char *path = arena.bytes + arena.used;
    const long size = sys::read_link(name.text().data, path, kMaxPath);
    if (size < 0) die_at(policy_, where, "cannot read /proc/self/fd: %\nmount /proc", Error{size});
    path[size] = '\0';
    arena.used += static_cast<size_t>(size) + 1;
    return {path, static_cast<size_t>(size)};
  }

  long open(const char *path) const {
    if (image_ != 0) return sys::open_in_root(image_, path);
    return sys::open_at(uapi::kAT_FDCWD, path, uapi::kO_PATH);
  }

  long open(const Rule &rule, Stray &stray) const {
    if (image_ != 0) return open(rule.value.data);
    return open_granted(policy_, rule, uapi::kAT_FDCWD, stray);
  }

  // A path of the command line.
  long open_word(Text path, const SourceSpan &where, bool writes) {
    Stray stray;
    const long opened = open_named(policy_, path, uapi::kAT_FDCWD, writes, stray);
    if (opened != kStray) return opened;
    Diagnostic problem;
    format_stray(problem, where, path, stray);
    die(policy_, problem);
  }

  // The last of two for one place holds: /tmp is given one before the user says anything.
  void add_extra(const MountOption &extra) {
    const Node node = extra.kind == MountOption::Tmpfs     ? memory_of(extra)
                      : extra.kind == MountOption::Overlay ? overlay_of(extra)
                                                           : bind_of(extra);
    Node *known = find_node(tree_, node.path);
    if (known != nullptr)
      *known = node;
    else
      add(node);
  }

  static Node memory_of(const MountOption &extra) {
    return {.path = extra.target,
            .kind = Node::Tmpfs,
            .grants = Read | Write,
            .size = extra.size,
            .where = extra.where};
  }

  Node bind_of(const MountOption &extra) {
    const long opened = open_word(extra.source, extra.where, extra.kind == MountOption::Bind);
    uapi::Statx stat;
    const int descriptor = static_cast<int>(opened);
    const long result = opened < 0 ? opened : sys::stat_of(descriptor, stat);
    if (result < 0) die_at(policy_, extra.where, "cannot bind %: %", extra.source, Error{result});
    const bool renamed = extra.target.data != extra.source.data;
    return {.path = renamed ? extra.target : path_of(descriptor, extra.where),
            .kind = Node::Bind,
            .file = (stat.mode & uapi::kS_IFMT) != uapi::kS_IFDIR,
            .grants = static_cast<uint8_t>(extra.kind == MountOption::Bind ? Read | Write : Read),
            .descriptor = descriptor,
            .where = extra.where};
  }

  int open_directory(Text path, const SourceSpan &where) {
    long opened = open_word(path, where, true);
    if (opened >= 0) opened = only_directory(static_cast<int>(opened));
    if (opened < 0) die_at(policy_, where, "cannot open %: %", path, Error{opened});
    return static_cast<int>(opened);
  }

  static long only_directory(int opened) {
    const long directory = sys::open_at(opened, ".", uapi::kO_PATH | uapi::kO_DIRECTORY);
    sys::close(opened);
    return directory;
  }

  Node overlay_of(const MountOption &extra) {
    const int descriptor = open_directory(extra.source, extra.where);
    return {.path = path_of(descriptor, extra.where),
            .kind = Node::Overlay,
            .grants = Read | Write,
            .descriptor = descriptor,
            .layer = open_directory(extra.layer, extra.where),
            .where = extra.where};
  }

  // Wherever what holds the layer is shown.
  void hide_layer(const MountOption &overlay) {
    const int descriptor = open_directory(overlay.layer, overlay.where);
    const Text layer = path_of(descriptor, overlay.where);
    sys::close(descriptor);
    const Text place = image_ != 0 ? inside(layer) : layer;
    if (!place.empty()) hide(place, overlay.where);
    for (size_t i = 0; i < request_.mount_option_count; i++) {
      const MountOption &extra = request_.mount_options[i];
      if (extra.kind == MountOption::Tmpfs || extra.kind == MountOption::Overlay) continue;
      const Node *shown = find_node(tree_, extra.target);
      if (shown == nullptr || shown->kind != Node::Bind) continue;
      const Text source = path_of(shown->descriptor, extra.where);
      if (is_beneath(layer, source)) hide(join(extra.target, layer.from(source.size)), extra.where);
    }
  }

  void hide(Text path, const SourceSpan &where) {
    add(Node{.path = path, .kind = Node::Hidden, .where = where});
  }

  Text join(Text path, Text rest) {
    const size_t start = policy_.arena.used;
    Text joined;
    if (!policy_.arena.push(path) || !policy_.arena.push(rest) ||
        !policy_.arena.finish(start, joined))
      die_at(policy_, {}, kTooMuchText, kMaxText);
    return joined;
  }

  // Whether the writes to what is there go elsewhere.
  bool is_overlaid(Text path) {
    if (!has_overlay(request_)) return false;
    for (size_t i = 0; i < tree_.count; i++)
      if (tree_.at(i).kind == Node::Overlay && is_beneath(path, tree_.at(i).path)) return true;
    return false;
  }

  void leave_out(size_t index) {
    policy_.rule_count--;
    for (size_t i = index; i < policy_.rule_count; i++) policy_.rules[i] = policy_.rules[i + 1];
  }

  // False: it grants nothing, inside as well, for the link on its way is not followed.
  bool add_rule(Rule &rule) {
    if (Node *node = find_node(tree_, rule.value); node != nullptr && node->kind != Node::Bind) {
      if (rule.directive == Directive::Deny)
        node->kind = Node::Hidden;
      else if (rule.directive == Directive::Keep)
        node->kept = true;
      else
        node->grants |= grants_of(rule);
      return true;
    }
    if (request_.dev && add_device(rule)) return true;
    if (takes(rule) && hold_inside(rule)) return true;
    Stray stray;
    OpenedByName named = {.descriptor = -uapi::kELOOP};
    if (image_ == 0 && !takes(rule)) named = open_by_name(policy_, rule, links_);
    long opened = named.descriptor == -uapi::kELOOP ? open(rule, stray) : named.descriptor;
    const bool strays = opened == kStray;
    if (strays) report_stray(rule, stray);
    if (strays && rule.directive != Directive::Keep) return false;
    if (strays) opened = open(rule.value.data);
    const bool missing = opened == -uapi::kENOENT || opened == -uapi::kENOTDIR;
    if (missing && rule.optional) return takes(rule) || may_be_inside(rule.value) || is_reported();
    if (opened < 0) fail_to_grant(policy_, rule, opened);
    const int descriptor = static_cast<int>(opened);
    if (!keep(rule, descriptor, named.path, strays)) sys::close(descriptor);
    return !strays;
  }

  // What is not there outside can be in what is shown under another name.
  bool may_be_inside(Text path) {
    for (size_t i = 0; i < request_.mount_option_count; i++)
      if (path == request_.mount_options[i].target ||
          is_beneath(path, request_.mount_options[i].target) ||
          is_beneath(request_.mount_options[i].target, path))
        return true;
    return false;
  }

  // Of what an optional rule is about, and is not there.
  [[nodiscard]] bool is_reported() const {
    return request_.verbose || request_.explain || request_.report != 0;
  }

  // What is kept is so behind a link, too; it is only not shown.
  void report_stray(const Rule &rule, const Stray &stray) {
    const bool goes_on = rule.optional || rule.directive == Directive::Keep;
    Diagnostic problem;
    format_stray(problem, rule.where, rule.value, stray, goes_on);
    if (!goes_on) die(policy_, problem);
    if (!request_.quiet) warn(policy_, problem);
  }

  static bool takes(const Rule &rule) {
    return rule.directive == Directive::Deny || rule.directive == Directive::Keep;
  }

  // It is there also where nothing in it is granted: relative paths mean what they did.
  void add_start() {
    add_own(start_of(policy_, request_), Node::Empty, 0);
    const Rule *rule = last_rule(policy_, Directive::Chdir);
    if (rule == nullptr) return;
    const long opened = open(rule->value.data);
    if (opened < 0)
      die_at(policy_, rule->where, "cannot start in %: %", rule->value, Error{opened});
    const Text path = path_of(static_cast<int>(opened), rule->where);
    sys::close(static_cast<int>(opened));
    if (image_ != 0) return;
    remember_links(*rule);
    add_own(path, Node::Empty, 0);
  }

  // proc_pid_fd(5): what is open already, in mounts that these namespaces do not have.
  static bool is_inherited(Text path) {
    return path == "/dev/stdin"_t || path == "/dev/stdout"_t || path == "/dev/stderr"_t ||
           is_beneath(path, "/dev/fd"_t) || is_beneath(path, "/proc/self/fd"_t);
  }

  // The same file by its path.
  int open_anew(const Rule &rule, Text path, int descriptor) {
    const FileId before = identify(policy_, rule, descriptor);
    const long opened = sys::open_at(uapi::kAT_FDCWD, path.data, uapi::kO_PATH | uapi::kO_NOFOLLOW);
    if (opened < 0) fail_to_grant(policy_, rule, opened);
    const FileId found = identify(policy_, rule, static_cast<int>(opened));
    if (found.inode != before.inode || found.device != before.device)
      die_at(policy_, rule.where, "% is open, but no longer at its path %", rule.value, path);
    sys::close(descriptor);
    return static_cast<int>(opened);
  }

  // What is in the private /dev, or is made there because it is named.
  bool add_device(const Rule &rule) {
    if (is_standard_device(rule.value)) return true;
    const bool terminals = rule.value == "/dev/ptmx"_t || rule.value == "/dev/pts"_t ||
                           is_beneath(rule.value, "/dev/pts"_t);
    if (terminals || !(rule.value == "/dev/shm"_t)) return terminals;
    add_own("/dev/shm"_t, Node::Tmpfs, grants_of(rule));
    return true;
  }

  // False when the descriptor is not needed. `path`: empty, where only /proc knows it.
  bool keep(Rule &rule, int descriptor, Text path, bool strays) {
    const FileId found = identify(policy_, rule, descriptor);
    const bool named = !path.empty();
    if (!named) path = path_of(descriptor, rule.where);
    if (image_ != 0) path = inside(path);
    if (path.empty() || path[0] != '/') return false;  // a pipe of /proc, for one
    const bool inherited = image_ == 0 && !named && is_inherited(rule.value);
    if (image_ == 0 && !named && !inherited && !(path == rule.value)) remember_links(rule);
    if ((request_.proc && is_beneath(path, "/proc"_t)) ||
        (request_.dev && is_standard_device(path)))
      return false;
    if (inherited) descriptor = open_anew(rule, path, descriptor);
    held_elsewhere_ = image_ != 0;
    if (takes(rule)) hold_names(rule, path, found.kind != Kind::Directory);
    // The launcher looks for it where it is, and follows no link a second time.
    if (image_ == 0) rule.value = path;
    const bool denies = rule.directive == Directive::Deny;
    const bool keeps = rule.directive == Directive::Keep;
    const uint8_t grants = denies || strays ? uint8_t{0} : grants_of(rule);
    if (keeps) pin_parents(path, rule);
    if (path == "/"_t) {
      if (!denies) add_base(descriptor, grants);
      return tree_.base_descriptor == descriptor;
    }
    Node *known = find_node(tree_, path);
    if (known == nullptr) {
      const bool overlaid = !denies && is_overlaid(path);
      add(Node{.path = path,
               .kind = denies ? Node::Hidden : Node::Bind,
               .file = found.kind != Kind::Directory,
               .kept = keeps,
               .alone = denies && !held_elsewhere_,
               .grants = grants,
               .descriptor = overlaid ? 0 : descriptor,
               .where = rule.where});
      return !overlaid;
    }
    known->grants |= grants;
    known->kept |= keeps;
    if (denies) {
      known->kind = Node::Hidden;
      known->alone = !held_elsewhere_;
    }
    return false;
  }

  // What is mounted cannot be renamed; the directories that it is in could be, and others put in
  // their place. Those beneath `top`: all, or what is bound at another place.
  void pin_parents(Text path, const Rule &rule, Text top = {}) {
    for (size_t end = path.size - 1; end > top.size; end--) {
      if (path[end] != '/') continue;
      const Text parent = keep_text(path.first(end), rule);
      Node *known = find_node(tree_, parent);
      if (known != nullptr) {
        known->pinned = true;
        continue;
      }
      const bool inside = !top.empty() || is_overlaid(parent);
      const long opened = inside ? 0 : open(parent.data);
      if (opened < 0) fail_to_grant(policy_, rule, opened);
      add(Node{.path = parent,
               .kind = Node::Bind,
               .pinned = true,
               .descriptor = static_cast<int>(opened),
               .where = rule.where});
    }
  }

  Text keep_text(Text text, const Rule &rule) {
    Text kept;
    if (!policy_.arena.keep(text, kept)) die_at(policy_, rule.where, kTooMuchText, kMaxText);
    return kept;
  }

  // A path of the image, as it is called in it.
  [[nodiscard]] Text inside(Text path) const {
    if (image_path_ == "/"_t) return path;
    if (path == image_path_) return "/"_t;
    return is_beneath(path, image_path_) ? path.from(image_path_.size) : Text{};
  }

  // What is denied or kept is so by every name: of the links on its way, which stay what they are,
  // of other mounts that show it, and of what is bound at another place.
  void hold_names(const Rule &rule, Text path, bool file) {
    hold_in_binds(rule, path, file);
    if (image_ != 0) return;
    pin_links(rule);
    static constinit MountList mounts{};
    Aliases aliases(policy_, rule.where, path, mounts);
    for (Text alias; aliases.next(alias);) {
      const Text name = keep_text(alias, rule);
      hold(rule, name, is_file(name));
      hold_in_binds(rule, name, is_file(name));
    }
  }

  static bool is_file(Text path) {
    uapi::Statx stat;
    return sys::stat_at(uapi::kAT_FDCWD, path.data, uapi::kAT_SYMLINK_NOFOLLOW, stat) == 0 &&
           (stat.mode & uapi::kS_IFMT) != uapi::kS_IFDIR;
  }

  void hold(const Rule &rule, Text path, bool file, Text top = {}) {
    held_elsewhere_ = true;
    if (rule.directive == Directive::Deny)
      return add(Node{.path = path, .kind = Node::Hidden, .file = file, .where = rule.where});
    pin_parents(path, rule, top);
    Node *known = find_node(tree_, path);
    if (known != nullptr)
      known->kept = true;
    else
      add(Node{.path = path, .kind = Node::Bind, .file = file, .kept = true, .where = rule.where});
  }

  // Null: the place has been given to something else.
  const Node *bound_elsewhere(const MountOption &extra) {
    if (extra.kind != MountOption::Bind && extra.kind != MountOption::RoBind) return nullptr;
    if (extra.target.data == extra.source.data) return nullptr;
    const Node *shown = find_node(tree_, extra.target);
    return shown != nullptr && shown->kind == Node::Bind && shown->descriptor != 0 ? shown
                                                                                   : nullptr;
  }

  void hold_in_binds(const Rule &rule, Text path, bool file) {
    for (size_t i = 0; i < request_.mount_option_count; i++) {
      const MountOption &extra = request_.mount_options[i];
      const Node *shown = bound_elsewhere(extra);
      if (shown == nullptr) continue;
      const Text source = path_of(shown->descriptor, extra.where);
      if (path == source || is_beneath(path, source))
        hold(rule, join(extra.target, path.from(source == "/"_t ? 0 : source.size)), file,
             extra.target);
    }
  }

  // By the name that it has in what is bound at another place. False: it is in none.
  bool hold_inside(const Rule &rule) {
    for (size_t i = 0; i < request_.mount_option_count; i++) {
      const MountOption &extra = request_.mount_options[i];
      const Node *shown = bound_elsewhere(extra);
      if (shown == nullptr || !is_beneath(rule.value, extra.target)) continue;
      const long opened =
          sys::open_in_root(shown->descriptor, rule.value.from(extra.target.size + 1).data);
      const bool missing = opened == -uapi::kENOENT || opened == -uapi::kENOTDIR;
      if (missing && rule.optional) return true;
      if (opened < 0) fail_to_grant(policy_, rule, opened);
      const int descriptor = static_cast<int>(opened);
      const bool file = identify(policy_, rule, descriptor).kind != Kind::Directory;
      const Text source = path_of(shown->descriptor, extra.where);
      const Text path = path_of(descriptor, rule.where);
      sys::close(descriptor);
      hold(rule, join(extra.target, path.from(source == "/"_t ? 0 : source.size)), file,
           extra.target);
      return true;
    }
    return false;
  }

  // A link cannot be removed where it is mounted on itself.
  void pin_links(const Rule &rule) {
    char resolved[kMaxPath];
    Links links = {.arena = policy_.arena};
    const long size = resolve(policy_.directory, rule.value, resolved, sizeof resolved, &links);
    if (size < 0) fail_to_grant(policy_, rule, size);
    for (size_t i = 0; i < links.count; i++) {
      const Text link = links.rows[i].path;
      pin_parents(link, rule);
      if (find_node(tree_, link) != nullptr) continue;
      const long opened =
          sys::open_at(uapi::kAT_FDCWD, link.data, uapi::kO_PATH | uapi::kO_NOFOLLOW);
      if (opened < 0) fail_to_grant(policy_, rule, opened);
      add(Node{.path = link,
               .kind = Node::Bind,
               .file = true,
               .pinned = true,
               .descriptor = static_cast<int>(opened),
               .where = rule.where});
    }
  }

  void remember_links(const Rule &rule) {
    char resolved[kMaxPath];
    const long size = resolve(policy_.directory, rule.value, resolved, sizeof resolved, &links_);
    if (size < 0) fail_to_grant(policy_, rule, size);
  }

  Policy &policy_;
  const NsRequest &request_;
  MountTree &tree_;
  Links &links_;
  int image_ = 0;
  bool held_elsewhere_ = false;  // what a rule takes has another name
  Text image_path_;
};

}  // namespace

Text start_of(const Policy &policy, const NsRequest &request) {
  if (!request.rootfs.empty() || policy.directory.empty()) return "/"_t;
  return policy.directory;
}

void plan_mounts(Policy &policy, const NsRequest &request, MountTree &tree, Links &links) {
  Collector(policy, request, tree, links).plan_mounts();
}

}  // namespace ll
