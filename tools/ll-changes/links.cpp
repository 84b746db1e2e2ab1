#include "links.h"

#include <fcntl.h>
#include <cerrno>
#include <filesystem>

#include "fail.h"

namespace ll {

namespace {

constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;

[[noreturn]] void refuse_link(const std::string &name, const std::string &target) {
  fail(shown(name) + " is reached through a symbolic link to " + shown(target) +
           ", which is not followed: a project could supply it",
       "name its target");
}

std::string current_directory() {
  const Descriptor current = open_named(".");
  if (!current.is_open()) fail_errno("open", "the current directory");
  return real_path_of(current);
}

// Without a slash at its end.
std::string absolute_in(const std::string &here, const std::string &name) {
  std::string named = (std::filesystem::path(here) / name).lexically_normal();
  while (named.size() > 1 && named.ends_with('/')) named.pop_back();
  return named;
}

bool is_in_current(const std::string &name) {
  const std::string here = current_directory();
  return here != "/" && is_beneath(absolute_in(here, name), here);
}

Descriptor create_in_current(const std::string &path) {
  const std::filesystem::path named = path;
  const std::string folder = named.has_parent_path() ? named.parent_path().string() : ".";
  const std::string name = named.filename();
  const Descriptor parent = open_named(folder);
  if (!parent.is_open()) fail_errno("write", path);
  check_links(folder, real_path_of(parent));
  Descriptor file(::openat(parent.number(), name.c_str(), kFlags | O_NOFOLLOW, 0666));
  if (!file.is_open() && errno == ELOOP)
    refuse_link(path, target_of(parent.number(), name.c_str()));
  return file;
}

}  // namespace

bool is_beneath(const std::string &path, const std::string &directory) {
  return path == directory || directory == "/" || path.starts_with(directory + "/");
}

void check_links(const std::string &name, const std::string &directory) {
  const std::string here = current_directory();
  const std::string named = absolute_in(here, name);
  if (here != "/" && is_beneath(named, here) && named != directory) refuse_link(name, directory);
}

Descriptor create_named(const std::string &path) {
  Descriptor file = is_in_current(path) ? create_in_current(path)
                                        : Descriptor(::open(path.c_str(), kFlags, 0666));
  if (!file.is_open()) fail_errno("write", path);
  return file;
}

}  // namespace ll
