// JSON-RPC 2.0: how answers are written.
#pragma once

#include "asked/json.h"
#include "call.h"

namespace ll::mcp {

enum Code : int {
  kParseError = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
  kUnsupportedVersion = -32022,  // of the protocol, since 2026-07-28
};

// Whom the answers go to.
class MessageSink {
 public:
  MessageSink() = default;
  MessageSink(const MessageSink &) = delete;
  MessageSink &operator=(const MessageSink &) = delete;
  virtual ~MessageSink() = default;
  virtual void send(std::string_view message) = 0;
};

// A response up to the members of its result; finish() ends it.
void begin_result(Json &json, const Reply &reply, std::string_view type = "complete");
// A notification up to the members of its parameters.
void begin_notification(Json &json, std::string_view method);
std::string finish(Json &json);
// `data` is JSON, or empty.
std::string error_response(const Reply &reply, Code code, std::string_view message,
                           std::string_view data = {});

void deliver(MessageSink &outlet, const Reply &reply, std::string_view response);
// One request of the batch less to wait for: it was answered, or needs no answer.
void settle(MessageSink &outlet, Batch &batch);

}  // namespace ll::mcp
