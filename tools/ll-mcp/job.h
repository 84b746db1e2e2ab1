// A call that runs: its processes, what they are given and what they print.
#pragma once

#include <poll.h>

#include "descriptor.h"
#include "questions.h"
#include "server_config.h"

namespace ll::mcp {

uint64_t now();  // milliseconds, of a clock that only goes on

class Job {
 public:
  explicit Job(ToolCall asked);
  Job(const Job &) = delete;
  Job &operator=(const Job &) = delete;
  ~Job();

  [[nodiscard]] const ToolCall &call() const { return call_; }
  [[nodiscard]] Outcome &outcome() { return outcome_; }
  [[nodiscard]] Questions &questions() { return questions_; }
  [[nodiscard]] const Questions &questions() const { return questions_; }
  [[nodiscard]] uint64_t started() const { return started_; }
  [[nodiscard]] bool has_ended() const { return ended_; }
  [[nodiscard]] bool is_cancelled() const { return cancelled_; }
  [[nodiscard]] int supervisor() const { return supervisor_; }
  // It ended without its supervisor.
  [[nodiscard]] bool is_lost() const { return lost_; }

  // It waits for the client to call again, under that name: the reply of the call was the question.
  void park(std::string name);
  [[nodiscard]] const std::string &parked() const { return parked_; }
  [[nodiscard]] uint64_t parked_until() const { return parked_until_; }
  void resume(const ToolCall &again);

  // What poll(2) is to wait for; serve() is given the answers back, and goes on behind its own.
  // What is closed is not listed: poll(2) takes no more than this process may have open.
  void list(std::vector<pollfd> &wanted) const;
  void serve(const std::vector<pollfd> &answers, size_t &next);
  // When tick() has something to do.
  [[nodiscard]] uint64_t next_tick() const;
  // Ends what has run too long. True if there is progress to be told.
  bool tick();

  void cancel();
  // All that it started, by its supervisor.
  void end() const;

 private:
  bool start();
  bool open_pipes();
  bool open_page_of_call();
  void write_input();
  void read_output();
  void read_errors();
  void read_refusals();
  void read_status();
  void reap(bool reported, int status);
  void fail(const char *what, int error);

  ToolCall call_;
  Outcome outcome_;
  uint64_t started_ = 0;
  uint64_t deadline_ = 0;
  uint64_t next_progress_ = 0;
  int supervisor_ = -1;
  int watched_by_ = -1;  // also when it has ended
  size_t written_ = 0;   // of the input
  Descriptor input_, output_, errors_, report_, status_;
  // The command's.
  Descriptor its_input_, its_output_, its_errors_, its_report_, its_status_, its_judge_, its_page_;
  Questions questions_;
  std::string parked_;  // empty: it is not
  uint64_t parked_until_ = 0;
  bool ended_ = false;
  bool cancelled_ = false;
  bool lost_ = false;
};

}  // namespace ll::mcp
