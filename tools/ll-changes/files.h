// Files, always named by an open directory and one name in it: no link is followed.
#pragma once

#include <sys/stat.h>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ll {

constexpr int kDeepest = 1000;  // directories in one another, of a tree that is read or duplicated

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor &&other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor &operator=(Descriptor &&other) noexcept;
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

// What there is under a name; nothing: mode 0.
struct FileStat : stat {
  [[nodiscard]] bool exists() const { return st_mode != 0; }
  [[nodiscard]] bool is(mode_t type) const { return (st_mode & S_IFMT) == type; }
  [[nodiscard]] bool is_directory() const { return is(S_IFDIR); }
  [[nodiscard]] mode_t permissions() const { return st_mode & 07777; }
  // overlayfs(5): what is in place of something that was deleted.
  [[nodiscard]] bool is_whiteout() const { return is(S_IFCHR) && st_rdev == 0; }
  [[nodiscard]] bool is_device() const { return is(S_IFCHR) || is(S_IFBLK); }
};

// A directory deep down needs all above it open.
void allow_many_files();

FileStat facts_of(int directory, const char *name);
FileStat facts_of(int descriptor);
// By its path, following links: what a user named.
Descriptor open_named(const std::string &path);
// Not through a link, nor into another file system.
Descriptor open_directory(int parent, const char *name);
Descriptor open_file(int parent, const char *name, int flags, mode_t mode = 0);
std::string real_path_of(const Descriptor &opened);
std::vector<std::string> names_in(int directory);
std::string target_of(int directory, const char *name);
std::string contents_of(int descriptor);
// False, and errno says why, when not all was written.
bool write_all(int descriptor, std::string_view bytes);

using Attributes = std::map<std::string, std::string>;
std::vector<std::string> attribute_names(int descriptor);
// Those that a user sets and access lists; not overlayfs's own. Of a file that this user may read.
Attributes attributes_of(int directory, const char *name);
void set_attributes(int directory, const char *name, const Attributes &attributes);
bool has_attribute(int descriptor, const char *name, const char *value);

// False with EEXIST where there is something already.
bool rename_new(int from, const char *old_name, int to, const char *new_name);
// Of what is open, were it only as a path.
void set_permissions(const Descriptor &opened, mode_t permissions, const char *name);
// A directory that may be closed to its own owner: what is in it can be changed then.
Descriptor open_unlocked(int parent, const char *name);
// With all that is in it; nothing there is no error.
void remove_tree(int directory, const char *name);

}  // namespace ll
