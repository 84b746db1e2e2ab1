#include "cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>

namespace ll::mcp {

namespace {

constexpr long kCgroup2 = 0x63677270;  // CGROUP2_SUPER_MAGIC, statfs(2)

// Of this server; empty where there is no second version.
std::string own_folder;

// Alone, or beside the first version.
std::string mounted_at() {
  for (const char *place : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    struct statfs stat = {};
    if (statfs(place, &stat) == 0 && stat.f_type == kCgroup2) return place;
  }
  return {};
}

}  // namespace

namespace {

// A process may be forbidden to move although the group was made.
bool can_be_used() {
  Cgroup tried(getpid());
  if (!tried.make()) return false;
  const pid_t child = fork();
  if (child == 0) _exit(tried.join() ? 0 : 1);
  int status = -1;
  if (child > 0) waitpid(child, &status, 0);
  return tried.remove() && status == 0;
}

}  // namespace

void find_cgroups() {
  const std::string mounted = mounted_at();
  std::ifstream lines("/proc/self/cgroup");
  for (std::string line; !mounted.empty() && std::getline(lines, line);)
    if (line.compare(0, 3, "0::") == 0) own_folder = mounted + line.substr(3);
  if (!can_be_used()) own_folder.clear();
}

Cgroup::Cgroup(int supervisor) {
  if (!own_folder.empty()) folder_ = own_folder + "/ll-mcp." + std::to_string(supervisor);
}

bool Cgroup::make() {
  if (folder_.empty()) return false;
  // One of that number may be left by a server that was killed.
  rmdir(folder_.c_str());
  if (mkdir(folder_.c_str(), 0755) < 0) return false;
  made_ = access((folder_ + "/cgroup.kill").c_str(), W_OK) == 0;
  if (!made_) rmdir(folder_.c_str());
  return made_;
}

bool Cgroup::join() const { return write("/cgroup.procs", "0"); }
bool Cgroup::kill() const { return !folder_.empty() && write("/cgroup.kill", "1"); }
bool Cgroup::remove() const { return folder_.empty() || rmdir(folder_.c_str()) == 0; }

bool Cgroup::write(const char *file, const char *text) const {
  const int descriptor = open((folder_ + file).c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const ssize_t written = ::write(descriptor, text, std::strlen(text));
  close(descriptor);
  return written == static_cast<ssize_t>(std::strlen(text));
}

}  // namespace ll::mcp
