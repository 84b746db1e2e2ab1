#include "questions.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "asked/words.h"

namespace ll::mcp {

bool Questions::open(Descriptor &theirs) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return false;
  socket_ = Descriptor(ends[0]);
  // Above those that a command is given.
  theirs = Descriptor(fcntl(ends[1], F_DUPFD_CLOEXEC, kJudge + 1));
  ::close(ends[1]);
  return theirs.is_open() && fcntl(ends[0], F_SETFL, O_NONBLOCK) >= 0;
}

void Questions::close() {
  socket_.close();
  waiting_.clear();
}

void Questions::read(uint64_t now) {
  std::array<char, 65536> bytes;
  const ssize_t size = ::read(socket_.number(), bytes.data(), bytes.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (size <= 0) return close();
  buffer_.append(bytes.data(), static_cast<size_t>(size));
  take_lines(now);
}

// What is no line of the protocol, or too much of it, is the end: ll-net refuses all then.
void Questions::take_lines(uint64_t now) {
  constexpr size_t kMostWaiting = 4096;
  size_t start = 0;
  for (size_t end = 0; (end = buffer_.find('\n', start)) != std::string::npos; start = end + 1) {
    asked::Greeting greeting;
    Waiting waiting = {{}, now + kAnswerIn};
    const std::string_view line = std::string_view(buffer_).substr(start, end - start);
    const asked::Kind kind = asked::read_line(line, greeting, waiting.question);
    if (kind == asked::Kind::Wrong || waiting_.size() == kMostWaiting) return close();
    if (kind == asked::Kind::Question) waiting_.push_back(std::move(waiting));
  }
  buffer_.erase(0, start);
  if (buffer_.size() > asked::kMaxLine) close();
}

const asked::Question *Questions::next(uint64_t now) {
  while (name_.empty() && !waiting_.empty()) {
    const Waiting &first = waiting_.front();
    const auto known = answers_.find(asked::object_of(first.question));
    const bool is_known = known != answers_.end();
    if (!is_known && now < first.deadline) return &first.question;
    reply(first.question, is_known && known->second);
    if (!waiting_.empty()) waiting_.pop_front();
  }
  return nullptr;
}

uint64_t Questions::deadline() const {
  return name_.empty() || waiting_.empty() ? UINT64_MAX : waiting_.front().deadline;
}

void Questions::answer(Said said) {
  name_.clear();
  if (waiting_.empty()) return;
  const asked::Question question = std::move(waiting_.front().question);
  waiting_.pop_front();
  if (const std::string object = asked::object_of(question); !object.empty())
    answers_[object] = said == Said::Yes;
  if (said != Said::Stop) return reply(question, said == Said::Yes);
  // ll-net refuses what waits as well.
  waiting_.clear();
  if (socket_.is_open()) send(asked::stop_asking(question));
}

void Questions::give_up() {
  name_.clear();
  if (waiting_.empty()) return;
  const asked::Question question = std::move(waiting_.front().question);
  waiting_.pop_front();
  reply(question, false);
}

void Questions::reply(const asked::Question &question, bool allow) {
  if (socket_.is_open()) send(asked::answer(question, allow));
}

void Questions::send(const std::string &line) {
  const ssize_t size = ::send(socket_.number(), line.data(), line.size(), MSG_NOSIGNAL);
  if (size != static_cast<ssize_t>(line.size())) close();
}

}  // namespace ll::mcp
