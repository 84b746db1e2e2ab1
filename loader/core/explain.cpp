#include "core/explain.h"

#include "core/host.h"
#include "core/rows.h"

namespace ll {

namespace {

constexpr size_t kPathColumn = 44;
constexpr size_t kHelpColumn = 28;
constexpr size_t kWidth = 88;

// The letters of the picture, in the order of rights.def.
uint64_t rights_with(char letter) {
  uint64_t rights = 0;
  for (const Right &right : kRights)
    if (right.field == Field::Fs && right.letter == letter) rights |= right.mask();
  return rights;
}

void draw_access(Builder &out, uint64_t access) {
  constexpr char kLetters[] = {'r', 'l', 'w', 't', 'x', 'c', 'm', 'd', 'i', 's', 'n'};
  for (const char letter : kLetters) {
    const uint64_t rights = rights_with(letter);
    out << ((rights & access) != 0 ? letter : '-');
  }
}

size_t entries_beside(const Plan &plan, size_t rule) {
  size_t count = 0;
  for (size_t i = 0; i < plan.beside_count; i++) count += plan.beside[i].rule == rule ? 1 : 0;
  return count;
}

void print_paths(Rows &rows, const Policy &policy, const Plan &plan) {
  rows.heading(
      "files        read list write truncate execute create move delete ioctl socket node"_t);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    const Entry &entry = plan.entries[i];
    if (!is_path(rule.directive) || rule.any) continue;
    Builder &out = rows.row();
    draw_access(out, entry.access);
    say(out, " %", rule.value);
    if (entry.found.kind == Kind::Directory && !ends_with(rule.value, "/"_t)) out << '/';
    if (entry.found.kind == Kind::Missing) out << " (does not exist)"_t;
    if (entry.replaced && rule.directive != Directive::Deny)
      say(out, "* (% entries)", entries_beside(plan, i));
    rows.pad_to(kPathColumn);
    say(out, "%  %", name_of(rule.directive), Place{policy, rule.where});
    rows.end();
  }
  if (plan.beside_count != 0) {
    rows.row() << "* at start, beside what is denied: what is created there later is refused"_t;
    rows.end();
  }
  rows.row() << (plan.kernel.landlock == Landlock::On ? "everything else is refused"_t
                                                      : "NOTHING IS REFUSED: --no-landlock"_t);
  rows.end();
}

bool is_gap(const Plan &plan, const Right &right) {
  return (plan.gaps[static_cast<size_t>(right.field)] & right.mask()) != 0;
}
bool is_handled(const Plan &plan, const Right &right) {
  return (plan.handled[static_cast<size_t>(right.field)] & right.mask()) != 0;
}

void print_field(Rows &rows, const Policy &policy, const Plan &plan, Field field, Value value,
                 Text heading) {
  rows.heading(heading);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (row_of(rule.directive).value != value) continue;
    Builder &out = rows.row();
    say(out, "granted %", rule);
    if (needs_any_source_port(rule)) out << " (and bind 0/udp: any source port)"_t;
    rows.pad_to(kPathColumn);
    say(out, "%", Place{policy, rule.where});
    rows.end();
  }
  for (const Right &right : kRights) {
    if (right.field != field || !is_handled(plan, right)) continue;
    rows.row() << "refused "_t << help_of(right) << (value == Value::Port ? ", else"_t : ""_t);
    rows.end();
  }
}

void print_gaps(Rows &rows, const Plan &plan) {
  bool any = false;
  for (const Right &right : kRights) {
    if (!is_gap(plan, right)) continue;
    if (!any) rows.heading("NOT refused on this kernel"_t);
    any = true;
    Builder &out = rows.row();
    out << help_of(right);
    rows.pad_to(kPathColumn);
    say(out, "needs Landlock ABI %, Linux %", uint64_t{right.abi}, linux_with_abi(right.abi));
    rows.end();
  }
}

// The calls that have the same decision, in rows of a screen's width.
void print_decided(Rows &rows, const Filter &filter, Decision decision, Text answer, Text reason) {
  bool any = false;
  size_t row = 0;
  for (const char *name = kCallNames; *name != '\0'; name += c_text(name).size + 1, row++) {
    const int number = number_of_call(row);
    if (number < 0 || filter.decisions[number] != decision) continue;
    if (!any) {
      say(rows.row(), "% (%)", reason, answer);
      rows.end();
      say(rows.row(), "   ");
    } else if (rows.line().text().size > kWidth) {
      rows.end();
      say(rows.row(), "   ");
    }
    say(rows.line(), " %", c_text(name));
    any = true;
  }
  if (any) rows.end();
}

