#include "layer.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "disk.h"
#include "duplicate.h"
#include "fail.h"
#include "links.h"

namespace ll {

namespace {

constexpr const char *kFormat = "ll-changes 1";

std::string environment(const char *name) {
  const char *value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string random_id() {
  unsigned char bytes[8];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) fail_errno("read", "random numbers");
  std::string id;
  for (const unsigned char byte : bytes) {
    id += "0123456789abcdef"[byte >> 4];
    id += "0123456789abcdef"[byte & 15];
  }
  return id;
}

OverlayDir begin_part(const std::string &name) {
  OverlayDir part;
  const Descriptor opened = open_named(name);
  if (!opened.is_open()) fail_errno("keep changes of", name);
  const FileStat stats = facts_of(opened.number());
  if (::faccessat(opened.number(), ".", W_OK, AT_EACCESS) < 0) fail_errno("write to", name);
  part.directory = real_path_of(opened);
  check_links(name, part.directory);
  part.name = name;
  while (part.name.size() > 1 && part.name.ends_with('/')) part.name.pop_back();
  part.device = stats.st_dev;
  part.inode = stats.st_ino;
  part.id = random_id();
  return part;
}

void check_apart(const std::vector<OverlayDir> &parts) {
  for (const OverlayDir &part : parts)
    for (const OverlayDir &other : parts)
      if (&part != &other && is_beneath(part.directory, other.directory))
        fail(shown(part.directory) + " is in " + shown(other.directory),
             "a directory has one layer: name the outer one");
}

// XDG Base Directory Specification. Empty where there is no home.
std::string state_folder() {
  std::string folder = environment("XDG_STATE_HOME");
  std::string names = "/ll-exec";
  if (folder.empty()) {
    folder = environment("HOME");
    names = "/.local/state/ll-exec";
  }
  if (folder.empty() || !open_named(folder).is_open()) return {};
  for (size_t at = 0; at != std::string::npos;) {
    const size_t end = names.find('/', at + 1);
    folder += names.substr(at, end - at);
    if (::mkdir(folder.c_str(), 0700) < 0 && errno != EEXIST) return {};
    at = end;
  }
  return folder;
}

// overlayfs(5): what is one already cannot take what is written to another.
bool is_overlay(const Descriptor &opened) {
  struct statfs stats = {};
  return ::fstatfs(opened.number(), &stats) == 0 && stats.f_type == OVERLAYFS_SUPER_MAGIC;
}

// Renaming is possible within one file system only: elsewhere a commit copies.
std::string choose_place(const OverlayDir &part, bool copies) {
  const std::string temporary = environment("TMPDIR");
  const std::string places[] = {state_folder(), temporary.empty() ? "/tmp" : temporary, "/var/tmp"};
  std::string usable;
  for (const std::string &place : places) {
    if (!place.starts_with('/')) continue;
    const Descriptor opened = open_named(place);
    if (!opened.is_open() || ::faccessat(opened.number(), ".", W_OK, AT_EACCESS) < 0) continue;
    if (is_beneath(real_path_of(opened), part.directory)) continue;
    if (!copies && is_overlay(opened)) continue;
    if (facts_of(opened.number()).st_dev == part.device) return place;
    if (usable.empty()) usable = place;
  }
  if (usable.empty())
    fail("no directory outside " + shown(part.directory) + " can hold its layer",
         "name one: --keep-in LAYER");
  return usable;
}

std::string make_root(const ChangesRequest &request, const std::vector<OverlayDir> &parts) {
  std::string path = request.keep_in;
  if (path.empty()) {
    path = choose_place(parts.front(), request.no_namespaces) + "/ll-changes.XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) fail_errno("make", path);
  } else if (::mkdir(path.c_str(), 0700) < 0) {
    fail_errno("make the layer", path);
  }
  return path;
}

void write_info(const OverlayDir &part) {
  std::string info;
  for (const std::string &field :
       {std::string(kFormat), part.directory, part.name, std::to_string(part.device),
        std::to_string(part.inode), std::to_string(part.start.tv_sec),
        std::to_string(part.start.tv_nsec), part.id})
    info.append(field).push_back('\0');
  const Descriptor file =
      open_file(part.opened.number(), "info", O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file.is_open() || !write_all(file.number(), info)) fail_errno("write", "info");
}

// The upper directory is what the command sees as the directory itself.
void fill_part(OverlayDir &part, const Descriptor &layer, const std::string &number) {
  if (::mkdirat(layer.number(), number.c_str(), 0700) < 0) fail_errno("make", number);
  part.opened = open_directory(layer.number(), number.c_str());
  for (const char *name : {"upper", "work"})
    if (::mkdirat(part.opened.number(), name, 0700) < 0) fail_errno("make", name);
  const Descriptor target = open_target(part);
  const FileStat stats = facts_of(target.number());
  const Descriptor upper = open_upper(part);
  set_attributes(upper.number(), ".", attributes_of(target.number(), "."));
  if (stats.st_gid != facts_of(upper.number()).st_gid)
    (void)::fchown(upper.number(), static_cast<uid_t>(-1), stats.st_gid);
  const timespec times[] = {stats.st_atim, stats.st_mtim};
  if (::fchmod(upper.number(), stats.permissions()) < 0 || ::futimens(upper.number(), times) < 0)
    fail_errno("prepare", part.directory);
  if (::clock_gettime(CLOCK_REALTIME, &part.start) < 0) fail_errno("read", "the clock");
  write_info(part);
}

bool read_info(OverlayDir &part, int descriptor) {
  const std::string info = contents_of(descriptor);
  std::vector<std::string> fields;
  for (size_t at = 0; at < info.size(); at += fields.back().size() + 1)
    fields.emplace_back(info.c_str() + at);
  if (fields.size() != 8 || fields[0] != kFormat) return false;
  part.directory = fields[1];
  part.name = fields[2];
  part.device = std::strtoull(fields[3].c_str(), nullptr, 10);
  part.inode = std::strtoull(fields[4].c_str(), nullptr, 10);
  part.start = {std::strtol(fields[5].c_str(), nullptr, 10),
                std::strtol(fields[6].c_str(), nullptr, 10)};
  part.id = fields[7];
  return true;
}

std::string note_of(const FileStat &stats) { return "note-" + std::to_string(stats.st_ino); }

[[noreturn]] void refuse_layer(const std::string &path) {
  fail(shown(path) + " is not a layer of this user", "name the directory of a layer");
}

// What others could have written to says nothing about what the command did.
void check_owner(const Layer &layer, const std::string &path) {
  const FileStat stats = facts_of(layer.opened.number());
  if (stats.st_uid != ::geteuid() || (stats.st_mode & (S_IWGRP | S_IWOTH)) != 0) refuse_layer(path);
}

void check_outside(const Layer &layer) {
  for (const OverlayDir &part : layer.parts)
    if (is_beneath(layer.path, part.directory))
      fail("the layer " + shown(layer.path) + " is in " + shown(part.directory),
           "name a place outside it: --keep-in LAYER");
}

void fill_layer(Layer &layer, bool copies) {
  check_outside(layer);
  size_t number = 0;
  for (OverlayDir &part : layer.parts) fill_part(part, layer.opened, std::to_string(number++));
  if (copies)
    for (const OverlayDir &part : layer.parts) duplicate(part);
}

void enter_disk(Layer &layer, const std::string &size) {
  layer.disk = make_disk(size_of(size));
  layer.place = std::move(layer.opened);
  layer.opened = open_directory(layer.disk.number(), ".");
  if (!layer.opened.is_open()) fail_errno("open", "a file system in memory");
  for (size_t number = 0; number < layer.parts.size(); number++)
    if (::mkdirat(layer.place.number(), std::to_string(number).c_str(), 0700) < 0)
      fail_errno("write to", layer.path);
}

void empty_place(const Layer &layer) {
  if (!layer.place.is_open()) return;
  for (const std::string &name : names_in(layer.place.number()))
    remove_tree(layer.place.number(), name.c_str());
}

// The next one; false: there is none. Without `info` it is the rest of one that was dropped.
bool open_part(Layer &layer) {
  OverlayDir part;
  const std::string number = std::to_string(layer.parts.size());
  part.opened = open_directory(layer.opened.number(), number.c_str());
  if (!part.opened.is_open()) {
    if (errno != ENOENT) fail_errno("open", number);
    return false;
  }
  const Descriptor info = open_file(part.opened.number(), "info", O_RDONLY);
  if (!info.is_open() && errno == ENOENT && names_in(part.opened.number()).empty()) return false;
  if (!info.is_open()) fail_errno("open", "info");
  if (!read_info(part, info.number())) refuse_layer(layer.path);
  part.has_notes = std::ranges::any_of(names_in(part.opened.number()), [](const std::string &name) {
    return name.starts_with("note-");
  });
  layer.parts.push_back(std::move(part));
  return true;
}

bool is_target(const OverlayDir &part, const Descriptor &opened) {
  const FileStat stats = facts_of(opened.number());
  return stats.st_dev == part.device && stats.st_ino == part.inode;
}

void restore(const OverlayDir &part, int upper, const char *name, const FileStat &wanted) {
  const std::string note = note_of(wanted);
  if (!facts_of(part.opened.number(), note.c_str()).exists()) return;
  const Descriptor opened = open_file(upper, name, O_PATH);
  if (!opened.is_open()) fail_errno("open", name);
  set_permissions(opened, wanted.permissions(), name);
  const timespec times[] = {wanted.st_atim, wanted.st_mtim};
  if (::utimensat(upper, name, times, AT_SYMLINK_NOFOLLOW) < 0)
    fail_errno("change the times of", name);
  if (::unlinkat(part.opened.number(), note.c_str(), 0) < 0) fail_errno("remove", note);
}

// As the command left it, before a look through the layer opened what was closed to its owner.
void restore_facts(const OverlayDir &part, int upper) {
  for (const std::string &name : names_in(upper)) {
    const FileStat wanted = upper_stat(part, upper, name.c_str());
    if (wanted.is_directory()) {
      const Descriptor child = open_upper(part, upper, name.c_str());
      if (!child.is_open()) fail_errno("open", name);
      restore_facts(part, child.number());
    }
    restore(part, upper, name.c_str(), wanted);
  }
}

// In the order in which they are named: ll-ns gets them so.
void check_same(const Layer &layer, const ChangesRequest &request) {
  std::vector<OverlayDir> wanted;
  for (const std::string &name : request.overlays) wanted.push_back(begin_part(name));
  const auto is_same = [](const OverlayDir &a, const OverlayDir &b) {
    return a.device == b.device && a.inode == b.inode;
  };
  if (!std::ranges::equal(layer.parts, wanted, is_same))
    fail(shown(layer.path) + " has changes of " + shown(layer.parts.front().directory) +
             (layer.parts.size() > 1 ? " and others" : "") + ", not of the directories given",
         "name the same directories, or another layer");
}

// overlayfs does not know what a copy's layer says of what is deleted.
void check_kind(const Layer &layer, const ChangesRequest &request) {
  const bool copied = is_duplicated(layer.parts.front());
  if (copied && !request.no_namespaces)
    fail(shown(layer.path) + " was made without namespaces",
         "continue with --no-namespaces, or commit or drop it first");
}

// A further run in it sees what those before wrote.
Layer resume_layer(const ChangesRequest &request) {
  Layer layer = open_layer(request.keep_in, true);
  if (is_dropped(layer))
    fail(shown(layer.path) + " is partly dropped",
         "drop the rest: ll-changes drop " + shown(layer.path));
  check_same(layer, request);
  check_outside(layer);
  check_kind(layer, request);
  for (OverlayDir &part : layer.parts) {
    // What overlayfs left in it is nobody's.
    remove_tree(part.opened.number(), "work");
    if (::mkdirat(part.opened.number(), "work", 0700) < 0) fail_errno("make", "work");
    const Descriptor upper = open_upper(part);
    if (!part.has_notes) continue;
    restore_facts(part, upper.number());
    restore(part, part.opened.number(), "upper", upper_stat(part, part.opened.number(), "upper"));
    part.has_notes = false;
  }
  if (request.no_namespaces)
    for (const OverlayDir &part : layer.parts) duplicate(part);
  return layer;
}

Descriptor lock_layer(const Layer &layer) {
  Descriptor file = open_file(layer.parts.front().opened.number(), "info", O_RDONLY);
  if (file.is_open() && ::flock(file.number(), LOCK_EX | LOCK_NB) == 0) return file;
  fail(shown(layer.path) + " is in use", "wait until the command or the commit has ended");
}

}  // namespace

std::string OverlayDir::shown_path(const std::string &path) const {
  if (path == "." || name == ".") return name == "." ? path : name;
  return name.ends_with('/') ? name + path : name + "/" + path;
}

Layer make_layer(const ChangesRequest &request) {
  if (!request.keep_in.empty() && open_named(request.keep_in).is_open())
    return resume_layer(request);
  Layer layer;
  for (const std::string &name : request.overlays) layer.parts.push_back(begin_part(name));
  check_apart(layer.parts);
  layer.path = make_root(request, layer.parts);
  layer.opened = open_named(layer.path);
  if (!layer.opened.is_open()) fail_errno("open", layer.path);
  check_owner(layer, layer.path);
  layer.path = real_path_of(layer.opened);
  try {
    if (!request.disk.empty()) enter_disk(layer, request.disk);
    fill_layer(layer, request.no_namespaces);
  } catch (const Failure &) {
    empty_place(layer);
    for (const std::string &name : names_in(layer.opened.number()))
      remove_tree(layer.opened.number(), name.c_str());
    ::rmdir(layer.path.c_str());
    throw;
  }
  layer.lock = lock_layer(layer);
  return layer;
}

Layer open_layer(const std::string &path, bool locked) {
  Layer layer;
  layer.opened = open_named(path);
  if (!layer.opened.is_open()) fail_errno("open the layer", path);
  layer.path = real_path_of(layer.opened);
  check_owner(layer, path);
  while (open_part(layer)) continue;
  if (layer.parts.empty()) refuse_layer(path);
  const bool unfinished = std::ranges::any_of(layer.parts, has_copy);
  if (locked || unfinished) layer.lock = lock_layer(layer);
  // Who ran the command in the copy was killed.
  if (unfinished && !is_dropped(layer)) finish_copies(layer);
  if (!locked) layer.lock = Descriptor();
  return layer;
}

bool finish_copies(const Layer &layer) {
  bool whole = true;
  for (const OverlayDir &part : layer.parts)
    if (has_copy(part)) whole = collect_changes(part) && whole;
  return whole;
}

void remove_stage(const OverlayDir &part, const Descriptor &target) {
  if (facts_of(target.number(), part.stage().c_str()).st_uid == ::geteuid())
    remove_tree(target.number(), part.stage().c_str());
}

// What makes it a layer goes last: interrupted, it can be dropped again, and no more be committed.
void drop_layer(Layer &layer) {
  for (const OverlayDir &part : layer.parts) {
    const Descriptor target = open_named(part.directory);
    if (target.is_open() && is_target(part, target)) remove_stage(part, target);
    if (::unlinkat(part.opened.number(), "upper", AT_REMOVEDIR) < 0 &&
        ::renameat(part.opened.number(), "upper", part.opened.number(), "dropped") < 0 &&
        errno != ENOENT)
      fail_errno("remove", layer.path);
  }
  // Of one that was being dropped, a last part may be empty.
  (void)::unlinkat(layer.opened.number(), std::to_string(layer.parts.size()).c_str(), AT_REMOVEDIR);
  for (size_t number = layer.parts.size(); number-- > 0;) {
    const int part = layer.parts[number].opened.number();
    for (const std::string &name : names_in(part))
      if (name != "info") remove_tree(part, name.c_str());
    // A file that is open keeps a name on some file systems (FUSE, NFS).
    if (number == 0) layer.lock = Descriptor();
    remove_tree(part, "info");
    if (::unlinkat(layer.opened.number(), std::to_string(number).c_str(), AT_REMOVEDIR) < 0)
      fail_errno("remove", layer.path);
  }
  empty_place(layer);
  if (::rmdir(layer.path.c_str()) < 0) fail_errno("remove", layer.path);
}

bool is_dropped(const Layer &layer) {
  return std::ranges::any_of(layer.parts, [](const OverlayDir &part) {
    return !facts_of(part.opened.number(), "upper").exists();
  });
}

Descriptor open_target(const OverlayDir &part) {
  Descriptor opened = open_named(part.directory);
  if (!opened.is_open()) fail_errno("open", part.directory);
  if (!is_target(part, opened))
    fail(shown(part.directory) + " is not the directory that the layer was made for",
         "restore that, or drop the layer");
  return opened;
}

Descriptor open_upper(const OverlayDir &part) {
  Descriptor opened = open_directory(part.opened.number(), "upper");
  if (!opened.is_open()) fail_errno("open", "upper");
  return opened;
}

FileStat upper_stat(const OverlayDir &part, int upper, const char *name) {
  FileStat stats = facts_of(upper, name);
  if (stats.is(S_IFLNK) && target_of(upper, name) == part.whiteout()) {
    stats.st_mode = S_IFCHR;
    stats.st_rdev = 0;
    return stats;
  }
  if (!part.has_notes) return stats;
  const std::string note = note_of(stats);
  char text[64] = {};
  if (::readlinkat(part.opened.number(), note.c_str(), text, sizeof text - 1) < 0) {
    if (errno != ENOENT) fail_errno("read", note);
    return stats;
  }
  mode_t mode = 0;
  if (std::sscanf(text, "%o %ld %ld", &mode, &stats.st_mtim.tv_sec, &stats.st_mtim.tv_nsec) != 3)
    fail(shown(note) + " is corrupt", "drop the layer");
  stats.st_mode = (stats.st_mode & S_IFMT) | mode;
  return stats;
}

void note_stat(const OverlayDir &part, const FileStat &stats) {
  part.has_notes = true;
  char text[64];
  std::snprintf(text, sizeof text, "%o %ld %ld", stats.permissions(), stats.st_mtim.tv_sec,
                stats.st_mtim.tv_nsec);
  const std::string note = note_of(stats);
  if (::symlinkat(text, part.opened.number(), note.c_str()) < 0 && errno != EEXIST)
    fail_errno("write", note);
}

Descriptor open_upper(const OverlayDir &part, int upper, const char *name) {
  Descriptor opened = open_directory(upper, name);
  if (opened.is_open() || errno != EACCES) return opened;
  unlock(part, upper, name, S_IRWXU);
  return open_directory(upper, name);
}

void unlock(const OverlayDir &part, int upper, const char *name, mode_t bits) {
  const Descriptor opened = open_file(upper, name, O_PATH);
  if (!opened.is_open()) fail_errno("open", name);
  const FileStat stats = facts_of(opened.number());
  if ((stats.st_mode & bits) == bits) return;
  note_stat(part, stats);
  set_permissions(opened, stats.permissions() | bits, name);
}

}  // namespace ll
