#include "line.h"

#include "writable.h"

namespace ll {

namespace {

constexpr uint64_t kNodes = mask_of(RightId::make_char) | mask_of(RightId::make_block);

}  // namespace

int process_in(Text path) {
  constexpr Text kProc = "/proc/"_t;
  uint64_t number = 0;
  const Text rest = path.from(kProc.size);
  if (!starts_with(path, kProc) || !parse_number(rest.first(find(rest, '/')), INT32_MAX, number))
    return 0;
  return static_cast<int>(number);
}

Directive directive_for(uint64_t rights) {
  const bool runs = (rights & kRun) != 0;
  if ((rights & mask_of(RightId::resolve_unix)) != 0) return Directive::Unix;
  if ((rights & mask_of(RightId::ioctl_dev)) != 0) return Directive::Dev;
  if ((rights & ~kRun & ~kLook) != 0) return runs ? Directive::Rwx : Directive::Rw;
  return runs ? Directive::Rx : Directive::Ro;
}

Text place_of_line(Text path, Kind kind, uint64_t rights) {
  const bool of_entry = (rights & kOfEntries) != 0;
  return of_entry || kind == Kind::Missing || is_terminal(path) ? parent_of(path) : path;
}

void write_path_line(Builder &out, Text path, Kind kind, uint64_t rights) {
  const Text place = place_of_line(path, kind, rights);
  if (!can_be_written(place)) return;
  const bool lists = rights == mask_of(RightId::read_dir) && place.size == 1;
  if (lists) {
    out << "fs read_dir "_t;  // not to read all that is beneath
  } else if ((rights & kNodes) != 0) {
    out << "fs "_t;
    out << ((rights & mask_of(RightId::make_char)) != 0 ? "make_char "_t : "make_block "_t);
  } else {
    out << (is_terminal(path) ? "dev"_t : name_of(directive_for(rights))) << ' ';
  }
  write_value(out, place);
}

}  // namespace ll
