// The loop: a client on standard input and output, and the calls that run.
#pragma once

#include <poll.h>

#include <deque>
#include <list>

#include "job.h"
#include "lines.h"
#include "outbox.h"
#include "session.h"

namespace ll::mcp {

class Server : public Host {
 public:
  // `problem`: why no command may be started; empty: they may.
  explicit Server(std::string problem);

  // Until the client is gone, or a signal says so. The exit status.
  int run();

  void send(std::string_view message) override;
  bool start(ToolCall call) override;
  void cancel(const std::string &id) override;
  [[nodiscard]] bool has(const std::string &id) const override;
  void respond(const std::string &name, Said said) override;
  bool resume(const std::string &name, const ToolCall &again, Said said) override;

 private:
  void wait();
  void read_client();
  void write_client();
  void read_signals();
  void serve_jobs();
  void tick_jobs();
  void ask_user();
  void ask_for(Job &job);
  void finish_jobs();
  void start_jobs();
  void take_lines();
  void end_jobs();
  // True if nothing of theirs is left.
  [[nodiscard]] bool end_lost() const;
  [[nodiscard]] bool is_full() const;
  [[nodiscard]] int poll_timeout() const;

  Session session_;
  Lines lines_;
  Outbox out_;  // for the client
  std::list<Job> jobs_;
  std::deque<ToolCall> waiting_;
  size_t waiting_size_ = 0;  // bytes
  std::vector<pollfd> polled_;
  Descriptor signals_;
  bool has_lines_ = false;  // that are not taken yet
  bool gone_ = false;
  int signal_ = 0;
};

}  // namespace ll::mcp
