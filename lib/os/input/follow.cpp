#include "os/input/follow.h"

#include "core/mem.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr int kMaxLinks = 40;   // as the kernel's MAXSYMLINKS
constexpr long kTooLong = -36;  // ENAMETOOLONG
constexpr uint32_t kOthersWrite = 022;
constexpr uint64_t kReads = mask_of(RightId::read_file) | mask_of(RightId::read_dir);

Text skip_slashes(Text path) {
  while (starts_with(path, "/"_t)) path = path.from(1);
  return path;
}

// In a policy, a path that begins with / or the home directory is the user's own word, wherever the
// work is done.
bool is_own_word(const Policy &policy, const SourceSpan &where) {
  if (where.source == 0) return false;
  Text word = policy.sources[where.source].text.from(where.offset);
  while (!word.empty() && (word[0] == '-' || word[0] == '"' || word[0] == '\''))
    word = word.from(1);
  return starts_with(word, "/"_t) || starts_with(word, "~"_t) || starts_with(word, "$HOME"_t) ||
         starts_with(word, "${HOME"_t);
}

// How many bytes of the path name the tree that it may not leave; kNpos: there is none.
size_t tree_of(const Policy &policy, const SourceSpan &where, Text path) {
  const Text here = policy.directory;
  if (here == "/"_t || path.empty()) return kNpos;
  const Text folder = policy.sources[where.source].folder;
  size_t tree = 0;
  if (path[0] == '/' && (is_own_word(policy, where) || !is_beneath(path, here))) {
    // Relative to a policy that was named by an absolute path.
    if (is_own_word(policy, where) || !is_beneath(path, folder)) return kNpos;
    tree = folder.size;
  } else if (path[0] == '/') {
    tree = here.size;
  } else if (where.source != 0 && is_beneath(path, folder)) {
    tree = folder.size;
  }
  // What is above it was meant.
  for (;;) {
    const Text rest = skip_slashes(path.from(tree));
    const Text name = rest.first(find(rest, '/'));
    if (!(name == "."_t) && !(name == ".."_t)) return tree;
    tree = path.size - rest.size + name.size;
  }
}

// A link that other users than root cannot have made, nor put something else in its place.
bool is_roots(const uapi::Statx &link, const uapi::Statx &directory) {
  return sys::user() != 0 && link.uid == 0 && directory.uid == 0 &&
         (directory.mode & kOthersWrite) == 0;
}

// From one directory to what a path leads to, name by name.
class Walk {
 public:
  // `here`: the path of the tree, if it is known.
  Walk(int tree, Text tree_name, Text here, bool writes, Stray &stray)
      : tree_(tree), tree_name_(tree_name), here_(here), writes_(writes), stray_(stray) {}

  long open(Text path) {
    if (path.size >= sizeof path_) return kTooLong;
    memcpy(path_, path.data, path.size);
    size_ = path.size;
    if (!normalize(path_, size_)) return stray({}, {});
    path_[size_] = '\0';
    // Where that is refused (a container's filter, a link) the names are gone through one by
    // one.
    long opened = sys::open_path(tree_, size_ == 0 ? "." : path_, uapi::kRESOLVE_BENEATH_NO_LINKS);
    if (opened >= 0 || opened == -uapi::kENOENT || opened == -uapi::kEMFILE) return opened;
    for (int links = 0; links <= kMaxLinks; links++) {
      if (go(opened)) return opened;
    }
    return -uapi::kELOOP;
  }

