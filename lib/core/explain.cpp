#include "core/explain.h"

#include "core/path_tree.h"
#include "core/peer.h"
#include "core/per_thread.h"
#include "core/policy/withheld.h"

namespace ll {

namespace {

constexpr char kLetters[] = "rlwtxcmdisn";
constexpr size_t kNameColumn = 13;  // of what stands behind the letters
constexpr size_t kShortestName = 8;
constexpr size_t kDirectiveColumns = 8;
constexpr size_t kPlaceColumns = 15;  // most are shorter
constexpr uint64_t kLooking = mask_of(RightId::read_file) | mask_of(RightId::read_dir);
constexpr uint64_t kRunning = mask_of(RightId::execute);

uint64_t rights_with(char letter) {
  uint64_t rights = 0;
  for (const Right &right : kRights)
    if (right.field == Field::Fs && right.letter == letter) rights |= right.mask();
  return rights;
}

// With `bind PORT`: listen(2) on a socket that bind(2) was never called on takes a free port.
constexpr const char *kUnboundListen = "listen on a random TCP port";

const Right *next_gap(const Plan &plan, const Right *behind) {
  const Right *right = behind == nullptr ? kRights : behind + 1;
  for (; right < kRights + sizeof kRights / sizeof *kRights; right++)
    if ((plan.gaps[index_of(right->field)] & right->mask()) != 0) return right;
  return nullptr;
}

const char *colour_of(uint64_t access) {
  const bool runs = (access & kRunning) != 0;
  if ((access & ~kLooking & ~kRunning) != 0) return runs ? kBoldGreen : kBoldCyan;
  if (runs) return kGreen;
  return access != 0 ? kPlain : kDim;
}

// The text of --explain.
class PlanExplainer {
 public:
  PlanExplainer(const Policy &policy, const Plan &plan, const Filter &filter, const Screen &screen,
                bool all)
      : policy_(policy), plan_(plan), filter_(filter), screen_(screen), all_(all), rows_(screen) {
    if (!is_terminal()) return;
    // Right-aligned in the window, but not too far from the grants to read.
    constexpr size_t kFar = 110;
    place_column_ = (screen.width < kFar ? screen.width : kFar) - kPlaceColumns;
    source_column_ = place_column_ - kDirectiveColumns;
    room_ = source_column_ - kNameColumn - 1;
  }

  [[gnu::noinline]] void draw() {
    draw_landlock();
    draw_files();
    draw_field(Field::Net, Value::Port, "network");
    if (is_supervised(plan_)) draw_loopback();
    draw_field(Field::Scope, Value::Ipc, "other processes");
    rows_.heading("process");
    draw_words(Directive::Cap, "capabilities", "none");
    draw_words(Directive::Limit, "limits", "those of the caller");
    draw_words(Directive::Env, "environment", "all variables pass but");
    if (last_rule(policy_, Directive::Env) == nullptr)
      for (size_t row = 0; !withheld_pattern(row).empty(); row++)
        format_text(rows_.word(), withheld_pattern(row));
    draw_words(Directive::Fd, "descriptors", "0 1 2");
    draw_words(Directive::Chdir, "starts in", "the current directory");
    draw_switches();
    rows_.heading("system calls");
    if (all_)
      draw_all_calls();
    else
      rows_.format("refused, or with some arguments: % (-v lists them)", count_calls());
    if (filter_.opened.log()) rows_.format(kOnlyLogged);
    draw_gaps();
    rows_.end();
  }

 private:
  [[nodiscard]] bool is_terminal() const { return screen_.width != kNpos; }

  void draw_landlock() {
    const Kernel &kernel = plan_.kernel;
    if (kernel.landlock == Landlock::On)
      rows_.format("a command would run under Landlock ABI % (Linux %)",
                   static_cast<uint64_t>(kernel.abi), linux_with_abi(kernel.abi));
    else
      rows_.format("a command would run without Landlock");
  }