void print_refusals(Rows &rows, const Filter &filter) {
  rows.heading("system calls"_t);
  for (Decision row = 1; row <= kLastRow; row++)
    print_decided(rows, filter, row, answer_of(row), reason_of(row));
  print_decided(rows, filter, kRefusedByPolicy, filter.opened.kill ? "SIGSYS"_t : "EPERM"_t,
                "refused by `syscall`"_t);
}

// The rules of one directive in a row of their own; what holds without any, if there is none.
void print_words(Rows &rows, const Policy &policy, Directive directive, Text name, Text otherwise) {
  Builder &out = rows.row();
  out << name;
  rows.pad_to(14);
  // The standard descriptors are kept in any case.
  bool any = directive == Directive::Fd;
  if (any) out << otherwise;
  for (size_t i = 0; i < policy.rule_count; i++) {
    if (policy.rules[i].directive != directive) continue;
    say(out, any ? " %" : "%", policy.rules[i].value);
    any = true;
  }
  if (!any) out << otherwise;
  rows.end();
}

void describe_landlock(Builder &out, const Kernel &kernel) {
  switch (kernel.landlock) {
    case Landlock::On:
      say(out, "Landlock ABI % (Linux %)", static_cast<uint64_t>(kernel.abi),
          linux_with_abi(kernel.abi));
      break;
    default: out << "without Landlock"_t;
  }
}

void add_rights(Json &json, Text name, Field field, uint64_t mask) {
  json.open('[', name);
  for (const Right &right : kRights)
    if (right.field == field && (right.mask() & mask) != 0) json.text({}, name_of(right));
  json.close(']');
}

void add_rule(Json &json, const Policy &policy, const Plan &plan, size_t index) {
  const Rule &rule = policy.rules[index];
  const Entry &entry = plan.entries[index];
  Line<256> where;
  say(where, "%", Place{policy, rule.where});
  json.open('{').text("directive"_t, name_of(rule.directive));
  switch (row_of(rule.directive).value) {
    case Value::Port:
      json.text("protocol"_t, rule.udp ? "udp"_t : "tcp"_t);
      json.number("low"_t, rule.low).number("high"_t, rule.high);
      break;
    case Value::Path:
    case Value::Socket:
    case Value::Rights:
      json.text("path"_t, rule.any ? "any"_t : rule.value);
      json.truth("exists"_t, entry.found.kind != Kind::Missing);
      add_rights(json, "rights"_t, Field::Fs, entry.access);
      break;
    default: json.text("value"_t, rule.value);
  }
  json.text("where"_t, where.text()).truth("enforced"_t, !entry.unenforced);
  json.close('}').end_row();
}

void add_refusal(Json &json, const Filter &filter, Decision decision) {
  bool any = false;
  size_t row = 0;
  for (const char *name = kCallNames; *name != '\0'; name += c_text(name).size + 1, row++) {
    const int number = number_of_call(row);
    if (number < 0 || filter.decisions[number] != decision) continue;
    if (!any) {
      const bool own = decision == kRefusedByPolicy;
      json.open('{').text("answer"_t, own ? "policy"_t : answer_of(decision));
      json.text("reason"_t, own ? ""_t : reason_of(decision)).open('[', "calls"_t);
    }
    any = true;
    json.text({}, c_text(name));
  }
  if (any) json.close(']').close('}').end_row();
}

}  // namespace

void explain(const Policy &policy, const Plan &plan, const Filter &filter) {
  Rows rows;
  Builder &out = rows.row();
  out << "a command would run under "_t;
  describe_landlock(out, plan.kernel);
  rows.end();
  print_paths(rows, policy, plan);
  print_field(rows, policy, plan, Field::Net, Value::Port, "network"_t);
  print_field(rows, policy, plan, Field::Scope, Value::Ipc, "other processes"_t);
  rows.heading("process"_t);
  print_words(rows, policy, Directive::Cap, "capabilities"_t, "none"_t);
  print_words(rows, policy, Directive::Limit, "limits"_t, "those of the caller"_t);
  print_words(rows, policy, Directive::Env, "environment"_t, "all variables pass"_t);
  print_words(rows, policy, Directive::Fd, "descriptors"_t, "0 1 2"_t);
  print_words(rows, policy, Directive::Chdir, "starts in"_t, "the current directory"_t);
  print_words(rows, policy, Directive::Audit, "audit"_t, "off"_t);
  print_refusals(rows, filter);
  print_gaps(rows, plan);
  rows.flush();
}