 private:
  // False after a link, with the path that it leads to.
  bool go(long &opened) {
    int directory = tree_;
    bool own = false;  // whether the directory is open because of this
    for (size_t start = 0;;) {
      const Text rest = skip_slashes(Text{path_, size_}.from(start));
      start = size_ - rest.size;
      if (rest.empty()) break;
      const Text name = rest.first(find(rest, '/'));
      const long next = open_name(directory, name);
      uapi::Statx stat;
      const long looked = next < 0 ? next : sys::stat_of(static_cast<int>(next), stat);
      if (looked < 0) {
        close(static_cast<int>(next), next >= 0);
        return close(directory, own), opened = looked, true;
      }
      if ((stat.mode & uapi::kS_IFMT) == uapi::kS_IFLNK) {
        const bool done = follow(directory, static_cast<int>(next), stat, start, name.size, opened);
        close(static_cast<int>(next), true);
        return close(directory, own), done;
      }
      close(directory, own);
      directory = static_cast<int>(next);
      own = true;
      start += name.size;
    }
    // The tree itself, too.
    opened = own ? directory : sys::open_at(tree_, ".", uapi::kO_PATH);
    return true;
  }

  static void close(int descriptor, bool own) {
    if (own) sys::close(descriptor);
  }

  static long open_name(int directory, Text name) {
    char bytes[256];
    if (name.size >= sizeof bytes) return kTooLong;
    memcpy(bytes, name.data, name.size);
    bytes[name.size] = '\0';
    return sys::open_at(directory, bytes, uapi::kO_PATH | uapi::kO_NOFOLLOW);
  }

  // True if that is the end. `start` is where the link's name begins.
  bool follow(int directory, int link, const uapi::Statx &stat, size_t start, size_t size,
              long &opened) {
    char target[kMaxPath];
    const long length = sys::read_link_of(link, target, sizeof target);
    if (length <= 0) return opened = length == 0 ? -uapi::kENOENT : length, true;
    const Text leads_to = {target, static_cast<size_t>(length)};
    const Text before = Text{path_, size_}.first(start);
    const Text behind = Text{path_, size_}.from(start + size);
    uapi::Statx above;
    const long looked = sys::stat_of(directory, above);
    if (looked < 0) return opened = looked, true;
    char joined[kMaxPath];
    Builder path(joined, sizeof joined);
    if (leads_to.size + behind.size + 1 >= sizeof joined) return opened = kTooLong, true;
    if (is_roots(stat, above)) {
      path << leads_to << behind << '\0';
      return opened = sys::open_at(directory, joined, uapi::kO_PATH), true;
    }
    const Text link_name = Text{path_, size_}.first(start + size);
    const bool absolute = target[0] == '/';
    if (writes_ || (absolute && !is_beneath(leads_to, here_)))
      return opened = stray(link_name, leads_to), true;
    if (before.size + leads_to.size + behind.size + 1 >= sizeof joined)
      return opened = kTooLong, true;
    path << (absolute ? Text{} : before) << leads_to.from(absolute ? here_.size : 0) << behind;
    size_t normal = path.text().size;
    if (!normalize(joined, normal)) return opened = stray(link_name, leads_to), true;
    memcpy(path_, joined, normal);
    size_ = normal;
    return false;
  }

  // The path without "." and "..", in its place, which is what the kernel makes of it: no name
  // before was a link. False if it leads out of the tree.
  static bool normalize(char *path, size_t &size) {
    Text rest = {path, size};
    size = 0;
    while (!(rest = skip_slashes(rest)).empty()) {
      const Text name = rest.first(find(rest, '/'));
      rest = rest.from(name.size);
      if (name == "."_t) continue;
      if (name == ".."_t) {
        if (size == 0) return false;
        while (size > 0 && path[--size] != '/') {
        }
        continue;
      }
      if (size != 0) path[size++] = '/';
      memmove(path + size, name.data, name.size);
      size += name.size;
    }
    return true;
  }

  long stray(Text link, Text target) {
    Builder name(stray_.link, sizeof stray_.link);
    if (!link.empty()) {
      name << tree_name_;
      if (!tree_name_.empty() && !ends_with(tree_name_, "/"_t)) name << '/';
      name << link;
    }
    name << '\0';
    Builder leads_to(stray_.target, sizeof stray_.target);
    leads_to << target << '\0';
    return kStray;
  }

  int tree_;
  Text tree_name_;
  Text here_;
  bool writes_;
  Stray &stray_;
  char path_[kMaxPath];
  size_t size_ = 0;
};

