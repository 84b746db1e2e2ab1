#include "subject.h"

#include <cstdio>
#include <cstring>
#include <memory>

#include "core/host.h"

using namespace ll;

namespace {

size_t written = 0;

char home[] = "HOME=/home/one", words[] = "A=a 'b' $c", empty[] = "EMPTY=", lines[] = "LINES=a\nb";
char *const kEnvironment[] = {home, words, empty, lines, nullptr};
char program[] = "ll-exec";
char *no_arguments[] = {program, nullptr};

constexpr char kVerbs[][8] = {"allow", "deny", "only", "action"};

std::string str(Text text) { return {text.data, text.size}; }

std::string quoted(const std::string &text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? "'\"'\"'" : std::string(1, c);
  return all + "'";
}

std::string print_ports(const Rule &rule) {
  return std::to_string(rule.low) + "-" + std::to_string(rule.high) + (rule.udp ? "/udp" : "/tcp");
}

std::string print_rights(uint64_t rights) {
  std::string all;
  for (const Right &right : kRights)
    if (right.field == Field::Fs && (rights & right.mask()) != 0)
      all += (all.empty() ? "" : ",") + str(name_of(right));
  return all + ' ';
}

std::string print_value(const Rule &rule) {
  const std::string value = quoted(str(rule.value));
  switch (row_of(rule.directive).value) {
    case Value::Port: return rule.any ? value : print_ports(rule);
    case Value::Rights: return print_rights(rule.rights) + (rule.optional ? "-" : "") + value;
    case Value::Socket: return rule.any ? "any" : (rule.optional ? "-" : "") + value;
    case Value::Path: return (rule.optional ? "-" : "") + value;
    case Value::Env: return rule.any ? "-" : value;
    case Value::Syscall: return std::string(kVerbs[rule.resource]) + ' ' + value;
    default: return value;
  }
}

bool is_same(const Rule &a, const Rule &b) {
  const bool port = row_of(a.directive).value == Value::Port;
  return a.directive == b.directive && a.optional == b.optional && a.any == b.any &&
         a.udp == b.udp && a.rights == b.rights && a.low == b.low && a.high == b.high &&
         a.number == b.number && a.resource == b.resource &&
         ((port && !a.any) || a.value == b.value);
}

// Such a value can be on a command line, but not in a policy.
bool is_text(const std::string &text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f) return false;
  }
  return true;
}

bool fits(const std::string &text) {
  size_t line = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + 1;
    if (line > kMaxLine) return false;
  }
  return text.size() < kMaxText / 4;
}

}  // namespace

void ll::host_write(int, Text bytes) {
  require(bytes.size == 0 || bytes.data != nullptr, "nothing but bytes is written");
  for (size_t i = 0; i < bytes.size; i++) written += static_cast<unsigned char>(bytes[i]);
}

Subject &fresh_subject() {
  static Subject *const subject = new Subject{};
  static std::unique_ptr<Diagnostic> problem;
  problem = std::make_unique<Diagnostic>();
  Policy &policy = subject->policy;
  policy.program = program_info();
  for (size_t i = 0; i < policy.rule_count; i++) policy.rules[i] = {};
  policy.rule_count = 0;
  policy.source_count = 2;
  policy.arena.used = 0;
  policy.arguments = no_arguments;
  policy.argument_count = 1;
  policy.sources[1] = {};
  subject->request = {};
  subject->problem = problem.get();
  return *subject;
}

bool parse_text(Subject &subject, const std::string &text) {
  Policy &policy = subject.policy;
  Text stored;
  if (!policy.arena.push({text.data(), text.size()}) || !policy.arena.finish(0, stored)) exit(2);
  policy.sources[1] = {.name = Text{"t.policy", 8}, .text = stored};
  const Environment environment = {.environment = kEnvironment, .directory = Text{"/where", 6}};
  if (!check_text(policy, 1, *subject.problem)) return false;
  Cursor cursor = {.source = 1};
  for (uint32_t before = 0;; before = cursor.offset) {
    Word use;
    switch (parse_more(policy, environment, cursor, use, *subject.problem)) {
      case ParseResult::Error: return false;
      case ParseResult::End: return true;
      case ParseResult::Use: require(cursor.offset > before, "parsing goes on behind a `use`");
    }
  }
}

