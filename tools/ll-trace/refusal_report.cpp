#include "refusal_report.h"

#include "calls.h"
#include "core/host.h"
#include "intern.h"
#include "os/enforce/launch.h"
#include "os/input/follow.h"
#include "os/kernel/process.h"
#include "policy_file.h"
#include "writable.h"

namespace ll {

namespace {

constexpr char kLayerNames[] =
    "unknown\0Landlock\0filter\0file permissions\0read-only file "
    "system\0missing\0no_new_privs\0ll-trace\0ll-net\0logged\0";

Text name_of_layer(Layer layer) { return nth(kLayerNames, static_cast<size_t>(layer)); }

void write_what(Builder &out, const Refusal &refusal) {
  if (refusal.rights != 0)
    list_rights(out, refusal.rights);
  else
    out << refusal.what;
}

const char *format_of(Layer layer) {
  switch (layer) {
    case Layer::Landlock: return "  Landlock refuses ";
    case Layer::Filter: return "  the filter refuses ";
    case Layer::Permissions: return "  file permissions refuse ";
    case Layer::ReadOnly: return "  a read-only file system refuses ";
    case Layer::Missing: return "  missing: ";
    case Layer::NoNewPrivileges: return "  no_new_privs refuses ";
    case Layer::Tracer: return "  ll-trace prevents ";
    case Layer::Supervisor: return "  ll-net refuses ";
    case Layer::Logged: return "  logged, not refused: ";
    case Layer::Unknown: return "  refused, by an unknown layer: ";
  }
  return "";
}

void write_reason(Builder &out, const Policy &policy, const Refusal &refusal) {
  if (refusal.decision != 0 && refusal.decision <= kLastRow)
    format(out, "    %\n", reason_of(refusal.decision));
  const bool taken = refusal.nearest != nullptr && takes(refusal.nearest->directive);
  const Rule *obstacle = taken ? refusal.nearest : refusal.obstacle;
  if (obstacle != nullptr)
    format(out, "    blocked by %  %\n", *obstacle, Location{policy, obstacle->where});
  else if (refusal.nearest != nullptr)
    format(out, "    the nearest rule is %  %\n", *refusal.nearest,
           Location{policy, refusal.nearest->where});
  if (obstacle != nullptr && !taken)
    format(out,
           "    Landlock cannot exclude it from the directory that it is in; sandbox.sh can\n");
  if (refusal.nested)
    format(out, "    the command's own sandbox does not work inside this one: turn it off there\n");
  if (refusal.unprivileged)
    format(out, "    it needs the capability net_raw as well: only root can keep it\n");
  if (refusal.forbidden) format(out, "    file permissions refuse it as well\n");
  if (!refusal.line.empty()) format(out, "    allow it: %\n", refusal.line);
  if (!refusal.line.empty() && refusal.too_much)
    format(out, "    that grants far more than was asked for\n");
}

void write_refusal(Builder &out, const Policy &policy, const Refusal &refusal) {
  format(out, format_of(refusal.layer));
  write_what(out, refusal);
  if (!refusal.target.empty()) format(out, " %", refusal.target);
  format(out, ": %", refusal.process);
  if (refusal.count > 1) format(out, ", % times", refusal.count);
  out << '\n';
  write_reason(out, policy, refusal);
}

bool is_reported(const TraceRequest &request, const Refusal &refusal) {
  return refusal.layer != Layer::Missing || request.verbose;
}

size_t count_new(Layer layer) {
  size_t count = 0;
  for (size_t i = refusals.reported; i < refusals.count; i++)
    count += refusals.rows[i].layer == layer ? 1 : 0;
  return count;
}

// "2 refusals, 1 missing"
void report_count(size_t refused, size_t missing, size_t logged) {
  FixedString<128> heading;
  format(heading, refused == 1 ? "ll-trace: % refusal" : "ll-trace: % refusals", uint64_t{refused});
  if (missing > 0) format(heading, ", % missing", uint64_t{missing});
  if (logged > 0) format(heading, ", % logged", uint64_t{logged});
  heading << '\n';
  host_write(2, heading.text());
}

}  // namespace

void write_refusal_json(Builder &out, const Policy &policy, const Refusal &refusal) {
  format(out, R"({"layer":"%","what":")", name_of_layer(refusal.layer));
  write_what(out, refusal);
  format(out, R"(","target":%,"process":%,"count":%)", Quoted{refusal.target},
         Quoted{refusal.process}, refusal.count);
  if (refusal.nearest != nullptr) {
    FixedString<kMaxLine> nearest;
    format(nearest, "%  %", *refusal.nearest, Location{policy, refusal.nearest->where});
    format(out, R"(,"nearest":%)", Quoted{nearest.text()});
  }
  if (refusal.obstacle != nullptr) {
    FixedString<kMaxLine> obstacle;
    format(obstacle, "%  %", *refusal.obstacle, Location{policy, refusal.obstacle->where});
    format(out, R"(,"obstacle":%)", Quoted{obstacle.text()});
  }
  if (!refusal.line.empty()) format(out, R"(,"line":%)", Quoted{refusal.line});
}

