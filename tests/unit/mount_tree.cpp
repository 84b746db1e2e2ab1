// ll-ns: the plan of mounts.
#include "ll-ns/mount_tree.h"

#include "check.h"

using namespace ll;

namespace {

struct Made {
  std::unique_ptr<MountTree> tree = std::make_unique<MountTree>();
  std::vector<std::unique_ptr<std::string>> paths;

  Node *add(const char *path, Node::Kind kind, uint8_t grants) {
    paths.push_back(std::make_unique<std::string>(path));
    const std::string &kept = *paths.back();
    return add_node(*tree,
                    Node{.path = {kept.data(), kept.size()}, .kind = kind, .grants = grants});
  }

  // "/usr:rx" for each mount, in order.
  std::string mounts() {
    resolve_mounts(*tree);
    std::string all;
    for (size_t i = 0; i < tree->count; i++) {
      const Node &node = tree->at(i);
      if (!node.mounted) continue;
      if (!all.empty()) all += ' ';
      all += std::string(node.path.data, node.path.size) + ':';
      if (node.kind == Node::Hidden) all += "hidden";
      if ((node.grants & Read) != 0) all += 'r';
      if ((node.grants & Write) != 0) all += 'w';
      if ((node.grants & Run) != 0) all += 'x';
    }
    return all;
  }
};

}  // namespace

TEST("a path with no more rights than its directory is not mounted again") {
  Made made;
  made.add("/usr/lib", Node::Bind, Read);
  made.add("/usr", Node::Bind, Read | Run);
  EQUAL(made.mounts(), "/usr:rx");
}

TEST("a path with more rights than its directory is mounted, with the rights of both") {
  Made made;
  made.add("/srv", Node::Bind, Read);
  made.add("/srv/out", Node::Bind, Read | Write);
  made.add("/srv/bin", Node::Bind, Read | Run);
  EQUAL(made.mounts(), "/srv:r /srv/bin:rx /srv/out:rw");
}

TEST("a path whose name begins with a directory's is not within it") {
  Made made;
  made.add("/a", Node::Bind, Read | Write);
  made.add("/a-b", Node::Bind, Read);
  made.add("/a/b", Node::Bind, Read);
  made.add("/a.b/c", Node::Bind, Read);
  EQUAL(made.mounts(), "/a:rw /a-b:r /a.b/c:r");
}

TEST("a denied path is hidden, and a path granted in it is mounted with its own rights only") {
  Made made;
  made.add("/a", Node::Bind, Read | Write);
  made.add("/a/b", Node::Hidden, 0);
  made.add("/a/b/c", Node::Bind, Read);
  EQUAL(made.mounts(), "/a:rw /a/b:hidden /a/b/c:r");
}

TEST("a denied path outside of all mounts needs no mount") {
  Made made;
  made.add("/a/b", Node::Hidden, 0);
  made.add("/c", Node::Bind, Read);
  EQUAL(made.mounts(), "/c:r");
}

TEST("a path that is both denied and granted is denied, in either order") {
  for (const bool first : {false, true}) {
    Made made;
    made.add("/a", Node::Bind, Read);
    made.add("/a/b", first ? Node::Hidden : Node::Bind, Read | Write);
    made.add("/a/b", first ? Node::Bind : Node::Hidden, Read | Write);
    EQUAL(made.mounts(), "/a:r /a/b:hidden");
  }
}

TEST("a grant within a private tmpfs does not apply to paths mounted there") {
  Made made;
  made.add("/tmp", Node::Tmpfs, Read | Write);
  made.add("/tmp/job", Node::Bind, Read | Run);
  EQUAL(made.mounts(), "/tmp:rw /tmp/job:rx");
}

TEST("in an existing root only additional paths are mounted") {
  Made made;
  made.tree->base = Node::Bind;
  made.tree->base_grants = Read | Run;
  made.add("/usr", Node::Bind, Read | Run);
  made.add("/out", Node::Bind, Read | Write);
  EQUAL(made.mounts(), "/out:rwx");
}

TEST("an empty directory needs no mount, and is replaced by a bind mount") {
  Made made;
  made.add("/here", Node::Empty, 0);
  EQUAL(made.mounts(), "");
  made.add("/here", Node::Bind, Read);
  EQUAL(made.mounts(), "/here:r");
}

TEST("the tree holds as many nodes as its limit, and refuses more") {
  Made made;
  for (size_t i = 0; i < kMaxNodes; i++)
    CHECK(made.add(("/n" + std::to_string(i)).c_str(), Node::Bind, Read) != nullptr);
  CHECK(made.add("/one/more", Node::Bind, Read) == nullptr);
  CHECK(made.add("/n7", Node::Bind, Read | Write) != nullptr);
}
