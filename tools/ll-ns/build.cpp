#include "build.h"

#include "calls.h"
#include "core/mem.h"
#include "devices.h"
#include "os/process.h"

namespace ll {

namespace {

constexpr uint64_t kClosed = uapi::kMountNoSuid | uapi::kMountNoDev | uapi::kMountNoExec;

// Everything is named from the new root, which is the current directory: "usr/lib".
const char *in_root(Text path) { return path.size > 1 ? path.data + 1 : "."; }

class Mounter {
 public:
  Mounter(const Policy &policy, const Request &request, const Tree &tree)
      : policy_(policy), request_(request), tree_(tree) {}

  void build(const Links &links) {
    enter_base();
    for (size_t i = 0; i < tree_.count; i++) add(tree_.at(i));
    for (size_t i = 0; i < links.count; i++) add_link(links.rows[i]);
    close_memory();
    if (!request_.host_root) enter();
  }

 private:
  void must(const char *what, long result) {
    if (result >= 0) return;
    if (node_ == nullptr) die_of(policy_, what, result);
    if (result == -uapi::kENOENT && !node_->in_memory)
      die_at(policy_, node_->where,
             "% is not there to be mounted on\nmake it in the directory that is shown there"_packed,
             node_->path);
    die_at(policy_, node_->where, "cannot % at %: %"_packed, PackedText{what}, node_->path,
           Error{result});
  }

  static int opened(long descriptor) { return static_cast<int>(descriptor); }

  // The root is stacked on the old one: that is always there to be mounted on.
  void enter_base() {
    long base;
    if (request_.host_root) {
      base = sys::open_at(uapi::kAtCwd, "/", uapi::kPathOnly);
      must("open the root"_packed, base);
    } else {
      base = tree_.base == Node::Tmpfs ? new_memory("0755", nullptr, kClosed) : copy_base();
      must("mount the root"_packed, sys::attach(opened(base), "/"));
    }
    must("enter the root"_packed, sys::enter_directory(opened(base)));
    sys::close(opened(base));
  }

  long copy_base() {
    const long copy = sys::copy_tree(tree_.base_descriptor);
    must("copy the root"_packed, copy);
    must("protect the root"_packed, change_tree(copy, attributes_of(tree_.base_grants, {})));
    return copy;
  }

  static long change_tree(long tree, uint64_t set, uint64_t cleared = 0) {
    return sys::change_mount(opened(tree), "", uapi::kAtEmptyPath | uapi::kAtRecursive,
                             {.set = set, .clear = cleared});
  }

  long new_memory(const char *mode, const char *size, uint64_t attributes) {
    const long context = sys::open_file_system("tmpfs");
    must("make a tmpfs"_packed, context);
    must("configure a tmpfs"_packed, sys::configure(opened(context), "mode", mode));
    if (size != nullptr)
      must("configure a tmpfs"_packed, sys::configure(opened(context), "size", size));
    must("make a tmpfs"_packed, sys::create(opened(context)));
    const long mount = sys::mount_detached(opened(context), attributes);
    must("make a tmpfs"_packed, mount);
    sys::close(opened(context));
    return mount;
  }

  void add(const Node &node) {
    node_ = &node;
    const bool is_there = node.kind == Node::Empty || (node.pinned && !node.file);
    if (node.in_memory && (node.mounted || is_there)) make_place(node);
    if (node.mounted) mount(node);
    node_ = nullptr;
  }

  void make_place(const Node &node) {
    make_parents(node.path);
    if (!node.file)
      must_exist(sys::make_directory(in_root(node.path), 0755));
    else
      make_file(in_root(node.path));
  }

  void must_exist(long result) {
    if (result != -uapi::kEEXIST) must("make a place in the root"_packed, result);
  }

  void make_file(const char *path) {
    const long file = sys::create_at(uapi::kAtCwd, path, uapi::kWriteOnly | uapi::kNoFollow, 0);
    must("make a place in the root"_packed, file);
    sys::close(opened(file));
  }

  // Those that the path before had need not be made again.
  void make_parents(Text path) {
    char part[kMaxPath];
    size_t same = 0;
    while (same < made_.size && same < path.size && made_[same] == path[same]) same++;
    for (size_t i = 1; i < path.size && i < sizeof part; i++) {
      if (path[i] != '/') continue;
      if (i < same) continue;
      memcpy(part, path.data, i);
      part[i] = '\0';
      must_exist(sys::make_directory(part + 1, 0755));
    }
    made_ = path;
  }

