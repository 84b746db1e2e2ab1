#include "mount_root.h"

#include "calls.h"
#include "core/mem.h"
#include "devices.h"
#include "os/input/mounts.h"
#include "os/kernel/process.h"
#include "repeat.h"

namespace ll {

namespace {

constexpr uint64_t kClosed =
    uapi::kMOUNT_ATTR_NOSUID | uapi::kMOUNT_ATTR_NODEV | uapi::kMOUNT_ATTR_NOEXEC;

// Of what is empty and its own, if nobody says more: the kernel's own bound is half of the machine.
constexpr uint64_t kMemory = uint64_t{256} << 20;
// A file takes memory besides what is in it. One for every page that can be filled, and some.
constexpr uint64_t kBytesPerFile = 4096;
constexpr uint64_t kLeastFiles = 4096;

// Everything is named from the new root, which is the current directory: "usr/lib".
const char *in_root(Text path) { return path.size > 1 ? path.data + 1 : "."; }

class Mounter {
 public:
  Mounter(const Policy &policy, const NsRequest &request, const MountTree &tree)
      : policy_(policy), request_(request), tree_(tree) {}

  void build(const Links &links) {
    enter_base();
    for (size_t i = 0; i < tree_.count; i++) {
      if (tree_.at(i).kind == Node::Hidden && tree_.at(i).mounted) open_inside(i);
      add(tree_.at(i));
    }
    for (size_t i = 0; i < links.count; i++) add_link(links.rows[i]);
    close_parent();
    close_memory();
    leave_hidden();
    if (!request_.host_root) enter();
  }

 private:
  void must(const char *what, long result) {
    if (result >= 0) return;
    if (node_ == nullptr) die_errno(policy_, what, result);
    if (result == -uapi::kENOENT && !node_->in_memory)
      die_at(policy_, node_->where,
             "% does not exist, so nothing can be mounted there\ncreate it in the directory that "
             "is mounted above it",
             node_->path);
    die_at(policy_, node_->where, "cannot % at %: %", what, node_->path, Error{result});
  }

  static int opened(long descriptor) { return static_cast<int>(descriptor); }

  // The root is stacked on the old one: that is always there to be mounted on.
  void enter_base() {
    long base;
    if (request_.host_root) {
      base = sys::open_at(uapi::kAT_FDCWD, "/", uapi::kO_PATH);
      must("open the root", base);
    } else {
      base = tree_.base == Node::Tmpfs ? new_memory("0755", kMemory, kClosed) : copy_base();
      must("mount the root", sys::attach_to_root(opened(base)));
    }
    must("enter the root", sys::enter_directory(opened(base)));
    sys::close(opened(base));
  }

  long copy_base() {
    const long copy = sys::copy_tree(tree_.base_descriptor);
    must("copy the root", copy);
    must("protect the root", change_tree(copy, attributes_of(tree_.base_grants, {})));
    return copy;
  }

  static long change_tree(long tree, uint64_t set, uint64_t cleared = 0) {
    return sys::change_mount(opened(tree), "", uapi::kAT_EMPTY_PATH | uapi::kAT_RECURSIVE,
                             {.set = set, .clear = cleared});
  }

  // Bounded: neither what is in it nor the names can take the machine's memory.
  long new_memory(const char *mode, uint64_t size, uint64_t attributes) {
    const uint64_t files = size / kBytesPerFile;
    const long context = sys::open_file_system("tmpfs");
    must("make a tmpfs", context);
    must("configure a tmpfs", sys::configure(opened(context), "mode", mode));
    set_number(opened(context), "size", size);
    set_number(opened(context), "nr_inodes", files < kLeastFiles ? kLeastFiles : files);
    const long mount = finish(context, attributes, "make a tmpfs");
    remember(opened(mount));
    return mount;
  }

  long new_proc() {
    const char *failed = "mount proc";
    const long context = sys::open_file_system("proc");
    must(failed, context);
    return finish(context, kClosed | uapi::kMOUNT_ATTR_RDONLY, failed);
  }

  long new_terminals() {
    const char *failed = "mount devpts";
    const long context = sys::open_file_system("devpts");
    must(failed, context);
    must(failed, sys::set_flag(opened(context), "newinstance"));
    must(failed, sys::configure(opened(context), "ptmxmode", "0666"));
    must(failed, sys::configure(opened(context), "mode", "620"));
    return finish(context, uapi::kMOUNT_ATTR_NOSUID | uapi::kMOUNT_ATTR_NOEXEC, failed);
  }

