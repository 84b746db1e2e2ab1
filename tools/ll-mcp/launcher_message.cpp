#include "launcher_message.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <vector>

namespace ll::mcp {

namespace {

std::vector<std::string> lines_of(const std::string &text) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

bool begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// "ll-exec: argument 65: cannot start in /x": what is wrong, without who says it and where.
bool take_message(std::string &line, bool &placed) {
  const std::array<std::string_view, 3> programs = {"ll-exec: ", "ll-ns: ", "ll-trace: "};
  for (const std::string_view program : programs) {
    if (!begins(line, program)) continue;
    line.erase(0, program.size());
    constexpr std::string_view kPlace = "argument ";
    const size_t colon = line.find(": ");
    placed = begins(line, kPlace) && colon != std::string::npos;
    if (placed) line.erase(0, colon + 2);
    return true;
  }
  return false;
}

// The one option that a caller's word makes; all others are the user's.
constexpr std::string_view kFolder = "    --chdir=";

std::string hint_at_args(const ToolCall &call) {
  const size_t blank = call.command.find_first_of(" \t\n");
  if (blank == std::string::npos) return {};
  return "\n`command` is the name of one program: give its arguments in `args`, one per item, or "
         "run a "
         "shell: command \"sh\", args [\"-c\", \"...\"]";
}

// The same, whatever is there: a client is not told what exists outside of its policy.
std::string format_misplaced(const ToolCall &call) {
  return "cwd: cannot start in " + place_of(call) + ": the policy grants no such directory";
}

}  // namespace

std::optional<std::string> why_not_started(const ToolCall &call, const Outcome &outcome) {
  if (call.tool != Tool::Exec || outcome.timed_out || !WIFEXITED(outcome.status)) return {};
  if (outcome.misplaced) return format_misplaced(call);
  const int status = WEXITSTATUS(outcome.status);
  if (status < kFailed || status > 127 || outcome.out.seen() != 0) return {};
  std::vector<std::string> lines = lines_of(outcome.err.text());
  bool placed = false;
  if (lines.empty() || !take_message(lines[0], placed)) return {};
  const bool folder = placed && lines.size() > 1 && begins(lines[1], kFolder);
  if (folder) return format_misplaced(call);
  std::string message = placed ? "the policy of this server: " : "command: ";
  message += lines[0];
  // The option and its caret say nothing to who did not write it.
  for (size_t i = placed ? 3 : 1; i < lines.size(); i++) message += "\n" + lines[i];
  return message + hint_at_args(call);
}

}  // namespace ll::mcp