  void mount(const Node &node) {
    switch (node.kind) {
      case Node::Bind:
        return node.descriptor != 0 ? attach_copy(node, node.descriptor, 0) : bind_inside(node);
      case Node::Overlay: return overlay(node);
      case Node::Tmpfs: return mount_memory(node);
      case Node::Mask: return mask(node);
      case Node::Dev: return mount_devices(node);
      case Node::Proc:
        return must("mount proc"_packed, sys::mount("proc", in_root(node.path),
                                                    kClosed | uapi::kMountReadOnly, nullptr));
      case Node::Pts:
        return must("mount devpts"_packed, sys::mount("devpts", in_root(node.path),
                                                      uapi::kMountNoSuid | uapi::kMountNoExec,
                                                      "newinstance,ptmxmode=0666,mode=620"));
      case Node::Empty: return;
    }
  }

  // As closed as what is granted there allows. A library is mapped with the right to execute,
  // although no policy need grant that to it: those of the system stay as they are.
  static uint64_t attributes_of(uint8_t grants, Text path) {
    uint64_t attributes = kClosed;
    if ((grants & Write) == 0) attributes |= uapi::kMountReadOnly;
    if ((grants & Device) != 0) attributes &= ~uapi::kMountNoDev;
    const bool maps = (grants & Write) == 0 && holds_libraries(path);
    if ((grants & Run) != 0 || maps) attributes &= ~uapi::kMountNoExec;
    return attributes;
  }

  static bool holds_libraries(Text path) {
    static constexpr char kFolders[] =
        "/lib\0/lib64\0/usr/lib\0/usr/lib64\0/usr/local/lib\0/nix/store\0";
    for (const char *folder = kFolders; *folder != '\0'; folder += c_text(folder).size + 1)
      if (path == c_text(folder) || is_beneath(path, c_text(folder))) return true;
    return false;
  }

  // A part of an overlay that is already mounted: it may be less closed than the whole.
  void bind_inside(const Node &node) {
    const long source = sys::open_at(uapi::kAtCwd, in_root(node.path), uapi::kPathOnly);
    must("open what is"_packed, source);
    attach_copy(node, opened(source), kClosed);
    sys::close(opened(source));
  }

  void attach_copy(const Node &node, int source, uint64_t cleared) {
    const long tree = sys::copy_tree(source);
    must("bind what is"_packed, tree);
    const uint64_t attributes = attributes_of(node.grants, node.path);
    must("protect what is"_packed, change_tree(tree, attributes, cleared & ~attributes));
    must("mount what is"_packed, sys::attach(opened(tree), in_root(node.path)));
    sys::close(opened(tree));
  }

  // overlayfs(5) in a user namespace: attributes of its own begin with "user.", and a directory
  // that is renamed is copied. Volatile: else all of the
  // layer's file system is written to disk when the command ends. Named by descriptors: a path may
  // have colons, and shows in mountinfo.
  void overlay(const Node &node) {
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
    must("mount the overlay"_packed, sys::attach(opened(mount), in_root(node.path)));
    sys::close(opened(mount));
  }

  static long set_layer(int context, const char *key, int directory, Text name) {
    Line<64> path;
    path << "/proc/self/fd/"_t << static_cast<uint32_t>(directory) << name << '\0';
    return sys::configure(context, key, path.text().data);
  }

  [[noreturn]] void refuse_overlay(const Node &node, long error) {
    die_at(policy_, node.where, "cannot keep aside what is written to %: %\n%"_packed, node.path,
           Error{error}, PackedText{cause_of_refusal(error)});
  }

  static const char *cause_of_refusal(long error) {
    switch (error) {
      case -uapi::kENODEV: return "this kernel has no overlayfs"_packed;
      case -uapi::kEPERM:
        return "this kernel refuses overlayfs in a user namespace, which Linux allows from 5.11 on,"
               " or a security module does"_packed;
      case -uapi::kELOOP: return "a layer cannot be in the directory, nor around it"_packed;
      case -uapi::kEINVAL:
        return "something is mounted in it, or a file system cannot be a layer: name another place"
               " for what is written, with --keep-in"_packed;
    }
    return "its file system, or that of the layer, cannot be a part of an overlay"_packed;
  }

  void mount_memory(const Node &node) {
    Line<32> size;
    size << node.size << '\0';
    attach_memory(node, "1777", node.size != 0 ? size.text().data : nullptr,
                  attributes_of(node.grants, node.path) & ~uapi::kMountReadOnly);
  }

