#include "core/tables.h"

namespace ll {

size_t row_named(const char *column, Text name) {
  for (size_t row = 0; *column != '\0'; row++) {
    size_t same = 0;
    while (same < name.size && *column == name[same] && *column != '\0') same++, column++;
    if (same == name.size && *column == '\0') return row;
    while (*column++ != '\0') {
    }
  }
  return kNpos;
}

bool is_nearer(Text text, Text name, size_t &least) {
  const size_t distance = edit_distance(text, name, 2);
  if (distance >= least || distance >= name.size) return false;
  least = distance;
  return true;
}

size_t row_nearer(const char *column, Text name, size_t &least) {
  size_t best = kNpos;
  size_t row = 0;
  for (Text text = c_text(column); !text.empty(); text = c_text(text.data + text.size + 1), row++) {
    if (is_nearer(text, name, least)) best = row;
  }
  return best;
}

size_t nearest_row(const char *column, Text name) {
  size_t least = 3;
  return row_nearer(column, name, least);
}

[[gnu::noinline]] Text name_of(const Right &right) {
  return nth(kRightNames, static_cast<size_t>(&right - kRights));
}

void list_rights(Builder &out, uint64_t rights) {
  bool any = false;
  for (const Right &right : kRights) {
    if (right.field != Field::Fs || (right.mask() & rights) == 0) continue;
    out << (any ? ","_t : ""_t) << name_of(right);
    any = true;
  }
}

[[gnu::noinline]] Text help_of(const Right &right) {
  return nth(kRightHelps, static_cast<size_t>(&right - kRights));
}

const Right *fs_right_named(Text name) {
  const size_t row = row_named(kRightNames, name);
  return row != kNpos && kRights[row].field == Field::Fs ? &kRights[row] : nullptr;
}

const Right *next_right(Field field, uint64_t rights, const Right *behind) {
  const Right *right = behind == nullptr ? kRights : behind + 1;
  for (; right < kRights + sizeof kRights / sizeof *kRights; right++)
    if (right->field == field && (right->mask() & rights) != 0) return right;
  return nullptr;
}

uint64_t rights_granted(uint32_t grants) {
  uint64_t rights = 0;
  for (const Right &right : kRights)
    if ((right.grants & grants) != 0) rights |= right.mask();
  return rights;
}

uint64_t rights_of_files() {
  uint64_t rights = 0;
  for (const Right &right : kRights)
    if (right.field == Field::Fs && right.target == Target::Any) rights |= right.mask();
  return rights;
}

uint64_t rights_of_abi(Field field, int abi) {
  uint64_t rights = 0;
  for (const Right &right : kRights)
    if (right.field == field && right.abi <= abi) rights |= right.mask();
  return rights;
}

Text linux_with_abi(int abi) {
  for (size_t i = 0; i < sizeof kAbis; i++)
    if (kAbis[i] == abi) return nth(kReleases, i);
  return "?"_t;
}

Text errno_text(int number) {
  for (size_t i = 0; i < sizeof kErrnos; i++)
    if (kErrnos[i] == number) return nth(kErrnoTexts, i);
  return "an unknown error"_t;
}

}  // namespace ll
