#include "session.h"

#include <algorithm>
#include <array>

#include "asked/words.h"
#include "lines.h"
#include "request.h"
#include "result.h"
#include "server_config.h"
#include "tools.h"
#include "utf8.h"

namespace ll::mcp {

struct Session::Message {
  Reply reply;
  std::string_view method;
  const Value *params;
  const Value *meta;
};

namespace {

// Each request says its revision; there is no handshake.
constexpr std::string_view kModern = "2026-07-28";
// The revisions with a handshake, newest first.
constexpr std::array<std::string_view, 4> kLegacy = {"2025-11-25", "2025-06-18", "2025-03-26",
                                                     "2024-11-05"};
// The only one that has batches.
constexpr std::string_view kWithBatches = "2025-03-26";
// The first that asks a user.
constexpr std::string_view kWithForms = "2025-06-18";
constexpr size_t kMostOfBatch = 64;

constexpr char kVersionKey[] = "io.modelcontextprotocol/protocolVersion";
constexpr char kCapabilitiesKey[] = "io.modelcontextprotocol/clientCapabilities";
constexpr char kLevelKey[] = "io.modelcontextprotocol/logLevel";

constexpr std::array<std::string_view, 8> kLevels = {"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

constexpr std::string_view kInstructions =
    "Commands run in a sandbox under a policy that the user chose; nothing in a call can widen it. "
    "Use `policy` to see what is granted, `why` to ask about one path, and exec with explain: true "
    "to learn which policy line would allow what was refused. Only the user can change the policy.";

constexpr std::string_view kAsks =
    " The user is asked about what exec is refused while it runs, but not with explain: true.";
constexpr std::string_view kCannotAsk =
    " The user is not asked about what is refused: this client cannot ask.";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

bool is_id(const Value &value) { return value.IsString() || value.IsNumber(); }

bool read_level(const Value &value, Level &level) {
  if (!value.IsString()) return false;
  const auto *const row = std::find(kLevels.begin(), kLevels.end(), text_of(value));
  if (row == kLevels.end()) return false;
  level = static_cast<Level>(row - kLevels.begin());
  return true;
}

// What the user is asked for: more than to accept, which some clients do by themselves.
constexpr char kAllow[] = "allow";
constexpr std::string_view kAllowSchema =
    R"({"type":"object","properties":{"allow":{"type":"boolean","title":"Allow it in this call","default":false}},"required":["allow"]})";

std::string question_text(const asked::Question &question) {
  const std::string asker = asked::asker_of(question);
  const std::string claim = asked::claim_of(question);
  std::string text = "In the sandbox, " + (asker.empty() ? "the command" : asker) + " wants to " +
                     asked::wish_of(question) + ", which the policy refuses.";
  if (!claim.empty()) text += " It calls itself " + claim + ".";
  return repaired(text);
}

// In the revision without a handshake, of the answer that comes with a call.
constexpr char kAnswer[] = "answer";

void write_form(Json &json, const asked::Question &question, bool says_mode) {
  json.key("method").text("elicitation/create").key("params").begin();
  if (says_mode) json.key("mode").text("form");
  json.key("message").text(question_text(question));
  json.key("requestedSchema").raw(kAllowSchema).end();
}

// All that is not just what was asked for is a no. Who sends the question away wants no other.
Said said_by(const Value *result) {
  const Value *action = member(result, "action");
  const Value *allow = member(member(result, "content"), kAllow);
  if (action == nullptr || !action->IsString()) return Said::No;
  if (text_of(*action) == "cancel") return Said::Stop;
  const bool yes = text_of(*action) == "accept" && allow != nullptr && allow->IsTrue();
  return yes ? Said::Yes : Said::No;
}

// Of the revisions that have it: 2025-06-18 and later. Without a mode it is by a form.
bool has_forms(const Value *capabilities) {
  const Value *elicitation = member(capabilities, "elicitation");
  if (elicitation == nullptr || !elicitation->IsObject()) return false;
  return elicitation->ObjectEmpty() || member(elicitation, "form") != nullptr;
}

std::string unsupported(std::string_view requested) {
  Json json;
  json.begin().key("supported").begin_list().text(kModern);
  for (const std::string_view version : kLegacy) json.text(version);
  return json.end_list().key("requested").text(requested).end().result();
}

void write_capabilities(Json &json) {
  json.key("capabilities").begin();
  json.key("tools").begin().end().key("logging").begin().end().end();
}

}  // namespace

void Session::receive(std::string_view line) {
  if (is_blank(line)) return;
  Document document;
  std::string problem;
  if (!parse(line, document, problem)) return fail({}, kParseError, "Parse error: " + problem);
  if (document.IsArray()) return receive_batch(document);
  receive_one(document, nullptr);
}

void Session::receive_too_long() {
  fail({}, kInvalidRequest,
       "Invalid Request: message longer than " + std::to_string(kMaxMessage) + " bytes");
}

void Session::receive_batch(const Value &messages) {
  if (version_ != kWithBatches)
    return fail({}, kInvalidRequest, "Invalid Request: only 2025-03-26 has batches");
  if (messages.Empty()) return fail({}, kInvalidRequest, "Invalid Request: an empty batch");
  if (messages.Size() > kMostOfBatch)
    return fail({}, kInvalidRequest,
                "Invalid Request: a batch of more than " + std::to_string(kMostOfBatch));
  const auto batch = std::make_shared<Batch>();
  batch->open = 1;
  for (const Value &message : messages.GetArray()) receive_one(message, batch);
  settle(host_, *batch);
}

void Session::receive_one(const Value &value, const std::shared_ptr<Batch> &batch) {
  Message message = {};
  const Value *id = member(&value, "id");
  const Value *method = member(&value, "method");
  message.params = member(&value, "params");
  message.meta = member(message.params, "_meta");
  if (id != nullptr && is_id(*id)) message.reply.id = written(*id);
  message.reply.batch = batch;

  const Value *version = member(&value, "jsonrpc");
  const bool valid = version != nullptr && version->IsString() && text_of(*version) == "2.0";
  const bool responds = member(&value, "result") != nullptr || member(&value, "error") != nullptr;
  if (batch != nullptr) batch->open++;
  if (valid && method == nullptr && responds) {
    receive_response(value);
    return skip(batch);
  }
  if (!valid) return fail(message.reply, kInvalidRequest, "Invalid Request: not JSON-RPC 2.0");
  if (method == nullptr || !method->IsString())
    return fail(message.reply, kInvalidRequest, "Invalid Request: method is missing");
  message.method = text_of(*method);
  if (id == nullptr) {
    notice(message);
    return skip(batch);
  }
  if (!is_id(*id))
    return fail(message.reply, kInvalidRequest, "Invalid Request: id must be a string or number");
  // The answer to come belongs to the first of them.
  if (host_.has(message.reply.id)) {
    const std::string taken = message.reply.id;
    message.reply.id.clear();
    return fail(message.reply, kInvalidRequest,
                "Invalid Request: id " + taken + " is in use by a call that still runs");
  }
  if (message.params != nullptr && !message.params->IsObject())
    return fail(message.reply, kInvalidParams, "Invalid params: params must be an object");
  answer(message);
}

// An error is a no.
void Session::receive_response(const Value &value) {
  const Value *id = member(&value, "id");
  if (id == nullptr || !id->IsString()) return;
  host_.respond(std::string(text_of(*id)), said_by(member(&value, "result")));
}

std::string Session::ask(const ToolCall &call, const asked::Question &question) {
  const std::string name = "ask-" + std::to_string(++asked_);
  Json json;
  if (call.reply.modern) {
    begin_result(json, call.reply, "input_required");
    json.key("requestState").text(name).key("inputRequests").begin().key(kAnswer).begin();
    write_form(json, question, true);
    json.end().end();
    deliver(call.reply, json);
  } else {
    json.begin().key("jsonrpc").text("2.0").key("id").text(name);
    write_form(json, question, version_ == kLegacy[0]);
    host_.send(json.end().result());
  }
  return name;
}

void Session::take_back(const std::string &name) {
  Json json;
  begin_notification(json, "notifications/cancelled");
  json.key("requestId").text(name).key("reason").text("refused, or no longer needed");
  host_.send(mcp::finish(json));
}

void Session::notice(const Message &message) {
  if (message.method != "notifications/cancelled") return;
  const Value *id = member(message.params, "requestId");
  if (id != nullptr && is_id(*id)) host_.cancel(written(*id));
}

void Session::answer(const Message &message) {
  const Value *version = member(message.meta, kVersionKey);
  if (version == nullptr) return answer_legacy(message);
  Message modern = message;
  modern.reply.modern = true;
  if (!version->IsString())
    return fail(message.reply, kInvalidParams,
                "Invalid params: " + std::string(kVersionKey) + " must be a string");
  if (text_of(*version) != kModern)
    return fail(message.reply, kUnsupportedVersion, "Unsupported protocol version",
                unsupported(text_of(*version)));
  const Value *capabilities = member(message.meta, kCapabilitiesKey);
  if (capabilities == nullptr || !capabilities->IsObject())
    return fail(message.reply, kInvalidParams,
                "Invalid params: _meta has no " + std::string(kCapabilitiesKey));
  answer_modern(modern);
}

void Session::answer_modern(const Message &message) {
  if (message.method == "server/discover") return discover(message);
  if (message.method == "tools/list") return list_tools(message);
  if (message.method == "tools/call") return call_tool(message);
  fail(message.reply, kMethodNotFound, "Method not found");
}

void Session::answer_legacy(const Message &message) {
  if (message.method == "ping") {
    Json json;
    begin_result(json, message.reply);
    return deliver(message.reply, json);
  }
  if (message.method == "initialize") return initialize(message);
  const bool sets_level = message.method == "logging/setLevel";
  const bool lists = message.method == "tools/list";
  const bool calls = message.method == "tools/call";
  if (!sets_level && !lists && !calls)
    return fail(message.reply, kMethodNotFound, "Method not found");
  if (version_.empty())
    return fail(message.reply, kInvalidRequest,
                "Invalid Request: send initialize first, or give " + std::string(kVersionKey) +
                    " in _meta");
  if (sets_level) return set_level(message);
  if (lists) return list_tools(message);
  call_tool(message);
}

void Session::discover(const Message &message) {
  Json json;
  begin_result(json, message.reply);
  json.key("supportedVersions").begin_list().text(kModern);
  for (const std::string_view version : kLegacy) json.text(version);
  json.end_list();
  write_capabilities(json);
  json.key("instructions").text(instructions(has_forms(member(message.meta, kCapabilitiesKey))));
  json.key("ttlMs").number(0).key("cacheScope").text("private");
  deliver(message.reply, json);
}

void Session::initialize(const Message &message) {
  const Value *asked = member(message.params, "protocolVersion");
  if (asked == nullptr || !asked->IsString())
    return fail(message.reply, kInvalidParams, "Invalid params: protocolVersion is missing");
  if (message.reply.batch != nullptr || !version_.empty())
    return fail(message.reply, kInvalidRequest,
                "Invalid Request: initialize must be sent once, outside a batch");
  const bool known = std::find(kLegacy.begin(), kLegacy.end(), text_of(*asked)) != kLegacy.end();
  version_ = known ? text_of(*asked) : kLegacy[0];
  can_ask_ = version_ >= kWithForms && has_forms(member(message.params, "capabilities"));
  Json json;
  begin_result(json, message.reply);
  json.key("protocolVersion").text(version_);
  write_capabilities(json);
  json.key("serverInfo")
      .begin()
      .key("name")
      .text(kProgramName)
      .key("title")
      .text("ll-exec sandbox");
  json.key("version").text(LL_VERSION).end().key("instructions").text(instructions(can_ask_));
  deliver(message.reply, json);
}

std::string Session::instructions(bool can_ask) const {
  if (problem_.empty()) {
    std::string text(kInstructions);
    if (chosen().ask) text += can_ask ? kAsks : kCannotAsk;
    return text;
  }
  return "This server runs nothing until the user changes its command line or policy:\n" + problem_;
}

void Session::set_level(const Message &message) {
  const Value *level = member(message.params, "level");
  if (level == nullptr || !read_level(*level, level_))
    return fail(message.reply, kInvalidParams, "Invalid params: unknown level");
  Json json;
  begin_result(json, message.reply);
  deliver(message.reply, json);
}

// There is one page, whatever cursor the client has.
void Session::list_tools(const Message &message) {
  Json json;
  begin_result(json, message.reply);
  json.key("tools").raw(tools_);
  if (message.reply.modern) json.key("ttlMs").number(0).key("cacheScope").text("private");
  deliver(message.reply, json);
}

void Session::call_tool(const Message &message) {
  ToolCall call = {.reply = message.reply};
  const Value *name = member(message.params, "name");
  if (name == nullptr || !name->IsString())
    return fail(message.reply, kInvalidParams, "Invalid params: name of the tool is missing");
  if (!find_tool(text_of(*name), call.tool))
    return fail(message.reply, kInvalidParams, "Unknown tool: " + std::string(text_of(*name)));
  const Value nothing(rapidjson::kObjectType);
  const Value *arguments = member(message.params, "arguments");
  if (arguments == nullptr) arguments = &nothing;
  if (!arguments->IsObject())
    return fail(message.reply, kInvalidParams, "Invalid params: arguments must be an object");
  call.least = message.reply.modern ? Level::None : level_;
  const Value *level = member(message.meta, kLevelKey);
  if (message.reply.modern && level != nullptr && !read_level(*level, call.least))
    return fail(message.reply, kInvalidParams, "Invalid params: unknown level");
  const Value *token = member(message.meta, "progressToken");
  if (token != nullptr && is_id(*token)) call.progress_token = written(*token);
  if (!problem_.empty())
    return mcp::deliver(host_, message.reply, failed_result(message.reply, instructions(false)));
  const Value *state = member(message.params, "requestState");
  if (message.reply.modern && state != nullptr && state->IsString())
    return resume_call(message, call, text_of(*state));
  std::string problem;
  if (!read_arguments(*arguments, call, problem))
    return mcp::deliver(host_, message.reply, failed_result(message.reply, problem));
  const bool can_ask =
      message.reply.modern ? has_forms(member(message.meta, kCapabilitiesKey)) : can_ask_;
  call.asks = chosen().ask && can_ask && call.tool == Tool::Exec && !call.explain;
  if (host_.start(std::move(call))) return;
  mcp::deliver(host_, message.reply,
               failed_result(message.reply, "too many calls are waiting: try again later"));
}

void Session::resume_call(const Message &message, const ToolCall &again, std::string_view name) {
  const Value *answer = member(member(message.params, "inputResponses"), kAnswer);
  if (host_.resume(std::string(name), again, said_by(answer))) return;
  mcp::deliver(host_, message.reply,
               failed_result(message.reply, "that call has ended: call again"));
}

void Session::finish(const ToolCall &call, const Outcome &outcome) {
  mcp::deliver(host_, call.reply, result_of(call, outcome));
}

void Session::skip(const std::shared_ptr<Batch> &batch) {
  if (batch != nullptr) settle(host_, *batch);
}

void Session::report_progress(const ToolCall &call, uint64_t milliseconds, uint64_t bytes) {
  Json json;
  begin_notification(json, "notifications/progress");
  json.key("progressToken").raw(call.progress_token);
  json.key("progress").real(static_cast<double>(milliseconds) / 1000);
  json.key("message").text(std::to_string(milliseconds / 1000) + " s, " + std::to_string(bytes) +
                           " bytes of output");
  host_.send(mcp::finish(json));
}

void Session::log(const ToolCall &call, Level level, std::string_view message) {
  if (level < call.least) return;
  Json json;
  begin_notification(json, "notifications/message");
  json.key("level").text(kLevels[static_cast<size_t>(level)]).key("logger").text(kProgramName);
  json.key("data").begin().key("request").raw(call.reply.id).key("message").text(message).end();
  host_.send(mcp::finish(json));
}

void Session::fail(const Reply &reply, Code code, std::string_view problem, std::string_view data) {
  mcp::deliver(host_, reply, error_response(reply, code, problem, data));
}

void Session::deliver(const Reply &reply, Json &json) {
  mcp::deliver(host_, reply, mcp::finish(json));
}

}  // namespace ll::mcp
