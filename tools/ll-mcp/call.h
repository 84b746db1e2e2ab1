// What a client asks a tool for, and what came of it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture.h"

namespace ll::mcp {

// JSON-RPC's batch, which has one answer.
struct Batch {
  size_t open = 0;  // requests that are not answered yet
  std::string responses;
};

// How a request is answered.
struct Reply {
  std::string id;       // as JSON
  bool modern = false;  // by the revision without a handshake
  std::shared_ptr<Batch> batch;
};

// Of RFC 5424, as the protocol names them.
enum class Level : uint8_t {
  Debug,
  Info,
  Notice,
  Warning,
  Error,
  Critical,
  Alert,
  Emergency,
  None
};

enum class Tool : uint8_t { Exec, Why, Policy };

using Variables = std::map<std::string, std::string, std::less<>>;

struct ToolCall {
  Reply reply;
  std::string progress_token;  // as JSON; empty: no progress is asked for
  Level least = Level::None;   // of what is logged about this call
  Tool tool = Tool::Exec;

  // exec
  std::string command;
  std::vector<std::string> args;
  std::string cwd;  // empty: where all start
  std::optional<std::string> input;
  Variables env;
  uint64_t timeout = 0;  // milliseconds; 0: as long as any may take
  bool explain = false;
  bool asks = false;  // the user, about what the policy refuses

  // why
  std::string right;
  std::string path;

  [[nodiscard]] size_t size() const;
};

struct Outcome {
  explicit Outcome(size_t limit) : out(limit), err(limit) {}

  std::string failure;     // why nothing ran; empty: it did
  bool misplaced = false;  // its `cwd` is not granted: nothing was opened
  int status = 0;          // as wait(2) has it
  bool timed_out = false;
  uint64_t duration = 0;  // milliseconds
  Capture out;
  Capture err;
  std::string report;  // of ll-trace
  bool report_cut = false;
};

}  // namespace ll::mcp