void explain_json(const Policy &policy, const Plan &plan, const Filter &filter) {
  Json json;
  json.open('{').open('{', "kernel"_t);
  json.truth("landlock"_t, plan.kernel.landlock == Landlock::On);
  json.number("abi"_t, static_cast<uint64_t>(plan.kernel.abi)).close('}');
  json.open('{', "handled"_t);
  add_rights(json, "fs"_t, Field::Fs, plan.handled[static_cast<size_t>(Field::Fs)]);
  add_rights(json, "net"_t, Field::Net, plan.handled[static_cast<size_t>(Field::Net)]);
  add_rights(json, "scope"_t, Field::Scope, plan.handled[static_cast<size_t>(Field::Scope)]);
  add_rights(json, "flags"_t, Field::Flags, plan.handled[static_cast<size_t>(Field::Flags)]);
  json.close('}').open('[', "gaps"_t);
  for (const Right &right : kRights) {
    if (!is_gap(plan, right)) continue;
    json.open('{').text("right"_t, name_of(right)).number("abi"_t, right.abi);
    json.text("linux"_t, linux_with_abi(right.abi)).close('}');
  }
  json.close(']').open('[', "refused_syscalls"_t).end_row();
  for (Decision row = 1; row <= kLastRow; row++) add_refusal(json, filter, row);
  add_refusal(json, filter, kRefusedByPolicy);
  json.close(']').open('[', "rules"_t).end_row();
  for (size_t i = 0; i < policy.rule_count; i++) add_rule(json, policy, plan, i);
  json.close(']').close('}').end_row();
  host_write(1, "\n"_t);
}

void list_not_enforced(Builder &out, const Policy &policy, const Plan &plan) {
  if (plan.kernel.landlock == Landlock::Unused) {
    out << "no file, network or IPC rule is enforced: --no-landlock"_t;
    return;
  }
  bool any = false;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (!plan.entries[i].unenforced) continue;
    if (!any)
      say(out,
          "not enforced by this kernel (Landlock ABI %): ", static_cast<uint64_t>(plan.kernel.abi));
    say(out, any ? ", % (%)" : "% (%)", rule, Place{policy, rule.where});
    any = true;
  }
}

void list_gaps(Builder &out, const Plan &plan) {
  bool any = false;
  for (const Right &right : kRights) {
    if (!is_gap(plan, right)) continue;
    say(out, any ? ", % (ABI %)" : "not refused by this kernel: % (ABI %)", help_of(right),
        uint64_t{right.abi});
    any = true;
  }
}

void print_calls() {
  Rows rows;
  size_t group = 0;
  for (const char *name = kGroupNames; *name != '\0'; name += c_text(name).size + 1, group++) {
    rows.heading(c_text(name));
    size_t row = 0;
    for (const char *call = kCallNames; *call != '\0'; call += c_text(call).size + 1, row++) {
      if (!is_in_group(row, group)) continue;
      say(rows.row(), "%", c_text(call));
      rows.end();
    }
  }
  rows.flush();
}

void print_help() {
  Rows rows;
  host_write(1,
             "ll-exec [options] [--] command [argument...]\n"
             "Run a command that may do only what a policy grants; all else is refused.\n\n"_t);
  for (size_t row = 0; row < sizeof kOptionLetters; row++) {
    Builder &out = rows.row();
    const char letter = kOptionLetters[row];
    if (letter != 0)
      say(out, "-%, ", Text{&letter, 1});
    else
      say(out, "    ");
    say(out, "--% %", text_at(kOptionNames, row), text_at(kOptionMetavars, row));
    rows.pad_to(kHelpColumn);
    out << text_at(kOptionHelps, row);
    rows.end();
  }
  rows.heading("A policy line is an option without its dashes:"_t);
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++) {
    if (kDirectives[row].value == Value::Later) continue;
    say(rows.row(), "    --% %", text_at(kDirectiveNames, row), text_at(kDirectiveMetavars, row));
    rows.pad_to(kHelpColumn);
    say(rows.line(), "%", text_at(kDirectiveHelps, row));
    rows.end();
  }
  rows.flush();
  host_write(1,
             "\nExit status: the command's; 125 nothing ran, 126 not runnable, 127 not found.\n"_t);
}

}  // namespace ll
