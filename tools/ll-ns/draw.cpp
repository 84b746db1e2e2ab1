#include "draw.h"

#include "collect.h"
#include "core/rows.h"
#include "enter.h"

namespace ll {

namespace {

constexpr size_t kPathColumn = 44;

const char *kind_of(const Node &node) {
  switch (node.kind) {
    case Node::Bind: return "as outside"_packed;
    case Node::Overlay: return "as outside; what is written is kept aside"_packed;
    case Node::Tmpfs: return "empty, its own"_packed;
    case Node::Mask: return "hidden"_packed;
    case Node::Proc: return "its own processes"_packed;
    case Node::Dev: return "null zero full random urandom tty"_packed;
    case Node::Pts: return "terminals of its own"_packed;
    case Node::Empty: return "an empty directory"_packed;
  }
  return "";
}

void draw(Rows &rows, const Node &node) {
  Builder &out = rows.row();
  const bool writes = (node.grants & Write) != 0;
  say(out, "  %%% ", (node.grants & Read) != 0 ? "r"_t : "-"_t, writes ? "w"_t : "-"_t,
      (node.grants & Run) != 0 ? "x"_t : "-"_t);
  say(out, "%", node.path);
  rows.pad_to(kPathColumn);
  say(out, " %", PackedText{kind_of(node)});
}

}  // namespace

int draw_root(Policy &policy, const Request &request) {
  static constinit Tree tree{};
  Links links = {.arena = policy.arena};
  collect(policy, request, tree, links);
  Rows rows;
  rows.heading(request.host_root        ? "root: the machine's; on it"_packed
               : request.rootfs.empty() ? "root: nothing but"_packed
                                        : "root: the image, read-only; in it"_packed);
  for (size_t i = 0; i < tree.count; i++)
    if (tree.at(i).mounted || (tree.at(i).kind == Node::Empty && tree.at(i).in_memory))
      draw(rows, tree.at(i));
  for (size_t i = 0; i < links.count; i++)
    if (is_in_memory(tree, links.rows[i].path))
      rows.say("  %  -> %", links.rows[i].path, links.rows[i].target);
  const uint64_t own = namespaces_of(policy, request);
  rows.heading("namespaces of its own"_packed);
  Builder &out = rows.row();
  say(out, "  user mount"_packed);
  for (size_t i = 0; i < sizeof kNamespaceFlags / sizeof *kNamespaceFlags; i++)
    if ((own & kNamespaceFlags[i]) != 0) say(out, " %", text_at(kNamespaceNames, i));
  rows.end();
  return 0;
}

}  // namespace ll