  void draw_files() {
    rows_.heading("files");
    if (is_terminal()) rows_.format(kLetters);
    rows_.pad_to(kNameColumn);
    format(rows_.line(), "read list write truncate exec create move delete ioctl socket node");
    if (is_terminal())
      draw_tree();
    else
      draw_list();
    if (const size_t missing = count_missing(); missing != 0 && !all_)
      rows_.format("optional paths that do not exist: % (-v shows them)", missing);
    if (plan_.sibling_count != 0)
      rows_.format("* beside what is denied or kept: what is created there later is refused");
    rows_.format(plan_.kernel.landlock == Landlock::On ? "everything else is refused"
                                                       : "NOTHING IS REFUSED: --no-landlock");
  }

  [[nodiscard]] bool is_drawn(size_t index) const {
    return is_path(policy_.rules[index].directive) && !policy_.rules[index].any &&
           (all_ || !is_missing(index));
  }

  [[nodiscard]] bool is_missing(size_t index) const {
    return plan_.entries[index].found.kind == Kind::Missing;
  }

  [[nodiscard]] size_t count_missing() const {
    size_t count = 0;
    for (size_t i = 0; i < policy_.rule_count; i++)
      count += is_path(policy_.rules[i].directive) && is_missing(i) ? 1 : 0;
    return count;
  }

  void draw_list() {
    for (size_t i = 0; i < policy_.rule_count; i++) {
      if (!is_drawn(i)) continue;
      rows_.row();
      Builder name = scratch(0);
      format_text(name, policy_.rules[i].value);
      draw_leaf(i, {}, name);
    }
  }

  void draw_tree() {
    static constinit LL_PER_THREAD PathTree path_tree{};
    path_tree.clear();
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (is_drawn(i)) path_tree.add(policy_.rules[i].value, i);
    for (PathTree::Row row; path_tree.next(row);) {
      Builder name = scratch(0);
      Builder lines = scratch(1);
      path_tree.draw(row, screen_.utf8, lines, name);
      rows_.row();
      if (row.own) {
        draw_leaf(path_tree.id_of(row), lines.text(), name);
      } else {
        name << '/';
        draw_name(lines.text(), name.text(), kDim);
      }
    }
  }

  static Builder scratch(size_t which) {
    static LL_PER_THREAD char bytes[2][4096];
    return {bytes[which], sizeof bytes[which]};
  }

  void draw_leaf(size_t index, Text lines, Builder &name) {
    const Rule &rule = policy_.rules[index];
    const uint64_t access = plan_.entries[index].access;
    if (is_terminal() && is_missing(index))
      draw_missing();
    else
      draw_access(access);
    format_found(name, index);
    draw_name(lines, name.text(), rule.directive == Directive::Deny ? kRed : colour_of(access));
    format_source(rule);
  }

  // In a narrow window the lines of a deep tree are cut first.
  void draw_name(Text lines, Text name, const char *colour) {
    rows_.pad_to(kNameColumn);
    rows_.colour(kDim);
    lines = fit(lines, room_ - kShortestName);
    rows_.line() << lines;
    rows_.colour(colour);
    const bool fits = columns_of(name) <= room_ - columns_of(lines);
    const size_t end = fits ? source_column_ : screen_.width;
    rows_.squeeze(name, is_terminal() ? end - kNameColumn - 1 - columns_of(lines) : kNpos);
    rows_.colour(kPlain);
  }

  // The name is not shortened: two shortened names could look the same.
  void draw_missing() {
    rows_.colour(kDim);
    format(rows_.line(), "missing");
    rows_.colour(kPlain);
  }

  void draw_access(uint64_t access) {
    for (const char *letter = kLetters; *letter != '\0'; letter++) {
      const uint64_t rights = rights_with(*letter) & access;
      rows_.colour(colour_of(rights));
      rows_.line() << (rights != 0 ? *letter : '-');
    }
    rows_.colour(kPlain);
  }

