#include "used.h"

#include <fstream>
#include <sstream>
#include <string_view>

#include "asked/json.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

constexpr std::string_view kBefore = "<script type=\"application/json\" id=\"data\">";
constexpr std::string_view kAfter = "</script>";

std::string text_of_file(const Policy &asking, const Word &file) {
  std::ifstream stream(string_of(file.value), std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || stream.bad()) die_at(asking, file.where, "cannot read %", file.value);
  return text.str();
}

// A page has it in a script.
std::string report_in(const std::string &text) {
  const size_t start = text.find(kBefore);
  if (start == std::string::npos) return text;
  const size_t end = text.find(kAfter, start);
  return text.substr(start + kBefore.size(), end - start - kBefore.size());
}

bool is_true(const mcp::Value *value) {
  return value != nullptr && value->IsBool() && value->GetBool();
}

// Not by RapidJSON's ==, which C++20 turns into one that calls itself.
bool is_number(const mcp::Value *value, int64_t number) {
  return value != nullptr && value->IsInt64() && value->GetInt64() == number;
}

std::string string_at(const mcp::Value &object, const char *name) {
  const mcp::Value *value = mcp::member(&object, name);
  return value != nullptr && value->IsString() ? std::string(mcp::text_of(*value)) : std::string();
}

// The narrowest directive that does what both do; empty: no narrower one than there is.
std::string both(const std::string &one, const std::string &other) {
  if (one == other || other == "ro") return one;
  if (one == "ro") return other;
  return "";
}

}  // namespace

void Uses::add(const Policy &asking, const Word &file) {
  mcp::Document document;
  std::string problem;
  const std::string json = mcp::without_surrogates(report_in(text_of_file(asking, file)));
  const bool read = mcp::parse(json, document, problem);
  const mcp::Value *grants = read ? mcp::member(&document, "grants") : nullptr;
  const mcp::Value *version = read ? mcp::member(&document, "report") : nullptr;
  if (grants == nullptr || !grants->IsArray() || !is_number(version, 1))
    die_at(asking, file.where, "% is not a report\nll-trace --report FILE.json writes one",
           file.value);
  if (!is_true(mcp::member(&document, "complete")))
    die_at(asking, file.where,
           "% is incomplete: its run exceeded a limit\nwhat it lacks may be used: record a smaller "
           "run",
           file.value);
  for (const mcp::Value &grant : grants->GetArray()) {
    const mcp::Value *uses = mcp::member(&grant, "uses");
    if (!is_true(mcp::member(&grant, "there")) || uses == nullptr) continue;
    add_grant(string_at(grant, "grant"), !is_number(uses, 0), string_at(grant, "enough"));
  }
}

void Uses::add_grant(const std::string &grant, bool used, const std::string &enough) {
  Use &use = grants_[grant];
  if (!used) return;
  use.enough = use.used ? both(use.enough, enough) : enough;
  use.used = true;
}

std::vector<Finding> Uses::findings_in(const Policy &policy) const {
  std::vector<Finding> findings;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.where.source != 1) continue;
    const auto found = grants_.find(string_of(name_of(rule.directive)) + " " +
                                    string_of(source_text(policy, rule.where)));
    if (found == grants_.end()) continue;
    const Use &use = found->second;
    if (!use.used)
      findings.push_back(make_finding(Warning::Unused, rule.where));
    else if (!use.enough.empty())
      findings.push_back(make_finding(Warning::UnusedRights, rule.where, text_of(use.enough)));
  }
  return findings;
}

}  // namespace ll
