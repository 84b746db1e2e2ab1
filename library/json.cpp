#include "json.h"

#include "core/explain.h"
#include "core/table_writer.h"
#include "os/query/access_check.h"

namespace ll {

namespace {

std::string quoted(const std::string &text) {
  std::vector<char> bytes(6 * text.size() + 2);  // \u and four digits, of each byte
  Builder out(bytes.data(), bytes.size());
  format(out, "%", Quoted{{text.data(), text.size()}});
  return {out.text().data, out.text().size};
}

std::string json_of_warnings(const ll_policy &made) {
  std::string json = "[";
  for (const Warning &warning : made.warnings) {
    if (json.size() > 1) json += ',';
    json += "{\"text\":" + quoted(warning.text) +
            ",\"source\":" + (warning.source.empty() ? "null" : quoted(warning.source)) +
            ",\"line\":" + std::to_string(warning.line) +
            ",\"column\":" + std::to_string(warning.column) + "}";
  }
  return json + "]\n";
}

// "why RIGHT TARGET"; without a target: it is none.
Question question_of(Text what) {
  const Text rest = what.from(4);
  const size_t blank = find(rest, ' ');
  if (!starts_with(what, "why "_t) || blank == kNpos || blank + 1 == rest.size) return {};
  return {.right = rest.first(blank), .target = rest.from(blank + 1), .where = kNoLocation};
}

std::string json_of_why(ApiCall &call, const Policy &policy, const Plan &plan,
                        const Question &question) {
  const int refused = answer_why(policy, plan, question);
  return std::string("{\"granted\":") + (refused == 0 ? "true" : "false") +
         ",\"text\":" + quoted(call.output) + "}\n";
}

}  // namespace

std::string json_of(ApiCall &call, const ll_policy &made, const char *what) {
  if (c_text(what) == "warnings"_t) return json_of_warnings(made);
  Policy &policy = made.compiled().policy;  // prepare() changes nothing of one that is compiled
  const Question question = question_of(c_text(what));
  const bool explains = c_text(what) == "explain"_t;
  if (!explains && question.right.empty())
    die_at(policy, kNoLocation, "unknown query '%'\nexplain, warnings or why RIGHT TARGET", what);
  const Pages compiled(sizeof(Compiled));
  auto &[unused, plan, filter, program] = compiled.as<Compiled>();
  const Pages workspace(sizeof(Workspace));
  const Process process = made.process();
  call.directory = made.directory;
  Sandbox sandbox = {process, policy, made.request, plan, filter, workspace.as<Workspace>()};
  prepare(sandbox, Purpose::Ask);
  if (!explains) return json_of_why(call, policy, plan, question);
  explain_json(policy, plan, filter);
  return std::move(call.output);
}

}  // namespace ll