  // After a path: the type of the file found.
  void format_found(Builder &out, size_t index) {
    const Entry &entry = plan_.entries[index];
    if (entry.found.kind == Kind::Directory && !ends_with(out.text(), "/"_t)) out << '/';
    if (entry.found.kind == Kind::Missing && !is_terminal()) format(out, " (does not exist)");
    if (entry.found.kind == Kind::Link) format(out, " (a link that is not followed)");
    if (!entry.replaced || policy_.rules[index].directive == Directive::Deny) return;
    size_t count = 0;
    for (size_t i = 0; i < plan_.sibling_count; i++)
      count += plan_.siblings[i].rule == index ? 1 : 0;
    format(out, "* (% entries)", count);
  }

  void format_source(const Rule &rule) {
    // A text longer than its column gets its own row.
    const size_t column = is_path(rule.directive) ? source_column_ : place_column_;
    if (is_terminal() && columns_of(rows_.line().text()) > column) rows_.row();
    rows_.colour(kDim);
    if (is_path(rule.directive)) {
      rows_.pad_to(source_column_);
      format(rows_.line(), "% ", name_of(rule.directive));
    }
    rows_.pad_to(place_column_);
    format(rows_.line(), "%", Location{policy_, rule.where, is_terminal()});
    rows_.colour(kPlain);
  }

  void draw_field(Field field, Value value, const char *heading) {
    rows_.heading(heading);
    bool grants = false;
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      if (row_of(rule.directive).value != value) continue;
      grants = true;
      rows_.row();
      rows_.colour(kGreen);
      format(rows_.line(), "granted %", rule);
      rows_.colour(kPlain);
      const bool names_host = !host_of(rule).empty();
      if (rule.directive == Directive::Connect && !names_host) format(rows_.line(), " on any host");
      if (needs_any_source_port(rule) && !names_host)
        format(rows_.line(), " (and bind 0/udp: any source port)");
      format_source(rule);
    }
    uint64_t handled = plan_.handled[index_of(field)];
    if (field == Field::Net && is_supervised(plan_)) {
      draw_supervised();
      handled &= ~mask_of(RightId::connect_tcp);
    }
    for (const Right *right = nullptr; (right = next_right(field, handled, right)) != nullptr;)
      rows_.format("refused %%", help_of(*right),
                   grants && value == Value::Port ? " that is not granted" : "");
  }

  // ll-net decides connections; Landlock has no rules for them.
  void draw_supervised() {
    bool any_name = false;
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      any_name = any_name || (rule.directive == Directive::Connect && !rule.any);
      if (rule.directive != Directive::NoConnect) continue;
      rows_.row();
      rows_.colour(kRed);
      format(rows_.line(), "refused connect to %, whatever grants it",
             rule.value == "private"_t ? "private addresses"_t : rule.value);
      rows_.colour(kPlain);
      format_source(rule);
    }
    rows_.format("refused connect to every other host and port%",
                 any_name ? ""_t : ", and looking up every other name"_t);
    rows_.format("ll-net decides each connection; Landlock refuses what bypasses it");
  }

  void begin_words(const char *name, size_t column) {
    rows_.format(name);
    rows_.pad_to(column);
  }

  // The private loopback, and its published ports.
  void draw_loopback() {
    for (size_t i = 0; i < policy_.rule_count; i++) {
      const Rule &rule = policy_.rules[i];
      const bool own = rule.directive == Directive::Localhost;
      if (!own && rule.directive != Directive::Publish) continue;
      rows_.row();
      rows_.colour(kGreen);
      if (own)
        format(rows_.line(), "granted a private loopback, and no other");
      else
        format(rows_.line(), "granted port % is 127.0.0.1:% outside", rule.low, rule.high);
      rows_.colour(kPlain);
      format_source(rule);
    }
  }

  // The rules of one directive, or `otherwise` if there is none.
  void draw_words(Directive directive, const char *name, const char *otherwise) {
    begin_words(name, 14);
    // The standard descriptors are always kept.
    if (last_rule(policy_, directive) == nullptr || directive == Directive::Fd)
      format(rows_.line(), otherwise);
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (policy_.rules[i].directive == directive)
        format_text(rows_.word(), policy_.rules[i].value);
  }