  long finish(long context, uint64_t attributes, const char *failed) {
    must(failed, sys::create(opened(context)));
    const long mount = sys::mount_detached(opened(context), attributes);
    must(failed, mount);
    sys::close(opened(context));
    return mount;
  }

  void set_number(int context, const char *key, uint64_t number) {
    FixedString<32> text;
    text << number << '\0';
    must("configure a tmpfs", sys::configure(context, key, text.text().data));
  }

  // A file system that is made here has a device number that no other has.
  void remember(int mount) {
    uapi::Statx stat;
    must("stat a tmpfs", sys::stat_of(mount, stat));
    if (own_count_ == kMostOwn) must("make a tmpfs", -uapi::kENOSPC);
    own_[own_count_++] = uapi::device_of(stat);
  }

  bool is_own(int directory) {
    uapi::Statx stat;
    must("stat a mount point", sys::stat_of(directory, stat));
    for (size_t i = 0; i < own_count_; i++)
      if (own_[i] == uapi::device_of(stat)) return true;
    return false;
  }

  struct MountPoint {
    int directory;
    const char *name;
  };

  void add(const Node &node) {
    node_ = &node;
    const bool is_there = node.kind == Node::Empty || (node.pinned && !node.file);
    if (node.in_memory && (node.mounted || is_there)) make_place(node);
    if (node.mounted) mount(node);
    made_ = {};
    node_ = nullptr;
  }

  void make_place(const Node &node) {
    if (node.path == "/"_t) return;
    const MountPoint place = open_place(node.path);
    const long result = node.file ? sys::make_file(place.name, place.directory)
                                  : sys::make_directory(place.name, 0755, place.directory);
    if (result == -uapi::kEEXIST) return;
    must("create a mount point", result);
    made_ = place;
  }

  // The directory that the path is in, made as far as it is not there. Nothing is ever made in a
  // file system that is not one of these mounts, whatever the tree says: it would be the user's.
  // The last one stays open: most that follow are in it.
  MountPoint open_place(Text path) {
    const size_t slash = find_last(path, '/');
    const Text parent = path.first(slash);
    place_ = path;
    if (parent_ == 0 || !(parent == parent_path_)) {
      close_parent();
      parent_ = open_parent(parent);
      parent_path_ = parent;
    }
    return {parent_, path.data + slash + 1};
  }

  int open_parent(Text parent) {
    long directory = uapi::kAT_FDCWD;
    Text rest = parent.from(1);
    while (!rest.empty()) {
      const Text name = rest.first(find(rest, '/'));
      rest = rest.from(name.size + 1);
      directory = enter_part(opened(directory), name);
    }
    must_be_own(opened(directory));
    return opened(directory);
  }

  void close_parent() {
    leave(parent_);
    parent_ = 0;
  }

  // The root is not opened again: it is the current directory.
  static void leave(int directory) {
    if (directory > 0) sys::close(directory);
  }

  long enter_part(int directory, Text name) {
    constexpr size_t kLongestName = 255;
    constexpr long kTooLongName = -36;  // ENAMETOOLONG
    FixedString<kLongestName + 2> part;
    if (name.size > kLongestName) must("create a mount point", kTooLongName);
    part << name << '\0';
    long entered = sys::open_part(directory, part.text().data);
    if (entered == -uapi::kENOENT) {
      must_be_own(directory);
      must("create a mount point", sys::make_directory(part.text().data, 0755, directory));
      entered = sys::open_part(directory, part.text().data);
    }
    must("create a mount point", entered);
    leave(directory);
    return entered;
  }

  void must_be_own(int directory) {
    if (is_own(directory)) return;
    die_at(policy_, node_ != nullptr ? node_->where : SourceSpan{},
           "the mount point % would have to be created on the host, which ll-ns does not do\n"
           "create it, and name it without symbolic links",
           place_);
  }

  void mount(const Node &node) {
    switch (node.kind) {
      case Node::Bind:
        return node.descriptor != 0 ? attach_copy(node, node.descriptor, 0) : bind_inside(node);
      case Node::Overlay: return overlay(node);
      case Node::Tmpfs: return mount_memory(node);
      case Node::Hidden: return mask(node);
      case Node::Dev: return mount_devices(node);
      case Node::Proc: return attach(new_proc(), node, "mount proc");
      case Node::Pts: return attach(new_terminals(), node, "mount devpts");
      case Node::Empty: return;
    }
  }

