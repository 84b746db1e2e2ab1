#include "core/explain.h"

#include "core/rows.h"

namespace ll {

namespace {

constexpr size_t kPathColumn = 44;
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
      "files        read list write truncate execute create move delete ioctl socket node"_packed);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    const Entry &entry = plan.entries[i];
    if (!is_path(rule.directive) || rule.any) continue;
    Builder &out = rows.row();
    draw_access(out, entry.access);
    say(out, " %", rule.value);
    if (entry.found.kind == Kind::Directory && !ends_with(rule.value, "/"_t)) out << '/';
    if (entry.found.kind == Kind::Missing) say(out, " (does not exist)"_packed);
    if (entry.replaced && rule.directive != Directive::Deny)
      say(out, "* (% entries)"_packed, entries_beside(plan, i));
    rows.pad_to(kPathColumn);
    say(out, "%  %", name_of(rule.directive), Place{policy, rule.where});
  }
  if (plan.beside_count != 0) {
    rows.say(
        "* at start, beside what is denied or kept: what is created there later is refused"_packed);
  }
  rows.say(plan.kernel.landlock == Landlock::On ? "everything else is refused"_packed
                                                : "NOTHING IS REFUSED: --no-landlock"_packed);
}

bool is_gap(const Plan &plan, const Right &right) {
  return (plan.gaps[static_cast<size_t>(right.field)] & right.mask()) != 0;
}
bool is_handled(const Plan &plan, const Right &right) {
  return (plan.handled[static_cast<size_t>(right.field)] & right.mask()) != 0;
}

void print_field(Rows &rows, const Policy &policy, const Plan &plan, Field field, Value value,
                 const char *heading) {
  rows.heading(heading);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (row_of(rule.directive).value != value) continue;
    Builder &out = rows.row();
    say(out, "granted %"_packed, rule);
    if (needs_any_source_port(rule)) say(out, " (and bind 0/udp: any source port)"_packed);
    rows.pad_to(kPathColumn);
    say(out, "%", Place{policy, rule.where});
  }
  for (const Right &right : kRights) {
    if (right.field != field || !is_handled(plan, right)) continue;
    rows.say("refused %%"_packed, help_of(right), value == Value::Port ? ", else"_t : ""_t);
  }
}

void print_gaps(Rows &rows, const Plan &plan) {
  bool any = false;
  for (const Right &right : kRights) {
    if (!is_gap(plan, right)) continue;
    if (!any) rows.heading("NOT refused on this kernel"_packed);
    any = true;
    Builder &out = rows.row();
    say(out, "%", help_of(right));
    rows.pad_to(kPathColumn);
    say(out, "needs Landlock ABI %, Linux %"_packed, uint64_t{right.abi},
        linux_with_abi(right.abi));
  }
}

// The calls that have the same decision, in rows of a screen's width.
void print_decided(Rows &rows, const Filter &filter, Decision decision, Text answer,
                   PackedText reason) {
  bool any = false;
  size_t row = 0;
  for (const char *name = call_names(); *name != '\0'; name += c_text(name).size + 1, row++) {
    const int number = number_of_call(row);
    if (number < 0 || filter.decisions[number] != decision) continue;
    if (!any) {
      rows.say("% (%)"_packed, reason, answer);
      rows.say("   ");
    } else if (rows.line().text().size > kWidth) {
      rows.say("   ");
    }
    say(rows.line(), " %", c_text(name));
    any = true;
  }
}

void print_refusals(Rows &rows, const Filter &filter) {
  rows.heading("system calls"_packed);
  for (Decision row = 1; row <= kLastRow; row++)
    print_decided(rows, filter, row, answer_of(row), reason_of(row));
  print_decided(rows, filter, kRefusedByPolicy, filter.opened.kill ? "SIGSYS"_t : "EPERM"_t,
                PackedText{"refused by `syscall`"_packed});
}

// The rules of one directive in a row of their own; what holds without any, if there is none.
void print_words(Rows &rows, const Policy &policy, Directive directive, const char *name,
                 const char *otherwise) {
  Builder &out = rows.row();
  say(out, name);
  rows.pad_to(14);
  // The standard descriptors are kept in any case.
  bool any = directive == Directive::Fd;
  if (any) say(out, otherwise);
  for (size_t i = 0; i < policy.rule_count; i++) {
    if (policy.rules[i].directive != directive) continue;
    say(out, any ? " %" : "%", policy.rules[i].value);
    any = true;
  }
  if (!any) say(out, otherwise);
}

void print_landlock(Rows &rows, const Kernel &kernel) {
  if (kernel.landlock == Landlock::On)
    rows.say("a command would run under Landlock ABI % (Linux %)"_packed,
             static_cast<uint64_t>(kernel.abi), linux_with_abi(kernel.abi));
  else
    rows.say("a command would run without Landlock"_packed);
}

void add_rights(Json &json, const char *name, Field field, uint64_t mask) {
  json.say("\"%\":[", c_text(name));
  bool any = false;
  for (const Right &right : kRights)
    if (right.field == field && (right.mask() & mask) != 0) json.item(any, "\"%\"", name_of(right));
  json.say("]");
}

void add_ports(Json &json, const Rule &rule) {
  json.say("\"protocol\":\"%\",\"low\":%,\"high\":%"_packed, rule.udp ? "udp"_t : "tcp"_t, rule.low,
           rule.high);
}

