#include "covered.h"

namespace ll {

namespace {

constexpr uint16_t kLast = UINT16_MAX;
static_assert(kMaxGrants < kLast && kMaxNodes < kLast);

uint32_t granted_by(const Rule &rule) {
  switch (rule.directive) {
    case Directive::Ro:
    case Directive::Rx:
    case Directive::Rw:
    case Directive::Rwx:
    case Directive::Dev: return row_of(rule.directive).grants;
    default: return 0;
  }
}

bool takes_away(const Rule &rule) {
  return rule.directive == Directive::Deny || rule.directive == Directive::Keep ||
         rule.directive == Directive::Protect || rule.directive == Directive::ProtectAll;
}

}  // namespace

constinit uint16_t Covered::around_[] = {};
constinit uint16_t Covered::place_[] = {};
constinit uint16_t Covered::first_[] = {};
constinit uint16_t Covered::next_[] = {};

// Grants add up only where nothing is taken away.
Covered::Covered(const Rule *rules, size_t count, const MountTree &tree)
    : rules_(rules), tree_(tree) {
  for (size_t place = 0; place < tree.count; place++) {
    size_t in = place == 0 ? kNoNode : place - 1;
    while (in != kNoNode && !is_beneath(tree.at(place).path, tree.at(in).path)) in = around_[in];
    around_[place] = static_cast<uint16_t>(in);
    first_[place] = kLast;
  }
  first_[kNoNode] = kLast;
  for (size_t rule = 0; rule < count; rule++) {
    adds_up_ = adds_up_ && !takes_away(rules[rule]);
    place_[rule] = static_cast<uint16_t>(nearest(rules[rule].value));
    next_[rule] = first_[place_[rule]];
    first_[place_[rule]] = static_cast<uint16_t>(rule);
  }
}

// The node of that path, or the innermost that it is in.
size_t Covered::nearest(Text path) const {
  const size_t place = place_of(tree_, path);
  if (place < tree_.count && tree_.at(place).path == path) return place;
  size_t in = place == 0 ? kNoNode : place - 1;
  while (in != kNoNode && !is_beneath(path, tree_.at(in).path)) in = around_[in];
  return in;
}

const Node *Covered::node_of(size_t rule) const {
  if (place_[rule] == kNoNode) return nullptr;
  const Node &node = tree_.at(place_[rule]);
  return node.path == rules_[rule].value ? &node : nullptr;
}

// The node whose mount shows it; kNpos: the root's.
size_t Covered::mount_of(size_t place) const {
  if (place == kNoNode) return kNpos;
  return tree_.at(place).mounted ? place : tree_.at(place).above;
}

// The other is about the same path or a directory that it is in, and grants as much.
bool Covered::covers(size_t other, size_t rule) const {
  const Rule &mine = rules_[rule];
  const Rule &others = rules_[other];
  const uint32_t grants = granted_by(mine);
  if (other == rule || (grants & ~granted_by(others)) != 0) return false;
  if (is_beneath(mine.value, others.value)) return true;
  if (!(mine.value == others.value) || mine.optional < others.optional) return false;
  return other < rule || granted_by(others) != grants || mine.optional != others.optional;
}

// In the same mount: what was open before is looked for where it was, and is not in a directory of
// here.
bool Covered::has(size_t rule) const {
  if (!adds_up_ || granted_by(rules_[rule]) == 0) return false;
  const size_t mount = mount_of(place_[rule]);
  for (size_t place = place_[rule]; mount_of(place) == mount; place = around_[place]) {
    for (uint16_t other = first_[place]; other != kLast; other = next_[other])
      if (covers(other, rule)) return true;
    if (place == kNoNode) return false;
  }
  return false;
}

}  // namespace ll
