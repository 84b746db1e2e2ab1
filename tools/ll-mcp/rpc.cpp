#include "rpc.h"

#include "request.h"

namespace ll::mcp {

namespace {

void begin_response(Json &json, const Reply &reply) {
  json.begin().key("jsonrpc").text("2.0").key("id").raw(reply.id.empty() ? "null" : reply.id);
}

}  // namespace

void begin_result(Json &json, const Reply &reply, std::string_view type) {
  begin_response(json, reply);
  json.key("result").begin();
  if (!reply.modern) return;
  json.key("resultType").text(type).key("_meta").begin();
  json.key("io.modelcontextprotocol/serverInfo").begin();
  json.key("name").text(kProgramName).key("version").text(LL_VERSION).end().end();
}

void begin_notification(Json &json, std::string_view method) {
  json.begin().key("jsonrpc").text("2.0").key("method").text(method).key("params").begin();
}

std::string finish(Json &json) { return json.end().end().result(); }

std::string error_response(const Reply &reply, Code code, std::string_view message,
                           std::string_view data) {
  Json json;
  begin_response(json, reply);
  json.key("error").begin().key("code").number(code).key("message").text(message);
  if (!data.empty()) json.key("data").raw(data);
  return finish(json);
}

void deliver(MessageSink &outlet, const Reply &reply, std::string_view response) {
  if (reply.batch == nullptr) return outlet.send(response);
  std::string &responses = reply.batch->responses;
  responses += responses.empty() ? "[" : ",";
  responses += response;
  settle(outlet, *reply.batch);
}

void settle(MessageSink &outlet, Batch &batch) {
  if (--batch.open == 0 && !batch.responses.empty()) outlet.send(batch.responses + "]");
}

}  // namespace ll::mcp
