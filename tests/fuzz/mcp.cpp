// The stream of a client of ll-mcp, in pieces: as many bytes as each piece's first byte says, times
// itself.
#include <algorithm>
#include <string>
#include <vector>

#include "asked/json.h"
#include "call.h"
#include "lines.h"
#include "require.h"
#include "server_config.h"
#include "session.h"
#include "tools.h"

using namespace ll::mcp;

// As with --ask.
const ll::McpRequest &ll::mcp::chosen() {
  static const McpRequest request = {.ask = true};
  return request;
}

// Nothing is started here: where that would be is where the call says.
std::string ll::mcp::place_of(const ToolCall &call) { return call.cwd; }

namespace {

// Calls end at once, or when they are cancelled.
class Client : public Host {
 public:
  explicit Client(bool open_world) : session(*this, list_of_tools(open_world), {}) {}

  void send(std::string_view message) override {
    require(message.find('\n') == std::string_view::npos, "a message is one line");
    Document document;
    std::string problem;
    require(parse(message, document, problem), "a message is JSON, in UTF-8");
    require(document.IsObject() || (document.IsArray() && !document.Empty()), "it is an object");
  }

  bool start(ToolCall call) override {
    require(call.tool != Tool::Exec || !call.command.empty(), "there is a command");
    require(call.command.find('\0') == std::string::npos, "it ends where the kernel sees its end");
    for (const std::string &argument : call.args)
      require(argument.find('\0') == std::string::npos, "so does an argument");
    for (const auto &[name, value] : call.env) {
      require(!name.empty() && name.find('=') == std::string::npos, "a variable has a name");
      require((name + value).find('\0') == std::string::npos, "so does it");
    }
    if (calls_.size() == kMax) return false;
    calls_.push_back(std::move(call));
    return true;
  }

  void cancel(const std::string &id) override {
    const auto found = find(id);
    if (found == calls_.end()) return;
    session.skip(found->reply.batch);
    calls_.erase(found);
  }

  [[nodiscard]] bool has(const std::string &id) const override {
    return std::any_of(calls_.begin(), calls_.end(),
                       [&](const ToolCall &call) { return call.reply.id == id; });
  }

  void respond(const std::string &name, Said /*said*/) override { forget(name); }

  bool resume(const std::string &name, const ToolCall &again, Said /*said*/) override {
    if (!forget(name)) return false;
    calls_.push_back(again);
    return true;
  }

  // What the commands ask and print is the input too.
  void finish(std::string_view bytes) {
    if (calls_.empty()) return;
    const ToolCall call = std::move(calls_.front());
    calls_.erase(calls_.begin());
    if (call.asks && !bytes.empty() && (bytes[0] & 4) != 0) return ask(call, bytes);
    Outcome outcome(64);
    outcome.out.add(bytes);
    outcome.err.add(bytes.substr(bytes.size() / 2));
    outcome.report = bytes;
    outcome.status = bytes.empty() ? 9 : (static_cast<unsigned char>(bytes[0]) & 3) << 8;
    if (!call.progress_token.empty()) session.report_progress(call, 1500, bytes.size());
    session.log(call, Level::Info, "it ends");
    session.finish(call, outcome);
  }

  Session session;

 private:
  static constexpr size_t kMax = 8;

  void ask(const ToolCall &call, std::string_view bytes) {
    const ll::asked::Question question{.path = std::string(bytes), .program = std::string(bytes)};
    const std::string name = session.ask(call, question);
    if ((bytes[0] & 8) != 0) return session.take_back(name);
    asked_.push_back(name);
    if (!call.reply.modern) calls_.push_back(call);
  }

  // Whether it was asked.
  bool forget(const std::string &name) { return std::erase(asked_, name) > 0; }

  std::vector<ToolCall>::iterator find(const std::string &id) {
    return std::find_if(calls_.begin(), calls_.end(),
                        [&](const ToolCall &call) { return call.reply.id == id; });
  }

  std::vector<ToolCall> calls_;
  std::vector<std::string> asked_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
  std::string_view rest(reinterpret_cast<const char *>(bytes), size);
  Client client(size % 2 == 0);
  Lines lines;
  while (!rest.empty()) {
    const auto first = static_cast<unsigned char>(rest[0]);
    const std::string_view piece = rest.substr(0, size_t{1} + first * size_t{first});
    rest.remove_prefix(piece.size());
    lines.add(piece);
    std::string_view line;
    for (Lines::Next next = lines.next(line); next != Lines::Next::None; next = lines.next(line)) {
      if (next == Lines::Next::TooLong) client.session.receive_too_long();
      if (next == Lines::Next::Line) client.session.receive(line);
    }
    client.finish(piece);
  }
  return 0;
}
