// What the command of a call asks the user, by ll-net, and what it is answered: one at a time.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "asked/question.h"
#include "descriptor.h"

namespace ll::mcp {

// The descriptor that ll-net asks on.
constexpr int kJudge = 4;
// How long ll-net waits for each.
constexpr uint64_t kAnswerIn = 60000;  // milliseconds

// What a user says.
enum class Said : uint8_t { Yes, No, Stop };  // Stop: no, and to what else the call would ask

class Questions {
 public:
  // A socket: this end is kept, `theirs` is what ll-net is started with. False with errno.
  bool open(Descriptor &theirs);
  [[nodiscard]] const Descriptor &socket() const { return socket_; }
  void close();

  // What has come, by a clock of milliseconds.
  void read(uint64_t now);
  // What the user is to be asked; nullptr: nothing, or an answer is waited for.
  [[nodiscard]] const asked::Question *next(uint64_t now);
  // The next was asked, under that name.
  void note_asked(std::string name) { name_ = std::move(name); }
  // Empty: no answer is waited for.
  [[nodiscard]] const std::string &name() const { return name_; }
  // nullptr: nobody waits for the answer any more.
  [[nodiscard]] const asked::Question *current() const {
    return name_.empty() || waiting_.empty() ? nullptr : &waiting_.front().question;
  }
  [[nodiscard]] uint64_t deadline() const;
  // To what was asked. It holds for the whole call.
  void answer(Said said);
  // Its time is over, for ll-net too.
  void give_up();

 private:
  struct Waiting {
    asked::Question question;
    uint64_t deadline;
  };

  void take_lines(uint64_t now);
  void reply(const asked::Question &question, bool allow);
  void send(const std::string &line);

  Descriptor socket_;
  std::string buffer_;
  std::string name_;
  std::deque<Waiting> waiting_;
  std::map<std::string, bool> answers_;
};

}  // namespace ll::mcp