std::string print_rules(const Policy &policy) {
  std::string all;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    all += str(name_of(rule.directive)) + ' ' + print_value(rule) + '\n';
  }
  return all;
}

void check_problem(const Subject &subject) {
  const Policy &policy = subject.policy;
  const Diagnostic &problem = *subject.problem;
  const SourceSpan where = problem.where;
  require(!problem.message.empty(), "an error has a message");
  require(where.source < policy.source_count, "it is in a source that there is");
  if (where.length != 0 && where.source == 0) {
    require(where.argument < policy.argument_count, "it is in an argument that there is");
    require(where.offset <= strlen(policy.arguments[where.argument]), "it is within the argument");
  }
  if (where.length != 0 && where.source != 0)
    require(where.offset <= policy.sources[where.source].text.size, "it is within the text");
  static FixedString<8192> line;
  line.clear();
  print_diagnostic(line, policy, problem);
  const std::string message = str(line.text());
  require(message.rfind("ll-exec: ", 0) == 0, "a message says whose it is");
  require(is_text(message), "a message has nothing in it that a terminal obeys");
}

void check_round_trip(Subject &subject) {
  const std::string printed = print_rules(subject.policy);
  if (!fits(printed) || !is_text(printed)) return;
  // The values are views into what is parsed over.
  static std::unique_ptr<Rule[]> rules(new Rule[kMaxRules]);
  static std::string values[kMaxRules];
  const size_t count = subject.policy.rule_count;
  for (size_t i = 0; i < count; i++) {
    rules[i] = subject.policy.rules[i];
    values[i] = str(rules[i].value);
    if (values[i].find('\n') != std::string::npos) return;
    rules[i].value = {values[i].data(), values[i].size()};
  }
  Subject &again = fresh_subject();
  const bool parsed = parse_text(again, printed);
  if (!parsed) fprintf(stderr, "%s%s", printed.c_str(), str(again.problem->message.text()).c_str());
  require(parsed, "what is printed parses");
  require(again.policy.rule_count == count, "it has as many rules");
  for (size_t i = 0; i < count; i++) {
    const bool same = is_same(again.policy.rules[i], rules[i]);
    if (!same) fprintf(stderr, "rule %zu of:\n%s", i, printed.c_str());
    require(same, "every rule is the same");
  }
  require(print_rules(again.policy) == printed, "printed again it is the same");
}

void check_plans(const Subject &subject, unsigned choice) {
  static std::unique_ptr<Plan> plan(new Plan{});
  static std::unique_ptr<Filter> filter(new Filter{});
  static std::unique_ptr<Program> code(new Program{});
  const Policy &policy = subject.policy;
  for (Entry &entry : plan->entries) entry = {};
  memset(plan->closed, 0, sizeof plan->closed);
  plan->sibling_count = 0;
  auto problem = std::make_unique<Diagnostic>();
  Kernel kernel = kernel_of_abi(static_cast<int>(choice % (kNewestAbi + 1)));
  kernel.exempt_from_nproc = (choice & 0x100) != 0;
  const bool best_effort = (choice & 0x200) != 0;
  if (!make_plan(policy, kernel, best_effort, *plan, *problem)) {
    require(!problem->message.empty(), "what cannot be planned says why");
    return;
  }
  for (size_t i = 0; i < policy.rule_count; i++) {
    if (!is_path(policy.rules[i].directive) || policy.rules[i].any) continue;
    const FileId found = {
        .kind = (choice & 0x400) != 0 ? Kind::File : Kind::Directory, .device = 1, .inode = i + 1};
    auto wrong = std::make_unique<Diagnostic>();
    if (!plan_path(policy, i, found, *plan, *wrong)) require(!wrong->message.empty(), "says why");
    require((plan->entries[i].access & ~plan->handled[0]) == 0, "only what is handled is granted");
  }
  *filter = {};
  decide(policy, *plan, *filter);
  close_gaps(policy, *filter, *plan);
  require(compile(*filter, *code), "the filter fits");
  explain(policy, *plan, *filter, {});
  explain(policy, *plan, *filter, {.width = 40 + (choice & 0x3f), .colours = true, .utf8 = true});
  explain_json(policy, *plan, *filter);
}