void add_path(Json &json, const Rule &rule, const Entry &entry) {
  json.say("\"path\":%,\"exists\":%,"_packed, Quoted{rule.any ? "any"_t : rule.value},
           truth(entry.found.kind != Kind::Missing));
  add_rights(json, "rights", Field::Fs, entry.access);
}

void add_rule(Json &json, const Policy &policy, const Rule &rule, const Entry &entry) {
  json.say("{\"directive\":\"%\","_packed, name_of(rule.directive));
  if (row_of(rule.directive).value == Value::Port)
    add_ports(json, rule);
  else if (is_path(rule.directive))
    add_path(json, rule, entry);
  else
    json.say("\"value\":%"_packed, Quoted{rule.value});
  Line<256> where;
  say(where, "%", Place{policy, rule.where});
  json.say(",\"where\":%,\"enforced\":%}"_packed, Quoted{where.text()}, truth(!entry.unenforced));
  json.flush();
}

void add_refusal(Json &json, const Filter &filter, Decision decision, bool &any) {
  bool any_call = false;
  size_t row = 0;
  for (const char *name = call_names(); *name != '\0'; name += c_text(name).size + 1, row++) {
    const int number = number_of_call(row);
    if (number < 0 || filter.decisions[number] != decision) continue;
    if (!any_call) {
      const bool own = decision == kRefusedByPolicy;
      json.item(any, "{\"answer\":\"%\",\"reason\":\"%\",\"calls\":["_packed,
                own ? "policy"_t : answer_of(decision), own ? PackedText{""} : reason_of(decision));
    }
    json.item(any_call, "\"%\"", c_text(name));
  }
  if (any_call) json.say("]}");
  json.flush();
}

}  // namespace

void explain(const Policy &policy, const Plan &plan, const Filter &filter) {
  Rows rows;
  print_landlock(rows, plan.kernel);
  print_paths(rows, policy, plan);
  print_field(rows, policy, plan, Field::Net, Value::Port, "network"_packed);
  print_field(rows, policy, plan, Field::Scope, Value::Ipc, "other processes"_packed);
  rows.heading("process"_packed);
  print_words(rows, policy, Directive::Cap, "capabilities"_packed, "none"_packed);
  print_words(rows, policy, Directive::Limit, "limits"_packed, "those of the caller"_packed);
  print_words(rows, policy, Directive::Env, "environment"_packed, "all variables pass"_packed);
  print_words(rows, policy, Directive::Fd, "descriptors"_packed, "0 1 2"_packed);
  print_words(rows, policy, Directive::Chdir, "starts in"_packed, "the current directory"_packed);
  print_words(rows, policy, Directive::Audit, "audit"_packed, "off"_packed);
  print_refusals(rows, filter);
  print_gaps(rows, plan);
  rows.end();
}

void explain_json(const Policy &policy, const Plan &plan, const Filter &filter) {
  Json json;
  json.say("{\"kernel\":{\"landlock\":%,\"abi\":%},\"handled\":{"_packed,
           truth(plan.kernel.landlock == Landlock::On), static_cast<uint64_t>(plan.kernel.abi));
  constexpr char kFieldNames[] = "fs\0net\0scope\0flags\0";
  bool any = false;
  for (size_t field = 0; field < kFields; field++) {
    json.item(any, "");
    add_rights(json, text_at(kFieldNames, field).data, static_cast<Field>(field),
               plan.handled[field]);
  }
  json.say("},\"gaps\":["_packed);
  any = false;
  for (const Right &right : kRights)
    if (is_gap(plan, right))
      json.item(any, "{\"right\":\"%\",\"abi\":%,\"linux\":\"%\"}"_packed, name_of(right),
                uint64_t{right.abi}, linux_with_abi(right.abi));
  json.say("],\"refused_syscalls\":["_packed);
  any = false;
  for (Decision row = 1; row <= kLastRow; row++) add_refusal(json, filter, row, any);
  add_refusal(json, filter, kRefusedByPolicy, any);
  json.say("],\"rules\":["_packed);
  any = false;
  for (size_t i = 0; i < policy.rule_count; i++) {
    json.item(any, "");
    add_rule(json, policy, policy.rules[i], plan.entries[i]);
  }
  json.say("]}\n");
  json.flush();
}

void list_not_enforced(Builder &out, const Policy &policy, const Plan &plan) {
  if (plan.kernel.landlock == Landlock::Unused) {
    say(out, "no file, network or IPC rule is enforced: --no-landlock"_packed);
    return;
  }
  bool any = false;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (!plan.entries[i].unenforced) continue;
    if (!any)
      say(out, "not enforced by this kernel (Landlock ABI %): "_packed,
          static_cast<uint64_t>(plan.kernel.abi));
    say(out, any ? ", % (%)"_packed : "% (%)"_packed, rule, Place{policy, rule.where});
    any = true;
  }
}

void list_gaps(Builder &out, const Plan &plan) {
  bool any = false;
  for (const Right &right : kRights) {
    if (!is_gap(plan, right)) continue;
    say(out, any ? ", % (ABI %)"_packed : "not refused by this kernel: % (ABI %)"_packed,
        help_of(right), uint64_t{right.abi});
    any = true;
  }
}

}  // namespace ll