  // As closed as what is granted there allows. A library is mapped with the right to execute,
  // although no policy need grant that to it: those of the system stay as they are.
  static uint64_t attributes_of(uint8_t grants, Text path) {
    uint64_t attributes = kClosed;
    if ((grants & Write) == 0) attributes |= uapi::kMOUNT_ATTR_RDONLY;
    if ((grants & Device) != 0) attributes &= ~uapi::kMOUNT_ATTR_NODEV;
    const bool maps = (grants & Write) == 0 && holds_libraries(path);
    if ((grants & Run) != 0 || maps) attributes &= ~uapi::kMOUNT_ATTR_NOEXEC;
    return attributes;
  }

  static bool holds_libraries(Text path) {
    static constexpr char kFolders[] =
        "/lib\0/lib64\0/usr/lib\0/usr/lib64\0/usr/local/lib\0/nix/store\0";
    for (Text folder = c_text(kFolders); !folder.empty();
         folder = c_text(folder.data + folder.size + 1))
      if (is_in(path, folder)) return true;
    return false;
  }

  // A link on the way there could have been put there since the root was planned, by whoever writes
  // to what is shown in it: what is mounted would be at its target.
  int open_target(Text path) {
    const long target = sys::open_target(in_root(path));
    must("mount what is", target);
    return opened(target);
  }

  // What was just made is in a directory in which nobody else makes anything.
  void attach(long mount, const Node &node, const char *failed) {
    if (made_.name != nullptr) {
      must(failed, sys::attach_at(opened(mount), made_.directory, made_.name));
    } else {
      const int target = open_target(node.path);
      must(failed, sys::attach(opened(mount), target));
      sys::close(target);
    }
    sys::close(opened(mount));
    if (parent_path_ == node.path || is_beneath(parent_path_, node.path)) close_parent();
  }

  // A part of an overlay that is already mounted: it may be less closed than the whole.
  void bind_inside(const Node &node) {
    int &opened = inside_[&node - tree_.nodes];
    const int source = opened != 0 ? opened : open_target(node.path);
    attach_copy(node, source, kClosed);
    sys::close(source);
    opened = 0;
  }

  // What of an overlay is shown in what is about to be masked, and cannot be seen then.
  void open_inside(size_t mask) {
    const Text path = tree_.at(mask).path;
    for (size_t i = mask + 1; i < tree_.count && is_beneath(tree_.at(i).path, path); i++) {
      const Node &node = tree_.at(i);
      int &opened = inside_[&node - tree_.nodes];
      if (node.kind != Node::Bind || !node.mounted || node.descriptor != 0 || opened != 0) continue;
      node_ = &node;
      opened = open_target(node.path);
      node_ = nullptr;
    }
  }

  void attach_copy(const Node &node, int source, uint64_t cleared) {
    const long tree = sys::copy_tree(source);
    must("bind what is", tree);
    const uint64_t attributes = attributes_of(node.grants, node.path);
    must("protect what is", change_tree(tree, attributes, cleared & ~attributes));
    attach(tree, node, "mount what is");
  }

  // overlayfs(5) in a user namespace: attributes of its own begin with "user.", and a directory
  // that is renamed is copied. Volatile: else all of the
  // layer's file system is written to disk when the command ends. Named by descriptors: a path may
  // have colons, and shows in mountinfo.
  void overlay(const Node &node) {
    check_work(node);
    const long context = sys::open_file_system("overlay");
    if (context < 0) refuse_overlay(node, context);
    long result = sys::configure(opened(context), "source", "overlay");
    if (result >= 0) result = sys::set_flag(opened(context), "userxattr");
    if (result >= 0) result = sys::set_flag(opened(context), "volatile");
    if (result >= 0) result = set_layer(opened(context), "lowerdir", node.descriptor, ""_t);
    if (result >= 0) result = set_layer(opened(context), "upperdir", node.layer, "/upper"_t);
    if (result >= 0) result = set_layer(opened(context), "workdir", node.layer, "/work"_t);
    if (result >= 0) result = sys::create(opened(context));
    if (result < 0) refuse_overlay(node, result);
    const long mount = sys::mount_detached(opened(context), attributes_of(node.grants, node.path));
    if (mount < 0) refuse_overlay(node, mount);
    sys::close(opened(context));
    attach(mount, node, "mount the overlay");
  }

  // The kernel empties it without a question.
  void check_work(const Node &node) {
    const long work =
        sys::open_at(node.layer, "work", uapi::kO_RDONLY | uapi::kO_DIRECTORY | uapi::kO_NOFOLLOW);
    must("open `work` in the layer of the overlay", work);
    alignas(uapi::DirectoryEntry) char buffer[1024];
    long size;
    while ((size = sys::read_directory(opened(work), buffer, sizeof buffer)) > 0)
      for (long at = 0; at < size;) {
        const auto &entry = *reinterpret_cast<const uapi::DirectoryEntry *>(buffer + at);
        const Text name = c_text(entry.name);
        if (!(name == "."_t || name == ".."_t))
          die_at(policy_, node.where,
                 "`work` in the layer of % is not empty, and its contents would be removed\n"
                 "name a layer with an empty one",
                 node.path);
        at += entry.length;
      }
    must("list `work` in the layer of the overlay", size);
    sys::close(opened(work));
  }