namespace {

void write_json(const Policy &policy, const Refusal &refusal, bool first, int descriptor) {
  FixedString<32768> out;
  out << (first ? "[\n "_t : ",\n "_t);
  write_refusal_json(out, policy, refusal);
  out << '}';
  host_write(descriptor, out.text());
}

// A document each: what still ran when the command had ended may be refused more.
void report_json(const Policy &policy, int descriptor) {
  for (size_t i = refusals.reported; i < refusals.count; i++)
    write_json(policy, refusals.rows[i], i == refusals.reported, descriptor);
  host_write(descriptor, refusals.reported == refusals.count ? "[]\n"_t : "\n]\n"_t);
}

void report_lost() {
  if (!refusals.full && !is_store_full()) return;
  FixedString<256> out;
  format(out, "ll-trace: limit reached; some refusals dropped\n");
  host_write(2, out.text());
}

// Each line once.
bool is_first_with_line(size_t index) {
  const Refusal &refusal = refusals.rows[index];
  if (refusal.line.empty()) return false;
  for (size_t i = 0; i < index; i++)
    if (refusals.rows[i].line.data == refusal.line.data) return false;
  return true;
}

// As --suggest prints and --apply adds it. What a person has to fill in or to decide is none yet.
void write_suggestion(Builder &out, const Refusal &refusal) {
  const bool open = contains(refusal.line, "PORT"_t) || contains(refusal.line, "DIRECTORY"_t);
  out << (refusal.too_much ? "# deny? "_t : open ? "# "_t : ""_t) << refusal.line;
  if (refusal.too_much) out << "  # more than was asked for"_t;
  out << '\n';
}

void report_lines() {
  for (size_t i = refusals.reported; i < refusals.count; i++) {
    if (!is_first_with_line(i)) continue;
    FixedString<2 * kMaxLine> out;
    if (is_shown_as_is(refusals.rows[i].line))
      write_suggestion(out, refusals.rows[i]);
    else
      format(out, "# shown escaped: %\n", refusals.rows[i].line);
    host_write(2, out.text());
  }
}

// --apply: the same lines, behind the policy's own.
void apply_lines(const TraceContext &sandbox, Text file) {
  const Text before = text_of_policy(sandbox.policy, file);
  FixedString<kMaxFile> lines;
  for (size_t i = refusals.reported; i < refusals.count; i++) {
    if (!is_first_with_line(i)) continue;
    FixedString<2 * kMaxLine> line;
    write_suggestion(line, refusals.rows[i]);
    if (!contains(before, line.text())) lines << line.text();
  }
  Diagnostic problem;
  if (lines.empty() || append_lines(sandbox, file, lines.text(), problem)) return;
  warn(sandbox.policy, problem);
}

}  // namespace

