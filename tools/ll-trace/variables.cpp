#include "variables.h"

#include "calls.h"
#include "core/policy/withheld.h"
#include "learn.h"
#include "os/kernel/uapi.h"

namespace ll {

namespace {

constexpr size_t kMostVariables = 1024;
constexpr uint64_t kMostBytes = uint64_t{512} << 20;  // that are looked through

struct Variable {
  Text name;
  bool named = false;
};
constinit Variable variables[kMostVariables]{};
constinit size_t variable_count = 0;
constinit uint64_t sizes = 0;  // of their names: a bit each, the last for all that are longer

uint64_t bit_of(size_t size) { return uint64_t{1} << (size < 63 ? size : 63); }

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// One that a policy can name, and no pattern.
bool is_name(Text name) {
  for (size_t i = 0; i < name.size; i++)
    if (!is_letter(name[i])) return false;
  return name.size > 1 && name.size <= 255 && (name[0] < '0' || name[0] > '9');
}

void list_variables(char *const *environment) {
  for (char *const *entry = environment; *entry != nullptr && variable_count < kMostVariables;
       entry++) {
    const Text name = c_text(*entry).first(find(c_text(*entry), '='));
    if (!is_name(name)) continue;
    variables[variable_count++].name = name;
    sizes |= bit_of(name.size);
  }
}

void note_word(Text word) {
  if ((sizes & bit_of(word.size)) == 0) return;
  for (size_t i = 0; i < variable_count; i++)
    if (variables[i].name == word) variables[i].named = true;
}

// Words of letters, digits and underscores; one that goes on in the next stretch is kept.
class ValueReader {
 public:
  void look_at(Text bytes) {
    for (size_t i = 0; i < bytes.size; i++) {
      const char c = bytes[i];
      if (is_letter(c)) {
        if (size_ < sizeof word_) word_[size_] = c;
        size_++;
      } else if (size_ > 0) {
        end_word();
      }
    }
  }
  void end_word() {
    if (size_ <= sizeof word_ && (word_[0] < '0' || word_[0] > '9')) note_word({word_, size_});
    size_ = 0;
  }

 private:
  char word_[256];
  size_t size_ = 0;
};

// A regular file alone: others wait, or do something when they are read.
void look_through(Text path, uint64_t &left) {
  uapi::Statx stat;
  const bool regular = sys::stat_at(uapi::kAT_FDCWD, path.data, 0, stat) == 0 &&
                       (stat.mode & uapi::kS_IFMT) == uapi::kS_IFREG;
  if (!regular || starts_with(path, "/proc/"_t) || starts_with(path, "/sys/"_t)) return;
  const long opened = sys::open_at(uapi::kAT_FDCWD, path.data, uapi::kO_RDONLY);
  if (opened < 0) return;
  static char bytes[1 << 16];
  ValueReader reader;
  for (uint64_t at = 0; left > 0;) {
    const long size = sys::read_at(static_cast<int>(opened), bytes, sizeof bytes, at);
    if (size <= 0) break;
    reader.look_at({bytes, static_cast<size_t>(size)});
    at += static_cast<uint64_t>(size);
    left -= left < static_cast<uint64_t>(size) ? left : static_cast<uint64_t>(size);
  }
  reader.end_word();
  sys::close(static_cast<int>(opened));
}

// False: there was more than is looked through.
bool find_named() {
  constexpr uint64_t kReads = mask_of(RightId::read_file) | mask_of(RightId::execute);
  uint64_t left = kMostBytes;
  for (size_t i = 0; i < profile.count; i++) {
    const RecordedPath &recorded = profile.paths[i];
    if ((recorded.rights & kReads) != 0 && !recorded.created) look_through(recorded.path, left);
  }
  return left > 0;
}

void write_those(Builder &out, char *const *environment, bool all, bool secret) {
  constexpr size_t kWidth = 110;
  const Text end = secret ? "  # secrets\n"_t : "\n"_t;
  bool any = false;
  size_t start = 0;
  for (char *const *entry = environment; *entry != nullptr; entry++) {
    const Text name = c_text(*entry).first(find(c_text(*entry), '='));
    bool used = all && is_name(name);
    for (size_t i = 0; i < variable_count; i++)
      used = used || (variables[i].named && variables[i].name == name);
    if (!used || (is_withheld(c_text(*entry)) != Withheld::No) != secret) continue;
    const bool full = any && out.text().size - start + name.size > kWidth;
    if (full) out << end;
    if (full || !any) start = out.text().size;
    out << (any && !full ? " "_t : secret ? "# deny? env "_t : "env "_t) << name;
    any = true;
  }
  if (any) out << end;
  // Without a line all would pass.
  if (!any && !secret) out << "env -\n"_t;
}

}  // namespace

void write_variables(Builder &out, char *const *environment, bool all) {
  list_variables(environment);
  if (!all) {
    const bool complete = find_named();
    out << "# Variables that were set and are named in a file that was read or run.\n"_t;
    if (!complete) out << "# Not all of these files were searched: some may be missing.\n"_t;
  }
  write_those(out, environment, all, false);
}

void write_secrets(Builder &out, char *const *environment, bool all) {
  write_those(out, environment, all, true);
}

}  // namespace ll