// These two apart, as they need pages of the stack that other paths do not.
[[gnu::noinline]] long open_tree(Text name, int directory) {
  char bytes[kMaxPath];
  if (name.size >= sizeof bytes) return kTooLong;
  memcpy(bytes, name.data, name.size);
  bytes[name.size] = '\0';
  return sys::open_at(directory, bytes, uapi::kO_PATH | uapi::kO_DIRECTORY);
}

[[gnu::noinline]] long walk_in_tree(Text path, size_t tree, Text rest, Text here, int directory,
                                    bool writes, Stray &stray) {
  const Text name = path.first(tree);
  if (name.empty()) return Walk(directory, name, here, writes, stray).open(rest);
  const long opened = open_tree(name, directory);
  if (opened < 0) return opened;
  const Text folder = name == here ? here : Text{};
  const long result = Walk(static_cast<int>(opened), name, folder, writes, stray).open(rest);
  sys::close(static_cast<int>(opened));
  return result;
}

long open_in_tree(const Policy &policy, const SourceSpan &where, Text path, int directory,
                  bool writes, Stray &stray) {
  const size_t tree = tree_of(policy, where, path);
  const Text rest = tree == kNpos ? Text{} : skip_slashes(path.from(tree));
  if (rest.empty()) return sys::open_at(directory, path.data, uapi::kO_PATH);
  return walk_in_tree(path, tree, rest, policy.directory, directory, writes, stray);
}

}  // namespace

long open_granted(const Policy &policy, const Rule &rule, int directory, Stray &stray) {
  // What it takes away, it takes away wherever that is.
  if (rule.rights == 0) return sys::open_at(directory, rule.value.data, uapi::kO_PATH);
  constexpr uint64_t kHarmless = kReads | mask_of(RightId::execute);
  const bool writes = (rule.rights & ~kHarmless) != 0;
  return open_in_tree(policy, rule.where, rule.value, directory, writes, stray);
}

long open_named(const Policy &policy, Text path, int directory, bool writes, Stray &stray) {
  return open_in_tree(policy, {}, path, directory, writes, stray);
}

long create_named(const Policy &policy, Text path, int flags, int mode, Stray &stray) {
  const size_t tree = tree_of(policy, {}, path);
  if (tree == kNpos) return sys::create_at(uapi::kAT_FDCWD, path.data, flags, mode);
  const size_t slash = find_last(path, '/');
  char folder[kMaxPath];
  if (path.size >= sizeof folder) return kTooLong;
  const Text above = slash == kNpos ? "."_t : slash == 0 ? "/"_t : path.first(slash);
  memcpy(folder, above.data, above.size);
  folder[above.size] = '\0';
  const long opened = open_in_tree(policy, {}, {folder, above.size}, uapi::kAT_FDCWD, true, stray);
  if (opened < 0) return opened;
  const int directory = static_cast<int>(opened);
  const char *name = path.data + (slash == kNpos ? 0 : slash + 1);
  long file = sys::create_at(directory, name, flags | uapi::kO_NOFOLLOW, mode);
  if (file == -uapi::kELOOP) {
    const long size = sys::read_link_at(directory, name, stray.target, sizeof stray.target - 1);
    stray.target[size > 0 ? size : 0] = '\0';
    memcpy(stray.link, path.data, path.size);
    stray.link[path.size] = '\0';
    file = kStray;
  }
  sys::close(directory);
  return file;
}

void format_stray(Diagnostic &problem, const SourceSpan &where, Text path, const Stray &stray,
                  bool warning) {
  const Text kind = warning ? "warning: "_t : ""_t;
  if (stray.link[0] == '\0') {
    problem.fail(where, "%% leaves the directory that it starts from\nwrite the path without '..'",
                 kind, path);
    return;
  }
  problem.fail(where,
               "%% is a symbolic link to %, and is not followed: a project could supply it\n"
               "name its target, or replace the link with it",
               kind, c_text(stray.link), c_text(stray.target));
}

}  // namespace ll
