#include "targets.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>

namespace {
std::map<std::string, std::string> targets;
}

void broken(const char *why) {
  std::printf("broken: %s (errno %d, %s)\n", why, errno, std::strerror(errno));
  std::fflush(stdout);
  std::_Exit(3);
}

void read_targets(const char *path) {
  std::ifstream file(path);
  if (!file) {
    broken("the file of targets cannot be read");
  }
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) {
      broken("a line in the file of targets has no =");
    }
    targets[line.substr(0, equals)] = line.substr(equals + 1);
  }
}

bool has_target(const char *name) { return targets.contains(name); }

const std::string &target(const char *name) {
  const auto found = targets.find(name);
  if (found == targets.end()) {
    broken(name);
  }
  return found->second;
}

long target_number(const char *name) { return std::strtol(target(name).c_str(), nullptr, 0); }

int target_descriptor(const char *name) { return static_cast<int>(target_number(name)); }

pid_t target_process(const char *name) { return static_cast<pid_t>(target_number(name)); }

std::vector<unsigned char> target_bytes(const char *name) {
  const std::string &hex = target(name);
  std::vector<unsigned char> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<unsigned char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::string outside(const char *name) { return target("outside") + "/" + name; }
std::string readonly(const char *name) { return target("readonly") + "/" + name; }
std::string readwrite(const char *name) { return target("readwrite") + "/" + name; }