  static long set_layer(int context, const char *key, int directory, Text name) {
    FixedString<64> path;
    path << "/proc/self/fd/"_t << static_cast<uint32_t>(directory) << name << '\0';
    return sys::configure(context, key, path.text().data);
  }

  [[noreturn]] void refuse_overlay(const Node &node, long error) {
    static constinit MountList mounts{};
    char mounted[kMaxPath];
    const Text inside =
        error == -uapi::kEINVAL ? find_mount_in(node.path, mounts, mounted) : Text{};
    if (!inside.empty())
      die_at(policy_, node.where,
             "cannot keep what is written to % in a layer: % is mounted in it\n"
             "unmount that, or name directories without mounts",
             node.path, inside);
    die_at(policy_, node.where, "cannot keep what is written to % in a layer: %\n%", node.path,
           Error{error}, cause_of_refusal(error));
  }

  static const char *cause_of_refusal(long error) {
    switch (error) {
      case -uapi::kENODEV: return "this kernel has no overlayfs";
      case -uapi::kEPERM:
        return "overlayfs in a user namespace is refused, by a kernel before Linux 5.11 or a "
               "security"
               " module";
      case -uapi::kELOOP:
        return "the layer cannot be in the directory, nor the directory in the layer";
      case -uapi::kEINVAL:
        return "its file system, or the layer's, does not support overlayfs: name another place "
               "for the"
               " layer with --keep-in";
    }
    return "its file system, or the layer's, does not support overlayfs";
  }

  [[nodiscard]] uint64_t size_of(const Node &node) const {
    const uint64_t most = request_.disk != 0 ? request_.disk : node.size != 0 ? node.size : kMemory;
    return node.size != 0 && node.size < most ? node.size : most;
  }

  void mount_memory(const Node &node) {
    attach_memory(node, "1777", size_of(node),
                  attributes_of(node.grants, node.path) & ~uapi::kMOUNT_ATTR_RDONLY);
  }

  void attach_memory(const Node &node, const char *mode, uint64_t size, uint64_t attributes) {
    attach(new_memory(mode, size, attributes), node, "mount a tmpfs");
  }

  // A file that nobody may open; no other has its inode, by which the launcher knows what is
  // denied.
  void mask(const Node &node) {
    if (!node.file) return attach_memory(node, "0555", kMemory, kClosed);
    if (hidden_ == 0) make_hidden();
    const long tree = sys::copy_tree(hidden_);
    must("hide what is", tree);
    must("hide what is", change_tree(tree, kClosed | uapi::kMOUNT_ATTR_RDONLY));
    attach(tree, node, "hide what is");
  }

  // In a tmpfs that nothing shows. What is not mounted anywhere can be copied from Linux 6.15 on
  // only: until all is there, it lies on the root, on which no path here leads.
  void make_hidden() {
    const long memory = new_memory("0700", kMemory, kClosed);
    must("hide what is", sys::attach_to_root(opened(memory)));
    must("hide what is", sys::make_file("hidden", opened(memory)));
    const long file = sys::open_at(opened(memory), "hidden", uapi::kO_PATH);
    must("hide what is", file);
    sys::close(opened(memory));
    hidden_ = opened(file);
  }

  // What lies on top: that tmpfs.
  void leave_hidden() {
    if (hidden_ == 0) return;
    sys::close(hidden_);
    must("hide what is", sys::unmount("/", uapi::kMNT_DETACH));
  }

  // Where the root is the machine's, what they are opened by is hidden by what they are shown
  // in.
  void mount_devices(const Node &node) {
    int devices[kDeviceCount];
    open_devices(devices);
    attach_memory(node, "0755", kMemory, uapi::kMOUNT_ATTR_NOSUID | uapi::kMOUNT_ATTR_NOEXEC);
    place_ = node.path;
    const long folder = sys::open_part(uapi::kAT_FDCWD, "dev");
    must("fill /dev", folder);
    must_be_own(opened(folder));
    const char *name = kDeviceNames;
    for (const int device : devices) {
      const Text called = c_text(name);
      const bool random = called == "random"_t || called == "urandom"_t;
      if (random && request_.repeats.seeded)
        add_random(opened(folder), name);
      else if (device >= 0)
        add_device(opened(folder), name, device);
      name += c_text(name).size + 1;
    }
    const auto link = [&](const char *target, const char *path) {
      must("fill /dev", sys::make_link(target, path, opened(folder)));
    };
    link("/proc/self/fd", "fd");
    link("/proc/self/fd/0", "stdin");
    link("/proc/self/fd/1", "stdout");
    link("/proc/self/fd/2", "stderr");
    link("pts/ptmx", "ptmx");
    sys::close(opened(folder));
  }