  void draw_switches() {
    const char *name = "switches";
    for (size_t i = 0; i < policy_.rule_count; i++) {
      if (row_of(policy_.rules[i].directive).value != Value::Switch) continue;
      if (*name != '\0') begin_words(name, 14);
      name = "";
      format(rows_.word(), "%", policy_.rules[i]);
    }
  }

  [[nodiscard]] size_t count_calls() const {
    size_t count = 0;
    for (Decision row = 1; row <= kLastRow; row++) count += count_decided(row);
    return count + count_decided(kRefusedByPolicy);
  }

  [[nodiscard]] size_t count_decided(Decision decision) const {
    size_t count = 0;
    for (size_t call = kNpos; (call = next_decided(filter_, decision, call)) != kNpos;) count++;
    return count;
  }

  void draw_all_calls() {
    for (Decision row = 1; row <= kLastRow; row++) draw_calls(row, answer_of(row), reason_of(row));
    draw_calls(kRefusedByPolicy, filter_.opened.kill() ? "SIGSYS"_t : "EPERM"_t,
               "refused by `syscall`"_t);
  }

  // The calls with the same decision, after those with the same reason.
  void draw_calls(Decision decision, Text answer, Text reason) {
    size_t call = next_decided(filter_, decision, kNpos);
    if (call == kNpos) return;
    if (reason.data != drawn_) {
      rows_.format("% (%)", reason, answer);
      begin_words("", 5);
    }
    drawn_ = reason.data;
    for (; call != kNpos; call = next_decided(filter_, decision, call))
      format_text(rows_.word(), nth(kCallNames, call));
  }

  void draw_gaps() {
    const Right *right = next_gap(plan_, nullptr);
    if (right != nullptr || plan_.unbound_listen)
      rows_.heading("NOT refused on this kernel", kBoldRed);
    for (; right != nullptr; right = next_gap(plan_, right)) {
      rows_.format("%", help_of(*right));
      rows_.pad_to(44);
      format(rows_.line(), "needs Landlock ABI %, Linux %", uint64_t{right->abi},
             linux_with_abi(right->abi));
    }
    if (!plan_.unbound_listen) return;
    rows_.format(kUnboundListen);
    rows_.pad_to(44);
    format(rows_.line(), "no Landlock ABI can restrict it");
  }

  const Policy &policy_;
  const Plan &plan_;
  const Filter &filter_;
  const Screen &screen_;
  const bool all_;
  size_t source_column_ = 44;
  size_t place_column_ = 44;
  size_t room_ = kNpos;          // for a path
  const char *drawn_ = nullptr;  // the last reason whose calls were drawn
  TableWriter rows_;
};

void add_rights(JsonWriter &json, const char *name, Field field, uint64_t rights) {
  json.format("\"%\":[", c_text(name));
  for (const Right *right = nullptr; (right = next_right(field, rights, right)) != nullptr;)
    json.item("\"%\"", name_of(*right));
  json.format("]");
}

void add_ports(JsonWriter &json, const Rule &rule) {
  if (const Text host = host_of(rule); !host.empty())
    json.format("\"host\":%,\"private\":%,", Quoted{host}, truth(rule.resource == kToPrivate));
  json.format("\"protocol\":\"%\",\"low\":%,\"high\":%", rule.udp ? "udp"_t : "tcp"_t, rule.low,
              rule.high);
}

void add_path(JsonWriter &json, const Rule &rule, const Entry &entry) {
  json.format("\"path\":%,\"exists\":%,", Quoted{rule.any ? "any"_t : rule.value},
              truth(entry.found.kind != Kind::Missing));
  add_rights(json, "rights", Field::Fs, entry.access);
}

