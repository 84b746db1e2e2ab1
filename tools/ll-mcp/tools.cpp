#include "tools.h"

#include <array>

namespace ll::mcp {

namespace {

struct Row {
  std::string_view name;
  std::string_view title;
  std::string_view description;
  std::string_view input;   // JSON Schema
  std::string_view output;  // likewise
};

// In the order of Tool.
constexpr std::array<Row, 3> kTools = {{
    {"exec", "Run a command in the sandbox",
     R"(Run one command under the policy that the user chose when this server was started; nothing in a
call can widen it. The command is executed directly, not by a shell: for pipes, redirections or
variables run a shell, as command "sh" with args ["-c", "..."], if the policy lets it be executed.
What the policy does not grant fails like any other error, mostly with "Permission denied": then
call `why`, or run it again with explain: true, which says what was refused and which policy line
would allow it; only the user can add that line. Calls are independent: when the command ends, all
that it started is killed.)",
     R"({"type":"object","properties":{
"command":{"type":"string","minLength":1,"description":"A program on PATH, or a path to one."},
"args":{"type":"array","items":{"type":"string"},"description":"Its arguments, one per item; not split or expanded."},
"cwd":{"type":"string","description":"The directory to start in, absolute or relative to the server's. Default: the server's."},
"stdin":{"type":"string","description":"Its standard input. Default: empty."},
"env":{"type":"object","additionalProperties":{"type":"string"},"description":"Environment variables to set. Only those that the policy passes (its `env` lines)."},
"timeout_ms":{"type":"integer","minimum":1,"description":"In milliseconds; then it is killed with all its processes. The user's limit applies if it is shorter."},
"explain":{"type":"boolean","description":"Also report what was refused, by which layer, and the policy line that would allow it. Slower."}
},"required":["command"],"additionalProperties":false})",
     R"({"type":"object","properties":{
"stdout":{"type":"string"},
"stderr":{"type":"string"},
"exit_code":{"anyOf":[{"type":"integer"},{"type":"null"}],"description":"null if a signal killed it. 125: the sandbox could not be set up; 126: the command could not be executed, often because the policy does not grant it; 127: it was not found."},
"signal":{"anyOf":[{"type":"string"},{"type":"null"}],"description":"The signal that killed it, such as SIGKILL."},
"timed_out":{"type":"boolean","description":"It timed out and was killed."},
"truncated":{"type":"boolean","description":"Something is omitted: in the middle of stdout or stderr, where a line marks it, or at the end of refusals."},
"duration_ms":{"type":"integer"},
"refusals":{"type":"array","description":"Only with explain: what was refused.","items":{"type":"object","properties":{
"layer":{"type":"string","description":"What refused it: Landlock, filter, file permissions, ..."},
"what":{"type":"string","description":"The right or the call."},
"target":{"type":"string"},
"process":{"type":"string"},
"count":{"type":"integer"},
"nearest":{"type":"string","description":"The closest rule."},
"obstacle":{"type":"string","description":"The rule that denies it, so that no further line would allow it."},
"line":{"type":"string","description":"The policy line that would allow it."}
},"required":["layer","what","target","process","count"]}}
},"required":["stdout","stderr","exit_code","signal","timed_out","truncated","duration_ms"]})"},
    {"why", "Which rule grants a right",
     R"(Whether the policy grants a right at a path, and by which rule, without trying it. This is about
the policy alone: file permissions can still refuse it.)",
     R"({"type":"object","properties":{
"right":{"type":"string","minLength":1,"description":"ro, rx, rw or rwx, or one of Landlock's: read_file, read_dir, write_file, execute, make_reg, make_dir, remove_file, ..."},
"path":{"type":"string","minLength":1,"description":"A file or directory, absolute or relative to the server's directory. It need not exist, but its directory must."}
},"required":["right","path"],"additionalProperties":false})",
     R"({"type":"object","properties":{
"granted":{"type":"boolean"},
"answer":{"type":"string","description":"The verdict, and the rule that it comes from."}
},"required":["granted","answer"]})"},
    {"policy", "The policy in force",
     R"(What commands may do: the files, network, system calls and limits, as they are enforced on this
machine now.)",
     R"({"type":"object","properties":{},"additionalProperties":false})",
     R"({"type":"object","properties":{"policy":{"type":"string"}},"required":["policy"]})"},
}};

// A message has no newline in it. What a line of the source ends with is `between`.
std::string on_one_line(std::string_view text, std::string_view between) {
  std::string line;
  for (const char byte : text) byte == '\n' ? line += between : line += byte;
  return line;
}

void write_annotations(Json &json, Tool tool, bool open_world) {
  const bool runs = tool == Tool::Exec;
  json.key("annotations").begin().key("readOnlyHint").truth(!runs);
  if (runs) json.key("destructiveHint").truth(true).key("idempotentHint").truth(false);
  json.key("openWorldHint").truth(runs && open_world).end();
}

// ---- what is asked

