#include "draw.h"

#include "ceilings.h"
#include "cgroup.h"
#include "collect.h"
#include "core/path_tree.h"
#include "enter.h"

namespace ll {

namespace {

constexpr size_t kNameColumn = 7;  // behind the letters

const char *kind_of(const Node &node) {
  switch (node.kind) {
    case Node::Bind: return "as outside";
    case Node::Overlay: return "as outside; what is written is kept aside";
    case Node::Tmpfs: return "empty, its own";
    case Node::Mask: return "hidden";
    case Node::Proc: return "its own processes";
    case Node::Dev: return "null zero full random urandom tty";
    case Node::Pts: return "terminals of its own";
    case Node::Empty: return "an empty directory";
  }
  return "";
}

bool is_drawn(const Node &node) {
  return node.mounted || (node.kind == Node::Empty && node.in_memory);
}

class Picture {
 public:
  Picture(const Tree &tree, const Screen &screen) : tree_(tree), screen_(screen), rows_(screen) {
    if (screen.width != kNone) kind_column_ = (screen.width < 110 ? screen.width : 110) * 2 / 3;
  }
  Rows &rows() { return rows_; }

  void draw() {
    if (screen_.width != kNone) return draw_tree();
    for (size_t i = 0; i < tree_.count; i++) {
      if (!is_drawn(tree_.at(i))) continue;
      name_.clear();
      say_text(name_, tree_.at(i).path);
      draw_node(tree_.at(i));
    }
  }

 private:
  void draw_tree() {
    static constinit Outline outline{};
    for (size_t i = 0; i < tree_.count; i++)
      if (is_drawn(tree_.at(i))) outline.add(tree_.at(i).path, i);
    for (Outline::Row row; outline.next(row);) {
      lines_.clear();
      name_.clear();
      outline.draw(row, screen_.utf8, lines_, name_);
      if (row.own) {
        draw_node(tree_.at(outline.id_of(row)));
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
    say(rows_.row(), "  %%%", (node.grants & Read) != 0 ? "r"_t : "-"_t, writes ? "w"_t : "-"_t,
        runs ? "x"_t : "-"_t);
    draw_name(writes ? kBoldCyan : runs ? kGreen : kPlain);
    rows_.pad_to(kind_column_);
    say(rows_.line(), " %", kind_of(node));
  }

  void draw_name(const char *colour) {
    const size_t room = screen_.width == kNone ? kNone : kind_column_ - kNameColumn - 1;
    const Text lines = fit(lines_.text(), room / 2);
    rows_.pad_to(kNameColumn);
    rows_.colour(kDim);
    rows_.line() << lines;
    rows_.colour(colour);
    rows_.squeeze(name_.text(), room - columns_of(lines));
    rows_.colour(kPlain);
  }

  const Tree &tree_;
  const Screen &screen_;
  size_t kind_column_ = 44;
  Line<4096> lines_;
  Line<8192> name_;
  Rows rows_;
};

// The same way as it is run: a cgroup is made, and gone.
void draw_ceilings(const Policy &policy, const Request &request, Rows &rows) {
  static constinit Cgroup cgroup{};
  Problem problem;
  const bool made = limits_anything(request) && cgroup.make(policy, request, problem);
  if (made) cgroup.end(policy, request);
  const Text message = problem.message.text();
  explain_ceilings(rows, request, message.first(find(message, '\n')));
}

}  // namespace

int draw_root(Policy &policy, const Request &request, const Screen &screen) {
  static constinit Tree tree{};
  Links links = {.arena = policy.arena};
  collect(policy, request, tree, links);
  Picture picture(tree, screen);
  Rows &rows = picture.rows();
  rows.heading(request.host_root        ? "root: the machine's; on it"
               : request.rootfs.empty() ? "root: nothing but"
                                        : "root: the image, read-only; in it");
  picture.draw();
  for (size_t i = 0; i < links.count; i++)
    if (is_in_memory(tree, links.rows[i].path))
      rows.say("  %  -> %", links.rows[i].path, links.rows[i].target);
  const uint64_t own = namespaces_of(policy, request);
  rows.heading("namespaces of its own");
  Builder &out = rows.row();
  say(out, "  user mount");
  for (size_t i = 0; i < sizeof kNamespaceFlags / sizeof *kNamespaceFlags; i++)
    if ((own & kNamespaceFlags[i]) != 0) say(out, " %", text_at(kNamespaceNames, i));
  draw_ceilings(policy, request, rows);
  rows.end();
  return 0;
}

}  // namespace ll