void add_json_rule(JsonWriter &json, const Policy &policy, const Rule &rule, const Entry &entry) {
  json.item("{\"directive\":\"%\",", name_of(rule.directive));
  if (row_of(rule.directive).value == Value::Port)
    add_ports(json, rule);
  else if (is_path(rule.directive))
    add_path(json, rule, entry);
  else
    json.format("\"value\":%", Quoted{rule.value});
  LL_PER_CALL char bytes[512];
  Builder where(bytes, sizeof bytes);
  format(where, "%", Location{policy, rule.where});
  json.format(",\"where\":%,\"enforced\":%}", Quoted{where.text()}, truth(!entry.unenforced));
  json.flush();
}

void add_refusal(JsonWriter &json, const Filter &filter, Decision decision) {
  size_t call = next_decided(filter, decision, kNpos);
  if (call == kNpos) return;
  const bool own = decision == kRefusedByPolicy;
  json.item("{\"answer\":\"%\",\"reason\":\"%\",\"calls\":[",
            own ? "policy"_t : answer_of(decision), own ? ""_t : reason_of(decision));
  for (; call != kNpos; call = next_decided(filter, decision, call))
    json.item("\"%\"", nth(kCallNames, call));
  json.format("]}");
  json.flush();
}

}  // namespace

void explain(const Policy &policy, const Plan &plan, const Filter &filter, const Screen &screen,
             bool all) {
  PlanExplainer(policy, plan, filter, screen, all).draw();
}

void explain_json(const Policy &policy, const Plan &plan, const Filter &filter) {
  JsonWriter json;
  json.format(is_supervised(plan)
                  ? "{\"supervised\":true,\"kernel\":{\"landlock\":%,\"abi\":%},\"handled\":{"
                  : "{\"kernel\":{\"landlock\":%,\"abi\":%},\"handled\":{",
              truth(plan.kernel.landlock == Landlock::On), static_cast<uint64_t>(plan.kernel.abi));
  constexpr char kFieldNames[] = "fs\0net\0scope\0flags\0";
  for (size_t field = 0; field < kFields; field++) {
    json.item("");
    add_rights(json, nth(kFieldNames, field).data, static_cast<Field>(field), plan.handled[field]);
  }
  json.format("},\"gaps\":[");
  for (const Right *right = nullptr; (right = next_gap(plan, right)) != nullptr;)
    json.item("{\"right\":\"%\",\"abi\":%,\"linux\":\"%\"}", name_of(*right), uint64_t{right->abi},
              linux_with_abi(right->abi));
  json.format("],\"unbound_listen\":%,\"refused_syscalls\":[", truth(plan.unbound_listen));
  for (Decision row = 1; row <= kLastRow; row++) add_refusal(json, filter, row);
  add_refusal(json, filter, kRefusedByPolicy);
  json.format("],\"withheld_variables\":[");
  for (size_t row = 0; last_rule(policy, Directive::Env) == nullptr; row++) {
    if (withheld_pattern(row).empty()) break;
    json.item("\"%\"", withheld_pattern(row));
  }
  json.format("],\"rules\":[");
  for (size_t i = 0; i < policy.rule_count; i++)
    add_json_rule(json, policy, policy.rules[i], plan.entries[i]);
  json.format("]}\n");
  json.flush();
}

void list_not_enforced(Builder &out, const Policy &policy, const Plan &plan) {
  if (plan.kernel.landlock == Landlock::Unused) {
    format(out, "no file, network or IPC rule is enforced: --no-landlock");
    return;
  }
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (!plan.entries[i].unenforced) continue;
    if (out.empty())
      format(out, "not enforced by this kernel (Landlock ABI %): ",
             static_cast<uint64_t>(plan.kernel.abi));
    else
      out << ", "_t;
    format(out, "% (%)", rule, Location{policy, rule.where});
  }
}

void list_gaps(Builder &out, const Plan &plan) {
  const char *pattern = "not refused by this kernel: % (ABI %)";
  for (const Right *right = nullptr; (right = next_gap(plan, right)) != nullptr;
       pattern = ", % (ABI %)")
    format(out, pattern, help_of(*right), uint64_t{right->abi});
  if (plan.unbound_listen)
    format(out, out.empty() ? "not refused by this kernel: % (no ABI)" : ", % (no ABI)",
           kUnboundListen);
}

}  // namespace ll
