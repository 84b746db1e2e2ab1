#include "result.h"

#include <sys/wait.h>

#include <algorithm>

#include "core/tables.h"
#include "core/text.h"
#include "launcher_message.h"
#include "utf8.h"

namespace ll::mcp {

namespace {

// signal(7): their numbers, from 1, are the same on x86-64 and arm64.
constexpr char kSignalNames[] =
    "HUP\0INT\0QUIT\0ILL\0TRAP\0ABRT\0BUS\0FPE\0KILL\0USR1\0SEGV\0USR2\0PIPE\0ALRM\0TERM\0STKFLT\0"
    "CHLD\0CONT\0STOP\0TSTP\0TTIN\0TTOU\0URG\0XCPU\0XFSZ\0VTALRM\0PROF\0WINCH\0IO\0PWR\0SYS\0";
constexpr int kLastSignal = 31;

std::string name_of_signal(int number) {
  if (number > kLastSignal) return "SIGRTMIN+" + std::to_string(number - kLastSignal - 1);
  const Text name = nth(kSignalNames, static_cast<size_t>(number) - 1);
  return "SIG" + std::string(name.data, name.size);
}

// ll-trace writes a list whenever it reports, with one refusal a line. All of them as one list; the
// last may be cut.
void write_refusals(Json &json, const std::string &report) {
  const std::string text = without_surrogates(report);
  std::string_view rest = text;
  json.key("refusals").begin_list();
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty() && line.back() == ',') line.remove_suffix(1);
    Document refusal;
    std::string problem;
    if (parse(line, refusal, problem) && refusal.IsObject()) json.raw(written(refusal));
  }
  json.end_list();
}

std::string exec_content(const ToolCall &call, const Outcome &outcome,
                         const std::optional<std::string> &not_started) {
  const bool exited = WIFEXITED(outcome.status);
  Json json;
  json.begin()
      .key("stdout")
      .text(outcome.out.text())
      .key("stderr")
      .text(not_started ? *not_started : outcome.err.text());
  json.key("exit_code");
  exited ? json.number(WEXITSTATUS(outcome.status)) : json.null();
  json.key("signal");
  exited ? json.null() : json.text(name_of_signal(WTERMSIG(outcome.status)));
  json.key("timed_out").truth(outcome.timed_out);
  json.key("truncated").truth(outcome.out.is_cut() || outcome.err.is_cut() || outcome.report_cut);
  json.key("duration_ms").number(static_cast<int64_t>(outcome.duration));
  if (call.explain) write_refusals(json, outcome.report);
  return json.end().result();
}

std::string why_content(const Outcome &outcome) {
  Json json;
  json.begin().key("granted").truth(WEXITSTATUS(outcome.status) == 0);
  return json.key("answer").text(outcome.out.text()).end().result();
}

std::string policy_content(const Outcome &outcome) {
  return Json().begin().key("policy").text(outcome.out.text()).end().result();
}

std::string content_of(const ToolCall &call, const Outcome &outcome,
                       const std::optional<std::string> &not_started) {
  switch (call.tool) {
    case Tool::Exec: return exec_content(call, outcome, not_started);
    case Tool::Why: return why_content(outcome);
    case Tool::Policy: return policy_content(outcome);
  }
  return {};
}

// A question has two answers; a command may end as it likes.
bool has_failed(const ToolCall &call, const Outcome &outcome) {
  if (call.tool == Tool::Exec) return false;
  return !WIFEXITED(outcome.status) || WEXITSTATUS(outcome.status) > 1;
}

void write_text(Json &json, std::string_view text) {
  json.key("content").begin_list().begin().key("type").text("text").key("text").text(text);
  json.end().end_list();
}

}  // namespace

std::string failed_result(const Reply &reply, std::string_view message) {
  Json json;
  begin_result(json, reply);
  write_text(json, repaired(message));
  json.key("isError").truth(true);
  return finish(json);
}

std::string result_of(const ToolCall &call, const Outcome &outcome) {
  if (!outcome.failure.empty()) return failed_result(call.reply, outcome.failure);
  if (has_failed(call, outcome))
    return failed_result(call.reply, outcome.timed_out ? "timed out; killed" : outcome.err.text());
  const std::optional<std::string> not_started = why_not_started(call, outcome);
  const std::string content = content_of(call, outcome, not_started);
  Json json;
  begin_result(json, call.reply);
  // The same as text: for clients older than structured content.
  write_text(json, content);
  json.key("structuredContent").raw(content);
  json.key("isError").truth(outcome.timed_out || not_started.has_value());
  return finish(json);
}

}  // namespace ll::mcp
