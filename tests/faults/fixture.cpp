#include "fixture.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string &what) {
  perror(("faults: " + what).c_str());
  exit(2);
}

void put(const fs::path &file, const std::string &text, mode_t mode = 0666) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
  if (chmod(file.c_str(), mode) != 0) fail(file);
}

void copy(const std::string &from, const fs::path &to) {
  fs::copy_file(from, to);
  if (chmod(to.c_str(), 0755) != 0) fail(to);
}

void listen_on(const std::string &name, bool abstract) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = abstract ? '\0' + name : name;
  if (path.size() >= sizeof address.sun_path) fail("the folder's name is too long");
  memcpy(address.sun_path, path.data(), path.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (bind(listener, reinterpret_cast<const sockaddr *>(&address), size) != 0) fail("bind");
  if (listen(listener, 4096) != 0) fail("listen");
  if (!abstract && chmod(name.c_str(), 0777) != 0) fail(name);
}

}  // namespace

std::string make_fixture(const std::string &loader, const std::string &report,
                         const std::string &moving) {
  const char *base = getenv("TMPDIR");
  std::string pattern = std::string(base == nullptr ? "/tmp" : base) + "/faults.XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) fail(pattern);
  umask(0);
  const fs::path root = pattern;
  for (const char *tree : {"", "twin/"}) {
    put(root / tree / "granted/file", "granted\n");
    put(root / tree / "granted/open/file", "open\n");
    put(root / tree / "granted/denied/file", "denied\n");
    put(root / tree / "protected/dir/file", "protected\n");
    fs::create_symlink("granted/denied", root / tree / "link");
    fs::create_symlink("../secret", root / tree / "stray");
  }
  put(root / "secret/file", "secret\n");
  put(root / "other", "no program\n", 0755);
  put(root / "policies/main.policy",
      "# What a policy can do.\nuse base\nrw ../granted\ndeny $PWD/granted/denied\n"
      "env A=b\nlimit nofile=32\n");
  put(root / "policies/base.policy", "limit core=0\nro -/nonexistent\n");
  put(root / "config/ll-exec/named.policy", "ro " + pattern + "/granted\n");
  copy(loader, root / "ll-exec");
  copy(report, root / "report");
  copy(moving, root / "report-moving");
  if (chmod(root.c_str(), 0777) != 0) fail(root);
  listen_on(root / "socket", false);
  listen_on(root / "socket", true);
  return pattern;
}

void remove_fixture(const std::string &folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}
