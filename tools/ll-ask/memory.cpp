#include "memory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "asked/policy_line.h"
#include "asked/words.h"
#include "core/policy/policy.h"
#include "request.h"

namespace ll::asking {

namespace {

std::string read_whole(int file) {
  std::string text;
  std::array<char, 4096> bytes;
  ssize_t size = 0;
  while ((size = ::read(file, bytes.data(), bytes.size())) > 0 && text.size() <= kMaxFile)
    text.append(bytes.data(), static_cast<size_t>(size));
  return text;
}

bool write_whole(int file, std::string_view text) {
  const ssize_t size = ::write(file, text.data(), text.size());
  if (size >= 0 && static_cast<size_t>(size) < text.size()) errno = ENOSPC;
  return size == static_cast<ssize_t>(text.size());
}

}  // namespace

Memory::~Memory() {
  if (file_ >= 0) ::close(file_);
}

void Memory::open(const std::string &path) {
  file_ =
      ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
  if (file_ < 0) fail_errno("remember in", path);
  struct stat status = {};
  if (::fstat(file_, &status) < 0) fail_errno("remember in", path);
  if (!S_ISREG(status.st_mode))
    fail("cannot remember in " + asked::quoted(path) + ": not a regular file",
         "name a policy file");
  const std::string text = read_whole(file_);
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines_.insert(text.substr(start, end - start));
    start = end + 1;
  }
}

Memory::Known Memory::find(const asked::Question &question) const {
  const auto found = answers_.find(asked::object_of(question));
  if (found != answers_.end()) return found->second ? Known::Yes : Known::No;
  const auto holds = [&](const std::string &line) {
    return !line.empty() && lines_.contains(line);
  };
  if (holds(asked::refusing_line(question))) return Known::No;
  return holds(asked::allowing_line(question)) ? Known::Yes : Known::Nothing;
}

void Memory::keep(const asked::Question &question, bool allowed) {
  const std::string name = asked::object_of(question);
  if (!name.empty()) answers_[name] = allowed;
}

// Another run may write to it too.
bool Memory::write(const std::string &line) {
  struct stat status = {};
  char last = '\n';
  while (::flock(file_, LOCK_EX) < 0)
    if (errno != EINTR) return false;
  bool written = ::fstat(file_, &status) == 0;
  if (written && status.st_size > 0) written = ::pread(file_, &last, 1, status.st_size - 1) == 1;
  const std::string text = (last == '\n' ? "" : "\n") + line + "\n";
  if (written && static_cast<size_t>(status.st_size) + text.size() > kMaxFile) {
    written = false;
    errno = EFBIG;
  }
  written = written && write_whole(file_, text);
  const int error = errno;
  ::flock(file_, LOCK_UN);
  errno = error;
  if (written) lines_.insert(line);
  return written;
}

}  // namespace ll::asking
