#include "explain_root.h"

#include "cgroup.h"
#include "core/path_tree.h"
#include "limits.h"
#include "plan_mounts.h"
#include "user_namespace.h"

namespace ll {

namespace {

constexpr size_t kNameColumn = 7;  // behind the letters

const char *kind_of(const Node &node) {
  switch (node.kind) {
    case Node::Bind: return "host bind";
    case Node::Overlay: return "host bind; writes go to a layer";
    case Node::Tmpfs: return "private tmpfs";
    case Node::Hidden: return "hidden";
    case Node::Proc: return "processes of the sandbox";
    case Node::Dev: return "null zero full random urandom tty";
    case Node::Pts: return "private terminals";
    case Node::Empty: return "empty directory";
  }
  return "";
}

bool is_drawn(const Node &node) {
  return node.mounted || (node.kind == Node::Empty && node.in_memory);
}

class MountExplainer {
 public:
  MountExplainer(const MountTree &tree, const Screen &screen)
      : tree_(tree), screen_(screen), rows_(screen) {
    if (screen.width != kNpos) kind_column_ = (screen.width < 110 ? screen.width : 110) * 2 / 3;
  }
  TableWriter &rows() { return rows_; }

  void draw() {
    if (screen_.width != kNpos) return draw_tree();
    for (size_t i = 0; i < tree_.count; i++) {
      if (!is_drawn(tree_.at(i))) continue;
      name_.clear();
      format_text(name_, tree_.at(i).path);
      draw_node(tree_.at(i));
    }
  }

 private:
  void draw_tree() {
    static constinit PathTree path_tree{};
    for (size_t i = 0; i < tree_.count; i++)
      if (is_drawn(tree_.at(i))) path_tree.add(tree_.at(i).path, i);
    for (PathTree::Row row; path_tree.next(row);) {
      lines_.clear();
      name_.clear();
      path_tree.draw(row, screen_.utf8, lines_, name_);
      if (row.own) {
        draw_node(tree_.at(path_tree.id_of(row)));
      } else {
        rows_.row();
        name_ << '/';
        draw_name(kDim);
      }
    }
  }

  void draw_node(const Node &node) {
    const bool writes = (node.grants & Write) != 0;
    const bool runs = (node.grants & Run) != 0;
    format(rows_.row(), "  %%%", (node.grants & Read) != 0 ? "r"_t : "-"_t, writes ? "w"_t : "-"_t,
           runs ? "x"_t : "-"_t);
    draw_name(writes ? kBoldCyan : runs ? kGreen : kPlain);
    rows_.pad_to(kind_column_);
    format(rows_.line(), " %", kind_of(node));
  }

  void draw_name(const char *colour) {
    const size_t room = screen_.width == kNpos ? kNpos : kind_column_ - kNameColumn - 1;
    const Text lines = fit(lines_.text(), room / 2);
    rows_.pad_to(kNameColumn);
    rows_.colour(kDim);
    rows_.line() << lines;
    rows_.colour(colour);
    rows_.squeeze(name_.text(), room - columns_of(lines));
    rows_.colour(kPlain);
  }

  const MountTree &tree_;
  const Screen &screen_;
  size_t kind_column_ = 44;
  FixedString<4096> lines_;
  FixedString<8192> name_;
  TableWriter rows_;
};

// The same way as it is run: a cgroup is made, and gone.
void draw_limits(const Policy &policy, const NsRequest &request, TableWriter &rows) {
  static constinit Cgroup cgroup{};
  Diagnostic problem;
  const bool made = limits_anything(request) && cgroup.make(policy, request, problem);
  if (made) cgroup.end(policy, request);
  const Text message = problem.message.text();
  explain_limits(rows, request, message.first(find(message, '\n')));
}

}  // namespace

int explain_root(Policy &policy, const NsRequest &request, const Screen &screen) {
  static constinit MountTree tree{};
  Links links = {.arena = policy.arena};
  plan_mounts(policy, request, tree, links);
  MountExplainer picture(tree, screen);
  TableWriter &rows = picture.rows();
  rows.heading(request.host_root        ? "root: the host's, with"
               : request.rootfs.empty() ? "root: only"
                                        : "root: the image, read-only, with");
  picture.draw();
  for (size_t i = 0; i < links.count; i++)
    if (is_in_memory(tree, links.rows[i].path))
      rows.format("  %  -> %", links.rows[i].path, links.rows[i].target);
  const uint64_t own = namespaces_of(policy, request);
  rows.heading("private namespaces");
  Builder &out = rows.row();
  format(out, "  user mount");
  for (size_t i = 0; i < sizeof kNamespaceFlags / sizeof *kNamespaceFlags; i++)
    if ((own & kNamespaceFlags[i]) != 0) format(out, " %", nth(kNamespaceNames, i));
  draw_limits(policy, request, rows);
  rows.end();
  return 0;
}

}  // namespace ll
