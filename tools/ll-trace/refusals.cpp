#include "refusals.h"

#include "intern.h"

namespace ll {

constinit Refusals refusals{};

// Kept text is the same where it begins at the same place.
Refusal *add_refusal(const Refusal &refusal) {
  Refusal row = refusal;
  row.what = intern(refusal.what);
  row.target = intern(refusal.target);
  row.line = intern(refusal.line);
  for (size_t i = 0; i < refusals.count; i++) {
    Refusal &other = refusals.rows[i];
    if (other.layer != row.layer || other.rights != row.rights ||
        other.what.data != row.what.data || other.target.data != row.target.data)
      continue;
    other.count++;
    return nullptr;
  }
  if (refusals.count == kMaxRefusals) {
    refusals.full = true;
    return nullptr;
  }
  row.process = intern(refusal.process);
  row.count = 1;
  refusals.rows[refusals.count] = row;
  return &refusals.rows[refusals.count++];
}

}  // namespace ll
