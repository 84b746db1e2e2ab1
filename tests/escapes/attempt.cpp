#include "attempt.h"

#include <poll.h>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

namespace {
constexpr int patience_milliseconds = 500;
}

bool holds_secret(const void *bytes, std::size_t size) {
  return memmem(bytes, size, secret, sizeof secret - 1) != nullptr;
}

bool reads_secret(int descriptor) {
  pollfd waiting{descriptor, POLLIN, 0};
  if (poll(&waiting, 1, patience_milliseconds) < 1) {
    errno = ETIMEDOUT;
    return false;
  }
  char bytes[64 * 1024];
  const ssize_t size = read(descriptor, bytes, sizeof bytes);
  if (size < 0) {
    return false;
  }
  errno = 0;
  return holds_secret(bytes, static_cast<std::size_t>(size));
}

Outcome secret_read_from(const char *act, int descriptor) {
  if (descriptor < 0) {
    return failed(act, errno);
  }
  return reads_secret(descriptor) ? escaped(act) : refused(act, errno);
}

bool appears(const std::string &path) {
  for (int waited = 0; waited < patience_milliseconds; waited += 10) {
    if (access(path.c_str(), F_OK) == 0) {
      return true;
    }
    const timespec pause{0, 10'000'000};
    nanosleep(&pause, nullptr);
  }
  return false;
}

void write_file(const std::string &path, const void *bytes, std::size_t size, mode_t mode) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0 || write(file, bytes, size) != static_cast<ssize_t>(size) || close(file) != 0) {
    broken(path.c_str());
  }
}

std::string file_content(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    broken(path.c_str());
  }
  return {std::istreambuf_iterator<char>(file), {}};
}
