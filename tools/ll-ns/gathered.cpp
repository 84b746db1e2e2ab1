#include "gathered.h"

#include "devices.h"

namespace ll {

namespace {

Text top_of(Text path) {
  const size_t size = find(path.from(1), '/');
  return size == kNpos ? path : path.first(size + 1);
}

// Not `fs`, and not what takes away.
bool grants_read(const Rule &rule) {
  switch (rule.directive) {
    case Directive::Ro:
    case Directive::Rx:
    case Directive::Rw:
    case Directive::Rwx:
    case Directive::Dev: return true;
    default: return false;
  }
}

}  // namespace

Gathered::Gathered(const Rule *rules, size_t count, const MountTree &tree, const Covered &covered)
    : rules_(rules), covered_(covered) {
  if (tree.base != Node::Tmpfs) return;
  for (size_t i = 0; i < count; i++) note_rule(i);
  for (size_t i = 0; i < tree.count; i++) note_node(tree.at(i));
}

size_t Gathered::place_of(Text path) const {
  const Text top = top_of(path);
  size_t place = 0;
  while (place < count_ && !(directories_[place].path == top)) place++;
  return place;
}

void Gathered::note_rule(size_t index) {
  const Rule &rule = rules_[index];
  if (rule.any || rule.value.size < 2 || rule.value[0] != '/') return;
  const size_t place = place_of(rule.value);
  if (place == kMost) return;
  Directory &directory = directories_[place];
  if (place == count_) {
    directory = {.path = top_of(rule.value), .files = 0, .differs = false};
    count_++;
  }
  directory.files += is_read_file(index) ? 1 : 0;
  directory.differs |= !grants_read(rule) || rule.value.size == directory.path.size;
}

// What is shown in the place of the directory itself holds more; the private /dev does not.
void Gathered::note_node(const Node &node) {
  const size_t place = place_of(node.path);
  if (place == count_) return;
  Directory &directory = directories_[place];
  const bool itself = node.path.size == directory.path.size;
  directory.differs |=
      node.kind == Node::Hidden || (itself && node.mounted && node.kind != Node::Dev);
}

bool Gathered::is_read_file(size_t index) const {
  const Rule &rule = rules_[index];
  if (rule.directive != Directive::Ro || rule.any) return false;
  if (is_standard_device(rule.value)) return true;
  const Node *node = covered_.node_of(index);
  return node != nullptr && node->kind == Node::Bind && node->file && node->mounted &&
         node->in_memory;
}

bool Gathered::is_gathered(const Directory &directory) const {
  return directory.files > 1 && !directory.differs;
}

bool Gathered::has(size_t rule) const {
  if (!is_read_file(rule)) return false;
  const size_t place = place_of(rules_[rule].value);
  return place < count_ && is_gathered(directories_[place]);
}

bool Gathered::next(Text &directory) {
  while (next_ < count_ && !is_gathered(directories_[next_])) next_++;
  if (next_ == count_) return false;
  directory = directories_[next_++].path;
  return true;
}

}  // namespace ll
