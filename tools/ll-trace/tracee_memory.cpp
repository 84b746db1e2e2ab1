#include "tracee_memory.h"

#include "calls.h"
#include "core/mem.h"

namespace ll {

bool read_bytes(int tid, uint64_t from, void *buffer, size_t size) {
  return sys::read_memory(tid, from, buffer, size) == static_cast<long>(size);
}

// Not over the end of a page unless the text goes on there: the next need not exist.
bool read_string(int tid, uint64_t from, char (&buffer)[kMaxPath], Text &text) {
  constexpr uint64_t kStep = 256;
  for (size_t size = 0; size < kMaxPath;) {
    size_t step = kStep - (from + size) % kStep;
    if (step > kMaxPath - size) step = kMaxPath - size;
    if (!read_bytes(tid, from + size, buffer + size, step)) return false;
    const size_t end = find({buffer + size, step}, '\0');
    if (end != kNpos) {
      text = {buffer, size + end};
      return true;
    }
    size += step;
  }
  return false;
}

namespace {

long read_proc_link(int tid, Text name, uint64_t number, char *buffer) {
  FixedString<80> link;
  link << "/proc/"_t << static_cast<uint64_t>(tid) << name;
  if (number != kNpos) link << number;
  link << '\0';
  const long size = sys::read_link(link.text().data, buffer, kMaxPath - 1);
  if (size >= 0) buffer[size] = '\0';
  return size;
}

// Links of /proc that lead to who asks: here that is not the task.
constexpr char kOwn[] =
    "/proc/self\0/proc/thread-self\0/dev/fd\0/dev/stdin\0/dev/stdout\0/dev/stderr\0";

bool is_at(Text path, Text place) {
  return starts_with(path, place) && (path.size == place.size || path[place.size] == '/');
}

Text translate(int tid, Text path, Builder &out) {
  for (size_t row = 0;; row++) {
    const Text place = nth(kOwn, row);
    if (place.empty()) return path;
    if (!is_at(path, place)) continue;
    out << "/proc/"_t << static_cast<uint64_t>(row == 1 ? tid : process_of(tid));
    if (row >= 2) out << "/fd"_t;
    if (row >= 3) out << '/' << uint64_t{row - 3};
    out << path.from(place.size);
    return out.text();
  }
}

// A link on the way, as of /etc/mtab, that led to this process.
long turn_to(int tid, long size, char *resolved) {
  if (size < 0) return size;
  FixedString<32> own;
  own << "/proc/"_t << static_cast<uint64_t>(sys::process_id());
  const Text path = {resolved, static_cast<size_t>(size)};
  if (!is_at(path, own.text())) return size;
  FixedString<kMaxPath> turned;
  turned << "/proc/"_t << static_cast<uint64_t>(process_of(tid)) << path.from(own.text().size);
  const Text text = turned.text();
  if (text.size == kMaxPath) return -uapi::kENOENT;
  memcpy(resolved, text.data, text.size);
  resolved[text.size] = '\0';
  return static_cast<long>(text.size);
}

long resolve_from(int tid, int directory, Text path, char *resolved) {
  if (path.empty()) return -uapi::kENOENT;
  if (path[0] == '/') {
    FixedString<kMaxPath> own;
    return turn_to(tid, resolve({}, translate(tid, path, own), resolved, kMaxPath), resolved);
  }
  static char base[kMaxPath];
  const long size = directory == kCurrentDirectory
                        ? read_proc_link(tid, "/cwd"_t, kNpos, base)
                        : read_proc_link(tid, "/fd/"_t, static_cast<uint64_t>(directory), base);
  if (size < 0) return size;
  if (size == 0 || base[0] != '/') return -uapi::kENOTDIR;
  return resolve({base, static_cast<size_t>(size)}, path, resolved, kMaxPath);
}

}  // namespace

long path_of_descriptor(int tid, int descriptor, char *path) {
  return read_proc_link(tid, "/fd/"_t, static_cast<uint64_t>(descriptor), path);
}

long copy_of_descriptor(int tid, int descriptor) {
  const long process = sys::open_process(process_of(tid));
  if (process < 0) return process;
  const long copy = sys::copy_descriptor(static_cast<int>(process), descriptor);
  sys::close(static_cast<int>(process));
  return copy;
}

long resolve_for(int tid, int directory, Text path, bool follow, char *resolved) {
  if (follow) return resolve_from(tid, directory, path, resolved);
  while (path.size > 1 && path[path.size - 1] == '/') path = path.first(path.size - 1);
  const size_t slash = find_last(path, '/');
  const Text name = path.from(slash == kNpos ? 0 : slash + 1);
  if (name.empty() || name == "."_t || name == ".."_t)
    return resolve_from(tid, directory, path, resolved);
  const Text folder = slash == kNpos ? "."_t : slash == 0 ? "/"_t : path.first(slash);
  const long size = resolve_from(tid, directory, folder, resolved);
  if (size < 0) return size;
  auto end = static_cast<size_t>(size);
  if (end == 1) end = 0;
  if (end + 1 + name.size >= kMaxPath) return -36;  // ENAMETOOLONG
  resolved[end] = '/';
  memcpy(resolved + end + 1, name.data, name.size);
  end += 1 + name.size;
  resolved[end] = '\0';
  return static_cast<long>(end);
}

bool shares_root(int tid) {
  static char root[kMaxPath];
  static char own[kMaxPath];
  const long size = read_proc_link(tid, "/root"_t, kNpos, root);
  if (size != 1) return false;
  const long mounts = read_proc_link(tid, "/ns/mnt"_t, kNpos, root);
  const long ours = sys::read_link("/proc/self/ns/mnt", own, kMaxPath);
  return mounts > 0 && ours > 0 &&
         Text{root, static_cast<size_t>(mounts)} == Text{own, static_cast<size_t>(ours)};
}

namespace {

// proc_pid_status(5): the number behind that key; -1 where it cannot be told.
int number_in_status(int tid, Text key) {
  FixedString<80> path;
  path << "/proc/"_t << static_cast<uint64_t>(tid) << "/status"_t << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return -1;
  char buffer[512];
  const long size = sys::read(static_cast<int>(file), buffer, sizeof buffer);
  sys::close(static_cast<int>(file));
  Text rest = {buffer, size > 0 ? static_cast<size_t>(size) : 0};
  while (!rest.empty() && !starts_with(rest, key)) rest = rest.from(1);
  rest = rest.from(key.size);
  uint64_t number = 0;
  return parse_number(rest.first(find(rest, '\n')), INT32_MAX, number) ? static_cast<int>(number)
                                                                       : -1;
}

}  // namespace

int process_of(int tid) {
  const int process = number_in_status(tid, "\nTgid:\t"_t);
  return process < 0 ? tid : process;
}

int parent_of_process(int tid) { return number_in_status(tid, "\nPPid:\t"_t); }

Text name_of_task(int tid, char (&buffer)[64]) {
  FixedString<80> path;
  path << "/proc/"_t << static_cast<uint64_t>(tid) << "/comm"_t << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return "?"_t;
  const long size = sys::read(static_cast<int>(file), buffer, sizeof buffer);
  sys::close(static_cast<int>(file));
  if (size <= 1) return "?"_t;
  return {buffer, static_cast<size_t>(size) - 1};  // its newline
}

}  // namespace ll