bool fail(std::string &problem, std::string_view name, std::string_view what) {
  problem = std::string(name) + ": " + std::string(what);
  return false;
}

// Text that the kernel takes: it ends at a NUL there.
bool read_text(const Value &value, std::string_view name, std::string &text, std::string &problem) {
  if (!value.IsString()) return fail(problem, name, "must be a string");
  text = text_of(value);
  if (text.find('\0') != std::string::npos) return fail(problem, name, "must not contain NUL");
  return true;
}

bool read_args(const Value &value, ToolCall &call, std::string &problem) {
  if (!value.IsArray()) return fail(problem, "args", "must be an array of strings");
  for (const Value &item : value.GetArray())
    if (!read_text(item, "args", call.args.emplace_back(), problem)) return false;
  return true;
}

bool read_env(const Value &value, ToolCall &call, std::string &problem) {
  if (!value.IsObject()) return fail(problem, "env", "must be an object of strings");
  for (const auto &variable : value.GetObject()) {
    std::string name;
    std::string content;
    if (!read_text(variable.name, "env", name, problem)) return false;
    if (!read_text(variable.value, "env", content, problem)) return false;
    if (name.empty() || name.find('=') != std::string::npos)
      return fail(problem, "env", "'" + name + "' is not a variable name");
    if (!call.env.try_emplace(name, content).second)
      return fail(problem, "env", "duplicate key '" + name + "'");
  }
  return true;
}

bool read_input(const Value &value, ToolCall &call, std::string &problem) {
  if (!value.IsString()) return fail(problem, "stdin", "must be a string");
  call.input = text_of(value);
  return true;
}

bool read_timeout(const Value &value, ToolCall &call, std::string &problem) {
  if (!value.IsUint64() || value.GetUint64() == 0)
    return fail(problem, "timeout_ms", "must be an integer of at least 1");
  call.timeout = value.GetUint64();
  return true;
}

bool read_explain(const Value &value, ToolCall &call, std::string &problem) {
  if (!value.IsBool()) return fail(problem, "explain", "must be true or false");
  call.explain = value.GetBool();
  return true;
}

bool read_exec_argument(std::string_view name, const Value &value, ToolCall &call,
                        std::string &problem) {
  if (name == "command") return read_text(value, name, call.command, problem);
  if (name == "args") return read_args(value, call, problem);
  if (name == "cwd") return read_text(value, name, call.cwd, problem);
  if (name == "stdin") return read_input(value, call, problem);
  if (name == "env") return read_env(value, call, problem);
  if (name == "timeout_ms") return read_timeout(value, call, problem);
  if (name == "explain") return read_explain(value, call, problem);
  return fail(problem, name, "unknown argument of exec");
}

bool read_why_argument(std::string_view name, const Value &value, ToolCall &call,
                       std::string &problem) {
  if (name == "right") return read_text(value, name, call.right, problem);
  if (name == "path") return read_text(value, name, call.path, problem);
  return fail(problem, name, "unknown argument of why");
}

bool is_complete(const ToolCall &call, std::string &problem) {
  if (call.tool == Tool::Exec && call.command.empty())
    return fail(problem, "command", "the program to run is missing");
  if (call.tool == Tool::Why && call.right.empty())
    return fail(problem, "right", "ro, rx, rw, rwx or a right such as read_file is missing");
  if (call.tool == Tool::Why && call.path.empty())
    return fail(problem, "path", "the path to ask about is missing");
  return true;
}

}  // namespace

std::string list_of_tools(bool open_world) {
  Json json;
  json.begin_list();
  for (size_t i = 0; i < kTools.size(); i++) {
    const Row &row = kTools[i];
    json.begin().key("name").text(row.name).key("title").text(row.title);
    json.key("description").text(on_one_line(row.description, " "));
    json.key("inputSchema").raw(on_one_line(row.input, ""));
    json.key("outputSchema").raw(on_one_line(row.output, ""));
    write_annotations(json, static_cast<Tool>(i), open_world);
    json.end();
  }
  return json.end_list().result();
}

bool find_tool(std::string_view name, Tool &tool) {
  for (size_t i = 0; i < kTools.size(); i++) {
    if (kTools[i].name != name) continue;
    tool = static_cast<Tool>(i);
    return true;
  }
  return false;
}

bool read_arguments(const Value &arguments, ToolCall &call, std::string &problem) {
  for (const auto &argument : arguments.GetObject()) {
    const std::string_view name = text_of(argument.name);
    if (member(&arguments, argument.name.GetString()) != &argument.value)
      return fail(problem, name, "duplicate key");
    bool read = false;
    switch (call.tool) {
      case Tool::Exec: read = read_exec_argument(name, argument.value, call, problem); break;
      case Tool::Why: read = read_why_argument(name, argument.value, call, problem); break;
      case Tool::Policy: read = fail(problem, name, "policy takes no arguments"); break;
    }
    if (!read) return false;
  }
  return is_complete(call, problem);
}

}  // namespace ll::mcp