  // One that the machine does not have is left out: -1.
  void open_devices(int (&devices)[kDeviceCount]) {
    const char *name = kDeviceNames;
    for (int &device : devices) {
      FixedString<32> path;
      path << "/dev/"_t << c_text(name) << '\0';
      const long found = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_PATH);
      if (found != -uapi::kENOENT) must("open a device", found);
      device = found < 0 ? -1 : opened(found);
      name += c_text(name).size + 1;
    }
  }

  // Each that opens it reads the same bytes, whoever was before. Both names are one file's.
  void add_random(int folder, const char *name) {
    if (random_ != nullptr)
      return must("make the file of random bytes", sys::link(folder, random_, name));
    const long file = sys::create_at(folder, name, uapi::kO_WRONLY | uapi::kO_EXCL, 0444);
    must("make the file of random bytes", file);
    must("write the file of random bytes", write_random_file(opened(file), request_.repeats.seed));
    sys::close(opened(file));
    random_ = name;
  }

  void add_device(int folder, const char *name, int device) {
    const long tree = sys::copy_tree(device);
    must("bind a device", tree);
    must("create a mount point", sys::make_file(name, folder));
    must("mount a device", sys::attach_at(opened(tree), folder, name));
    sys::close(opened(tree));
    sys::close(device);
  }

  void add_link(const Links::Row &link) {
    if (!is_in_memory(tree_, link.path)) return;
    const MountPoint place = open_place(link.path);
    const long made = sys::make_link(link.target.data, place.name, place.directory);
    if (made == -uapi::kEEXIST)
      die_at(policy_, {}, "% is a symbolic link to %\nname its target", link.path, link.target);
    must("make a link", made);
  }

  // What was empty at first holds what it shall by now.
  void close_memory() {
    for (size_t i = 0; i < tree_.count; i++) {
      const Node &node = tree_.at(i);
      const bool closes = node.kind == Node::Dev || (node.kind == Node::Hidden && !node.file);
      if (node.mounted && closes) make_read_only(node.path);
    }
    if (tree_.base == Node::Tmpfs) make_read_only("/"_t);
    must("close the root", sys::change_mount(uapi::kAT_FDCWD, ".", uapi::kAT_RECURSIVE,
                                             {.set = uapi::kMOUNT_ATTR_NOSUID}));
  }

  void make_read_only(Text path) {
    const int mount = open_target(path);
    must("close the root",
         sys::change_mount(mount, "", uapi::kAT_EMPTY_PATH, {.set = uapi::kMOUNT_ATTR_RDONLY}));
    sys::close(mount);
  }

  // pivot_root(2), pivot_root(".", "."): the old root is on top of the new one, and goes. The
  // kernel's own rootfs (an initramfs) cannot go: it stays beneath, where only CAP_SYS_CHROOT could
  // lead.
  void enter() {
    const long pivoted = sys::pivot_root(".", ".");
    if (pivoted == -uapi::kEINVAL) return must("change the root", sys::change_root("."));
    must("change the root", pivoted);
    must("leave the old root", sys::unmount(".", uapi::kMNT_DETACH));
  }

  const Policy &policy_;
  const NsRequest &request_;
  const MountTree &tree_;
  const Node *node_ = nullptr;
  Text place_;                    // what is being made
  Text parent_path_;              // the directory that `parent_` is
  int parent_ = 0;                // it, open or AT_FDCWD; 0: none is
  MountPoint made_ = {};          // what was made to be mounted on; without a name: nothing
  const char *random_ = nullptr;  // the file of random bytes in /dev
  int hidden_ = 0;                // the file that lies in the place of each that is denied
  size_t own_count_ = 0;
  static constexpr size_t kMostOwn = kMaxNodes + 2;
  static uint64_t own_[kMostOwn];  // the devices of the file systems that are made here
  static int inside_[kMaxNodes];   // descriptors of nodes that are bound later
};

constinit uint64_t Mounter::own_[] = {};
constinit int Mounter::inside_[] = {};

}  // namespace

void mount_root(const Policy &policy, const NsRequest &request, const MountTree &tree,
                const Links &links) {
  Mounter(policy, request, tree).build(links);
}

}  // namespace ll
