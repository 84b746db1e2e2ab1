// The protocol with one client: which revision is spoken, and what each method does.
#pragma once

#include "questions.h"
#include "rpc.h"

namespace ll::mcp {

// What a session asks of the program around it.
class Host : public MessageSink {
 public:
  // False: too many calls are waiting already.
  virtual bool start(ToolCall call) = 0;
  virtual void cancel(const std::string &id) = 0;
  // Whether a call of that id has no answer yet.
  [[nodiscard]] virtual bool has(const std::string &id) const = 0;
  // What the user said to the question of that name. Of a name that is none nothing is done.
  virtual void respond(const std::string &name, Said said) = 0;
  // The same, by the call made again, which has the reply to come. False: there is none to go on.
  virtual bool resume(const std::string &name, const ToolCall &again, Said said) = 0;
};

class Session {
 public:
  // `problem`: what every call is answered, instead of being made.
  Session(Host &host, std::string tools, std::string problem)
      : host_(host), tools_(std::move(tools)), problem_(std::move(problem)) {}

  void receive(std::string_view line);
  void receive_too_long();

  void finish(const ToolCall &call, const Outcome &outcome);
  // For what needs no answer.
  void skip(const std::shared_ptr<Batch> &batch);
  void report_progress(const ToolCall &call, uint64_t milliseconds, uint64_t bytes);
  void log(const ToolCall &call, Level level, std::string_view message);
  // Puts it to the user; the name that the answer will have. In the revision without a handshake it
  // is what the call is answered, and the answer comes with the call, made again.
  std::string ask(const ToolCall &call, const asked::Question &question);
  // It needs no answer any more.
  void take_back(const std::string &name);

 private:
  struct Message;

  void receive_response(const Value &value);
  void receive_batch(const Value &messages);
  void receive_one(const Value &value, const std::shared_ptr<Batch> &batch);
  void notice(const Message &message);
  void answer(const Message &message);
  void answer_modern(const Message &message);
  void answer_legacy(const Message &message);
  void discover(const Message &message);
  void initialize(const Message &message);
  void set_level(const Message &message);
  void list_tools(const Message &message);
  void call_tool(const Message &message);
  void resume_call(const Message &message, const ToolCall &again, std::string_view name);
  [[nodiscard]] std::string instructions(bool can_ask) const;
  void fail(const Reply &reply, Code code, std::string_view problem, std::string_view data = {});
  void deliver(const Reply &reply, Json &json);

  Host &host_;
  std::string tools_;  // as tools/list has them
  std::string problem_;
  std::string version_;   // of the handshake; empty: there was none
  bool can_ask_ = false;  // the client its user
  uint64_t asked_ = 0;
  Level level_ = Level::Warning;
};

}  // namespace ll::mcp
