#include "judge.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "asked/policy_line.h"
#include "asked/words.h"
#include "request.h"

namespace ll::asking {

namespace {

constexpr int kMostTries = 3;

std::string_view trimmed(std::string_view line) {
  const size_t start = line.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) return {};
  return line.substr(start, line.find_last_not_of(" \t\r") - start + 1);
}

}  // namespace

bool Judge::serve() {
  while (!over_) {
    if (waiting_.empty()) {
      if (!read_more(-1)) break;
    } else {
      // What has come is known before a person is asked: its time runs, too.
      while (read_more(0)) {
      }
    }
    if (!take_lines()) return false;
    if (waiting_.empty()) continue;
    const Waiting next = waiting_.front();
    waiting_.pop_front();
    decide(next);
  }
  return true;
}

// Whether something has come.
bool Judge::read_more(int milliseconds) {
  pollfd polled = {in_, POLLIN, 0};
  const int ready = ::poll(&polled, 1, milliseconds);
  if (ready < 0 && errno == EINTR) return milliseconds < 0;
  if (ready <= 0) return false;
  std::array<char, 65536> bytes;
  const ssize_t size = ::read(in_, bytes.data(), bytes.size());
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) over_ = true;
  if (size > 0) buffer_.append(bytes.data(), static_cast<size_t>(size));
  return size > 0;
}

bool Judge::take_lines() {
  size_t start = 0;
  for (size_t end = 0; (end = buffer_.find('\n', start)) != std::string::npos; start = end + 1) {
    Waiting waiting = {};
    switch (asked::read_line(std::string_view(buffer_).substr(start, end - start), greeting_,
                             waiting.question)) {
      case asked::Kind::Question:
        waiting.deadline = greeting_.answer_in == 0 ? UINT64_MAX : now() + greeting_.answer_in;
        waiting_.push_back(std::move(waiting));
        break;
      case asked::Kind::Greeting:
      case asked::Kind::Told: break;
      case asked::Kind::Wrong: return false;
    }
  }
  buffer_.erase(0, start);
  return buffer_.size() <= asked::kMaxLine;
}

void Judge::decide(const Waiting &waiting) {
  switch (memory_.find(waiting.question)) {
    case Memory::Known::Yes: return reply(asked::answer(waiting.question, true));
    case Memory::Known::No: return refuse(waiting.question);
    case Memory::Known::Nothing: break;
  }
  // Its time was over before somebody could be asked.
  if (now() >= waiting.deadline || mute_) return refuse(waiting.question);
  ask(waiting);
}

std::string Judge::text_of(const asked::Question &question) const {
  std::string asker = asked::asker_of(question);
  const std::string claim = asked::claim_of(question);
  std::string text = "\n" + std::string(kProgram) + ": " + (asker.empty() ? "the command" : asker) +
                     " wants to " + asked::wish_of(question) + "\n";
  if (!claim.empty()) text += "  it calls itself " + claim + "\n";
  text += "  y  yes, in this run\n";
  const std::string allowing = asked::allowing_line(question);
  const std::string refusing = asked::refusing_line(question);
  if (memory_.has_file() && !allowing.empty())
    text += "  a  always: " + asked::quoted(allowing) + "\n";
  text += "  n  no, in this run\n";
  if (memory_.has_file() && !refusing.empty())
    text += "  v  never: " + asked::quoted(refusing) + "\n";
  return text + "  s  no, and stop asking\n";
}

bool Judge::understands(const asked::Question &question, std::string_view line,
                        Choice &choice) const {
  const std::string_view word = trimmed(line);
  const bool always = word == "a" || word == "always";
  const bool never = word == "v" || word == "never";
  choice = {.allow = always || word == "y" || word == "yes",
            .always = always || never,
            .stop = word == "s" || word == "stop"};
  if (choice.always)
    return memory_.has_file() &&
           !(always ? asked::allowing_line(question) : asked::refusing_line(question)).empty();
  return choice.allow || choice.stop || word.empty() || word == "n" || word == "no";
}

void Judge::ask(const Waiting &waiting) {
  const std::string prompt = std::string(kProgram) + "> ";
  std::string text = text_of(waiting.question) + prompt;
  for (int tries = 0; tries < kMostTries; tries++) {
    std::string line;
    switch (terminal_.ask(text, waiting.question.process, waiting.deadline, line)) {
      case End::Line: break;
      case End::NoTerminal: return give_up(waiting.question);
      case End::Late:
        terminal_.show(std::string(kProgram) + ": timed out: refused\n");
        return refuse(waiting.question);
      case End::Interrupt: return refuse(waiting.question);
      case End::Gone: over_ = true; return;
    }
    if (Choice choice; understands(waiting.question, line, choice))
      return settle(waiting.question, choice);
    text = std::string(kProgram) + ": type one of these letters and Enter\n" + prompt;
  }
  refuse(waiting.question);
}

void Judge::settle(const asked::Question &question, Choice choice) {
  memory_.keep(question, choice.allow);
  if (choice.always) {
    const std::string line =
        choice.allow ? asked::allowing_line(question) : asked::refusing_line(question);
    if (!memory_.write(line))
      terminal_.show(std::string(kProgram) + ": cannot save the answer: " + std::strerror(errno) +
                     "\n");
  }
  reply(choice.stop ? asked::stop_asking(question) : asked::answer(question, choice.allow));
  mute_ = mute_ || choice.stop;
}

void Judge::refuse(const asked::Question &question) { reply(asked::answer(question, false)); }

// Nobody can be asked, now or later.
void Judge::give_up(const asked::Question &question) {
  mute_ = true;
  tell("no terminal to ask at: refused, as is all that the policy refuses: " +
       asked::wish_of(question));
  reply(asked::stop_asking(question));
}

void Judge::reply(const std::string &lines) {
  for (std::string_view rest = lines; !rest.empty();) {
    const ssize_t size = ::write(out_, rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) {
      over_ = true;
      return;
    }
    rest.remove_prefix(static_cast<size_t>(size));
  }
}

}  // namespace ll::asking
