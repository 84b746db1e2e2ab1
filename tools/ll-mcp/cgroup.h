// A control group for what a call starts, where this server may make one: the kernel ends all in it
// at once, however they fork (cgroups(7), cgroup.kill, since Linux 5.14).
#pragma once

#include <string>

namespace ll::mcp {

class Cgroup {
 public:
  // Of what the process of that number watches.
  explicit Cgroup(int supervisor);

  // False where there is none, or none can be made.
  bool make();
  [[nodiscard]] bool is_made() const { return made_; }
  // Moves the calling process into it.
  [[nodiscard]] bool join() const;
  // Kills all in it. False if that cannot be asked for.
  bool kill() const;
  // What has ended and is not waited for is in it still.
  bool remove() const;

 private:
  [[nodiscard]] bool write(const char *file, const char *text) const;

  std::string folder_;  // empty: there are none
  bool made_ = false;
};

// Looked for, and tried, once, by the server.
void find_cgroups();

}  // namespace ll::mcp