  void attach_memory(const Node &node, const char *mode, const char *size, uint64_t attributes) {
    const long memory = new_memory(mode, size, attributes);
    must("mount a tmpfs"_packed, sys::attach(opened(memory), in_root(node.path)));
    sys::close(opened(memory));
  }

  // A file that nobody may open; no other has its inode, by which the loader knows what is denied.
  void mask(const Node &node) {
    if (!node.file) return attach_memory(node, "0555", nullptr, kClosed);
    constexpr const char *kHidden = ".hidden";
    make_file(kHidden);
    const long file = sys::open_at(uapi::kAtCwd, kHidden, uapi::kPathOnly);
    must("hide what is"_packed, file);
    const long tree = sys::copy_tree(opened(file));
    must("hide what is"_packed, tree);
    must("hide what is"_packed, change_tree(tree, kClosed | uapi::kMountReadOnly));
    must("hide what is"_packed, sys::attach(opened(tree), in_root(node.path)));
    must("hide what is"_packed, sys::remove(kHidden, 0));
    sys::close(opened(tree));
    sys::close(opened(file));
  }

  void mount_devices(const Node &node) {
    attach_memory(node, "0755", nullptr, uapi::kMountNoSuid | uapi::kMountNoExec);
    for (const char *name = kDeviceNames; *name != '\0'; name += c_text(name).size + 1)
      add_device(c_text(name));
    must("fill /dev"_packed, sys::make_link("/proc/self/fd", "dev/fd"));
    must("fill /dev"_packed, sys::make_link("/proc/self/fd/0", "dev/stdin"));
    must("fill /dev"_packed, sys::make_link("/proc/self/fd/1", "dev/stdout"));
    must("fill /dev"_packed, sys::make_link("/proc/self/fd/2", "dev/stderr"));
    must("fill /dev"_packed, sys::make_link("pts/ptmx", "dev/ptmx"));
  }

  // One that the machine does not have is left out.
  void add_device(Text name) {
    Line<32> path;
    path << "/dev/"_t << name << '\0';
    const long device = sys::open_at(uapi::kAtCwd, path.text().data, uapi::kPathOnly);
    if (device == -uapi::kENOENT) return;
    must("open a device"_packed, device);
    const long tree = sys::copy_tree(opened(device));
    must("bind a device"_packed, tree);
    make_file(path.text().data + 1);
    must("mount a device"_packed, sys::attach(opened(tree), path.text().data + 1));
    sys::close(opened(tree));
    sys::close(opened(device));
  }

  void add_link(const Links::Row &link) {
    if (!is_in_memory(tree_, link.path)) return;
    made_ = {};
    make_parents(link.path);
    const long made = sys::make_link(link.target.data, in_root(link.path));
    if (made == -uapi::kEEXIST)
      die_at(policy_, {}, "% is a symbolic link to %\nname what it leads to"_packed, link.path,
             link.target);
    must("make a link"_packed, made);
  }

  // What was empty at first holds what it shall by now.
  void close_memory() {
    for (size_t i = 0; i < tree_.count; i++) {
      const Node &node = tree_.at(i);
      const bool closes = node.kind == Node::Dev || (node.kind == Node::Mask && !node.file);
      if (node.mounted && closes) make_read_only(in_root(node.path));
    }
    if (tree_.base == Node::Tmpfs) make_read_only(".");
    must("close the root"_packed,
         sys::change_mount(uapi::kAtCwd, ".", uapi::kAtRecursive, {.set = uapi::kMountNoSuid}));
  }

  void make_read_only(const char *path) {
    must("close the root"_packed,
         sys::change_mount(uapi::kAtCwd, path, 0, {.set = uapi::kMountReadOnly}));
  }

  // pivot_root(2), pivot_root(".", "."): the old root is on top of the new one, and goes. The
  // kernel's own rootfs (an initramfs) cannot go: it stays beneath, where only CAP_SYS_CHROOT could
  // lead.
  void enter() {
    const long pivoted = sys::pivot_root(".", ".");
    if (pivoted == -uapi::kEINVAL) return must("change the root"_packed, sys::change_root("."));
    must("change the root"_packed, pivoted);
    must("leave the old root"_packed, sys::unmount(".", uapi::kDetach));
  }

  const Policy &policy_;
  const Request &request_;
  const Tree &tree_;
  const Node *node_ = nullptr;
  Text made_;
};

}  // namespace

void build_root(const Policy &policy, const Request &request, const Tree &tree,
                const Links &links) {
  Mounter(policy, request, tree).build(links);
}

}  // namespace ll