void report_refusal(const Policy &policy, const Refusal &refusal) {
  FixedString<4 * kMaxLine> out;
  format(out, "ll-trace:\n");
  write_refusal(out, policy, refusal);
  host_write(2, out.text());
}

void report_refusals(const TraceContext &sandbox, const TraceRequest &request,
                     const ReportFds &report_fds) {
  const Policy &policy = sandbox.policy;
  if (report_fds.json >= 0) report_json(policy, report_fds.json);
  if (!request.apply.empty()) apply_lines(sandbox, request.apply);
  const size_t absent = count_new(Layer::Missing);
  const size_t logged = count_new(Layer::Logged);
  const size_t refused = refusals.count - refusals.reported - absent - logged;
  const size_t missing = request.verbose ? absent : 0;
  if (!request.suggest.empty()) {
    report_lines();
  } else if (refused + missing + logged > 0) {
    report_count(refused, missing, logged);
    for (size_t i = refusals.reported; i < refusals.count; i++) {
      if (!is_reported(request, refusals.rows[i])) continue;
      FixedString<4 * kMaxLine> out;
      write_refusal(out, policy, refusals.rows[i]);
      host_write(2, out.text());
    }
  }
  refusals.reported = refusals.count;
  report_lost();
}

// Where a report goes, as an option names it.
struct Asked {
  Text name;
  const SourceSpan &at;
  uint64_t number = 0;  // of a descriptor
  bool numbered = false;
};

static Asked asked_for(Text name, const SourceSpan &at) {
  Asked asked = {name, at};
  asked.numbered = !name.empty() && parse_number(name, INT32_MAX, asked.number);
  return asked;
}

static long create_report(const Policy &policy, const Asked &asked) {
  Stray stray;
  const long opened =
      create_named(policy, asked.name, uapi::kO_WRONLY | uapi::kO_TRUNC, 0644, stray);
  if (opened != kStray) return opened;
  Diagnostic problem;
  format_stray(problem, asked.at, asked.name, stray);
  die(policy, problem);
}

static void keep_open(Policy &policy, const SourceSpan &where, uint64_t descriptor) {
  if (policy.rule_count == kMaxRules) die_at(policy, where, "more than % rules", kMaxRules);
  policy.rules[policy.rule_count++] = {
      .directive = Directive::Fd, .where = where, .number = descriptor};
}

// -1: it is not asked for.
static int open_one(const Policy &policy, const Asked &asked) {
  if (asked.name.empty()) return -1;
  long opened = static_cast<long>(asked.number);
  if (asked.name == "-"_t)
    opened = sys::copy_of(1);
  else if (!asked.numbered)
    opened = create_report(policy, asked);
  else if (asked.number > 2)
    opened = sys::set_descriptor_flags(static_cast<int>(opened), 1) < 0 ? -uapi::kEBADF : opened;
  if (opened < 0)
    die_at(policy, asked.at, "cannot write the report to %: %", asked.name, Error{opened});
  return static_cast<int>(opened);
}

// The policy keeps a descriptor that is named for as long as the others are closed; the command
// does not get it.
void open_report(Policy &policy, const TraceRequest &request, int refused_peers,
                 ReportFds &report_fds) {
  const Asked json = asked_for(request.json, request.json_at);
  const Asked report = asked_for(request.report, request.report_at);
  const size_t rules = policy.rule_count;
  if (json.number > 2) keep_open(policy, json.at, json.number);
  if (report.number > 2) keep_open(policy, report.at, report.number);
  if (refused_peers != 0) keep_open(policy, kNoLocation, static_cast<uint64_t>(refused_peers));
  close_descriptors(policy);
  policy.rule_count = rules;
  report_fds.json = open_one(policy, json);
  report_fds.report = open_one(policy, report);
}

}  // namespace ll
