// The judge: a program that is asked about what the policy refuses, and answers in its time.
#pragma once

#include "answer.h"
#include "calls.h"
#include "core/policy/judging.h"
#include "watched.h"

namespace ll {

// What a question is about.
enum class Subject : uint8_t { Open, Connect, Lookup, Bind };

struct Ruling {
  Subject subject;
  uint32_t owner;  // as it was asked
  long error;      // minus an errno; 0: yes
  bool audit;
  bool remember;
};

class Asking {
 public:
  // Starts the program, where there is one to be started; ends this one where that fails.
  void start(const Policy &policy, char *const *environment);
  [[nodiscard]] int descriptor() const { return socket_; }
  // 0: it was there before.
  [[nodiscard]] long program() const { return program_; }
  // In a child that is not to have it.
  void let_go() { sys::close(socket_); }
  // From here on it is asked.
  void open(int epoll);
  // Whether it is asked about that, still.
  [[nodiscard]] bool asks(uint8_t ask) const { return (asks_ & ask) != 0; }

  // The line of a new question, to which its members are to be added.
  [[nodiscard]] Builder begin(Subject subject);
  // It is sent, and its verdict will come. 0: it cannot be asked, which is a no; else its number.
  uint64_t ask(Subject subject, uint32_t owner, Builder line);
  // Nobody waits for that any more.
  void forget(uint64_t id);
  // A line that is not answered.
  [[nodiscard]] Builder begin_reported(Text call);
  void tell(Builder line);

  void on_judge(uint32_t events);
  // One after the other: false when there is none.
  bool next(Ruling &verdict, uint64_t now);
  [[nodiscard]] int next_time(uint64_t now) const;

 private:
  static constexpr size_t kMax = 1024, kMaxLine = 65536, kMaxUnsent = 1 << 18;
  struct Asked {
    uint64_t id;  // 0: the place is free
    uint64_t deadline;
    uint32_t owner;
    Subject subject;
    bool answered;
    bool audit;
    bool remember;
    int error;
  };

  bool queue(Builder line);
  void send();
  void watch_for(uint32_t events);
  void read();
  bool take_lines();
  bool take(Text line);
  void stop(uint8_t asks);
  void give_up(const char *why);

  const Policy *policy_;
  int socket_;
  long program_;
  int epoll_;
  uint32_t watched_;
  uint8_t asks_;
  uint64_t answer_in_;
  uint64_t last_;
  size_t end_;    // from it on all places are free
  bool decided_;  // there may be verdicts
  size_t read_size_;
  size_t unsent_;
  char read_[kMaxAnswer + 1];
  char line_[kMaxLine];
  char out_[kMaxUnsent];
  Asked asked_[kMax];
};

}  // namespace ll
