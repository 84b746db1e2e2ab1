#include "core/fold.h"

#include "core/table_writer.h"

namespace ll {

namespace {

constexpr uint16_t kUndrawn = UINT16_MAX;

Text directory_of(Text path) { return path.first(find_last(path, '/')); }
Text name_in(Text path) { return path.from(find_last(path, '/') + 1); }

bool are_of_one_line(const Policy &policy, const Where &a, const Where &b) {
  Line<kMaxLine> one;
  Line<kMaxLine> other;
  say(one, "%", Place{policy, a, true});
  say(other, "%", Place{policy, b, true});
  return a.source == b.source && one.text() == other.text();
}

}  // namespace

Fold::Fold(const Policy &policy, const Plan &plan, size_t columns)
    : policy_(policy), plan_(plan), columns_(columns) {
  for (size_t i = 0; i < policy.rule_count; i++)
    row_of_[i] = adds_nothing(i) ? kUndrawn : static_cast<uint16_t>(i);
}

bool Fold::has_row(size_t index) const { return row_of_[index] == index; }

// What is taken from some of it is shown in any case.
bool Fold::adds_nothing(size_t index) const {
  const Rule &rule = policy_.rules[index];
  const Entry &entry = plan_.entries[index];
  if (!is_path(rule.directive) || rule.directive == Directive::Keep || entry.replaced) return false;
  for (size_t i = 0; i < policy_.rule_count; i++) {
    const Rule &other = policy_.rules[i];
    const uint64_t access = plan_.entries[i].access;
    if (i == index || !is_path(other.directive) || !(other.value == rule.value)) continue;
    if (plan_.entries[i].replaced || (entry.access & ~access) != 0) continue;
    if (entry.access != access || i < index) return true;
  }
  return false;
}

bool Fold::can_join(size_t index) const {
  const Rule &rule = policy_.rules[index];
  const Entry &entry = plan_.entries[index];
  const bool is_there = entry.found.kind != Kind::Missing && entry.found.kind != Kind::Link;
  const Text name = name_in(rule.value);
  const bool is_name = !name.empty() && !(name == "."_t) && !(name == ".."_t);
  return is_there && is_name && !entry.replaced && rule.directive != Directive::Deny &&
         rule.directive != Directive::Keep && find_last(rule.value, '/') != kNone;
}

bool Fold::are_alike(size_t a, size_t b) const {
  const Rule &one = policy_.rules[a];
  const Rule &other = policy_.rules[b];
  const Found &found = plan_.entries[a].found;
  return one.directive == other.directive && plan_.entries[a].access == plan_.entries[b].access &&
         found.kind == plan_.entries[b].found.kind &&
         directory_of(one.value) == directory_of(other.value);
}

bool Fold::join(const Outline &outline) {
  uint16_t heads[kMaxRules];
  uint16_t taken[kMaxRules];  // columns, with braces and commas
  size_t count = 0;
  bool any = false;
  for (Outline::Row row; outline.next(row);) {
    if (!row.own || !outline.is_alone(row)) continue;
    const size_t index = outline.id_of(row);
    if (!can_join(index)) continue;
    const size_t columns = columns_of(name_in(policy_.rules[index].value)) + 1;
    size_t at = 0;
    while (at < count && !(are_alike(heads[at], index) && taken[at] + columns <= columns_)) at++;
    if (at == count) {
      heads[count] = static_cast<uint16_t>(index);
      taken[count++] = static_cast<uint16_t>(columns + 1);
      continue;
    }
    row_of_[index] = heads[at];
    taken[at] = static_cast<uint16_t>(taken[at] + columns);
    any = true;
  }
  return any;
}

bool Fold::joins(size_t index) const {
  for (size_t i = 0; i < policy_.rule_count; i++)
    if (i != index && row_of_[i] == index) return true;
  return false;
}

bool Fold::joins_other_lines(size_t index) const {
  const Where &where = policy_.rules[index].where;
  for (size_t i = 0; i < policy_.rule_count; i++)
    if (row_of_[i] == index && !are_of_one_line(policy_, policy_.rules[i].where, where))
      return true;
  return false;
}

void Fold::list(size_t index, Text name, Builder &out) const {
  const size_t slash = find_last(name, '/');
  if (slash != kNone) out << name.first(slash + 1);
  out << '{';
  say_text(out, name_in(policy_.rules[index].value));
  for (size_t i = 0; i < policy_.rule_count; i++) {
    if (i == index || row_of_[i] != index) continue;
    out << ',';
    say_text(out, name_in(policy_.rules[i].value));
  }
  out << '}';
}

}  // namespace ll
