// Lines of ll-net in, answers out: from memory, or from the person.
#pragma once

#include <deque>

#include "asked/question.h"
#include "memory.h"
#include "terminal.h"

namespace ll::asking {

class Judge {
 public:
  Judge(int in, int out, Memory &memory, Terminal &terminal)
      : in_(in), out_(out), memory_(memory), terminal_(terminal) {}

  // Until nobody is left who asks. False: what was asked is not of this protocol.
  bool serve();

 private:
  struct Waiting {
    asked::Question question;
    uint64_t deadline;
  };
  struct Choice {
    bool allow = false;
    bool always = false;
    bool stop = false;
  };

  bool read_more(int milliseconds);
  bool take_lines();
  void decide(const Waiting &waiting);
  void ask(const Waiting &waiting);
  void settle(const asked::Question &question, Choice choice);
  void refuse(const asked::Question &question);
  void give_up(const asked::Question &question);
  void reply(const std::string &lines);
  [[nodiscard]] std::string text_of(const asked::Question &question) const;
  [[nodiscard]] bool understands(const asked::Question &question, std::string_view line,
                                 Choice &choice) const;

  int in_;
  int out_;
  Memory &memory_;
  Terminal &terminal_;
  asked::Greeting greeting_;
  std::string buffer_;
  std::deque<Waiting> waiting_;
  bool over_ = false;  // nobody asks any more
  bool mute_ = false;  // there is no terminal
};

}  // namespace ll::asking
