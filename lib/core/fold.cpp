#include "core/fold.h"

#include "core/table_writer.h"

namespace ll {

namespace {

Text name_in(Text path) { return path.from(find_last(path, '/') + 1); }

// What something is taken from has a row of its own, and what is denied.
bool can_join(const Entry &entry) {
  const bool is_there = entry.found.kind == Kind::Directory || entry.found.kind == Kind::File;
  return is_there && entry.access != 0 && !entry.replaced;
}

bool are_alike(const Policy &policy, const Plan &plan, size_t a, size_t b) {
  const Entry &one = plan.entries[a];
  const Entry &other = plan.entries[b];
  const Text path = policy.rules[a].value;
  const Text next = policy.rules[b].value;
  return one.access == other.access && one.found.kind == other.found.kind &&
         policy.rules[a].directive == policy.rules[b].directive &&
         path.first(find_last(path, '/')) == next.first(find_last(next, '/'));
}

}  // namespace

void Fold::clear(size_t count) {
  for (size_t i = 0; i < count; i++) head_[i] = taken_[i] = 0;
}

void Fold::join(const Policy &policy, const Plan &plan, const Outline &outline, size_t columns) {
  for (Outline::Row row; outline.next(row);) {
    const size_t index = outline.id_of(row);
    if (!row.own || !outline.is_alone(row) || !can_join(plan.entries[index])) continue;
    const size_t own = columns_of(name_in(policy.rules[index].value)) + 1;
    taken_[index] = static_cast<uint16_t>(own + 1);
    for (Outline::Row before; outline.next(before) && before.leaf < row.leaf;) {
      const size_t head = outline.id_of(before);
      if (taken_[head] == 0 || head_[head] != 0 || taken_[head] + own > columns) continue;
      if (!are_alike(policy, plan, head, index)) continue;
      head_[index] = static_cast<uint16_t>(head + 1);
      taken_[head] = static_cast<uint16_t>(taken_[head] + own);
      break;
    }
  }
}

bool Fold::list(const Policy &policy, size_t index, Text name, Builder &out) const {
  out << name.first(find_last(name, '/') + 1) << '{';
  say_text(out, name_in(policy.rules[index].value));
  bool joins = false;
  for (size_t i = 0; i < policy.rule_count; i++) {
    if (head_[i] != index + 1) continue;
    out << ',';
    say_text(out, name_in(policy.rules[i].value));
    joins = true;
  }
  out << '}';
  return joins;
}

}  // namespace ll
