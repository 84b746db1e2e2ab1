#include "calls.h"
#include "intern.h"
#include "learn.h"
#include "line.h"
#include "os/input/resolve.h"
#include "policy_file.h"
#include "record.h"
#include "refusal_report.h"
#include "report.h"

namespace ll {

namespace {

// Six bytes for each of a text's own, at most.
using JsonLine = FixedString<8 * kMaxPath>;

// A path with a dash may lead to nothing.
bool is_there(const TraceContext &sandbox, size_t index) {
  const Rule &rule = sandbox.policy.rules[index];
  return !is_path(rule.directive) || rule.any || sandbox.plan.entries[index].found.inode != 0;
}

class Writer {
 public:
  Writer(const TraceContext &sandbox, Sink &sink) : sandbox_(sandbox), sink_(sink) {}

  void write() {
    JsonLine head;
    FixedString<16> date;
    write_date(date);
    format(head, "{\"report\":1,\"tool\":\"ll-trace " LL_VERSION "\",\"date\":%,\"milliseconds\":%",
           Quoted{date.text()}, record.ended);
    format(head, ",\"directory\":%", Quoted{sandbox_.policy.directory});
    put(head);
    list("grants"_t);
    for (size_t i = 0; i < sandbox_.policy.rule_count; i++) write_grant(i);
    list("refusals"_t);
    for (size_t i = 0; i < refusals.count; i++) {
      JsonLine line;
      item(line);
      write_refusal_json(line, sandbox_.policy, refusals.rows[i]);
      line << (refusals.rows[i].too_much ? ",\"too_much\":true}"_t : "}"_t);
      put(line);
    }
    list("processes"_t);
    for (size_t i = 0; i < record.ran_count; i++) write_ran(record.ran[i]);
    list("peers"_t);
    for (size_t i = 0; i < record.peered_count; i++) write_peer(record.peered[i]);
    list("paths"_t);
    for (size_t i = 0; i < profile.count; i++)
      if (profile.paths[i].rights != 0) write_path(profile.paths[i]);
    const bool full = record.full || profile.full || refusals.full || is_store_full();
    sink_.json("\n],\"complete\":"_t);
    sink_.json(full ? "false}\n"_t : "true}\n"_t);
  }

 private:
  void put(const Builder &line) { sink_.json(line.text()); }

  void list(Text name) {
    if (listed_) sink_.json("\n]"_t);
    listed_ = first_ = true;
    sink_.json(",\n\""_t);
    sink_.json(name);
    sink_.json("\":["_t);
  }
  void item(Builder &line) {
    line << (first_ ? "\n"_t : ",\n"_t);
    first_ = false;
  }

  // A narrower directive that would have been enough; empty: there is none.
  static Text enough_for(const Rule &rule, uint64_t used) {
    if (used == 0 || (rule.directive != Directive::Rx && rule.directive != Directive::Rw &&
                      rule.directive != Directive::Rwx))
      return {};
    const Directive enough = directive_for(used);
    const bool narrower =
        enough == Directive::Ro ||
        (rule.directive == Directive::Rwx && (enough == Directive::Rx || enough == Directive::Rw));
    return narrower ? name_of(enough) : Text{};
  }

  void write_grant(size_t index) {
    const Rule &rule = sandbox_.policy.rules[index];
    if (!is_watched_grant(rule)) return;
    const Text enough = enough_for(rule, record.rights[index]);
    const Text source = sandbox_.policy.sources[rule.where.source].name;
    const bool there = is_there(sandbox_, index);
    FixedString<kMaxLine> grant;
    grant << name_of(rule.directive) << ' ' << source_text(sandbox_.policy, rule.where);
    FixedString<kMaxLine> whole;
    format(whole, "%", rule);
    FixedString<kMaxLine> place;
    format(place, "%", Location{sandbox_.policy, rule.where});
    JsonLine line;
    item(line);
    format(line, "{\"grant\":%,\"rule\":%,\"where\":%,\"source\":%,\"uses\":%,\"there\":%",
           Quoted{grant.text()}, Quoted{whole.text()}, Quoted{place.text()}, Quoted{source},
           record.uses[index], truth(there));
    if (!enough.empty()) format(line, ",\"enough\":\"%\"", enough);
    line << '}';
    put(line);
  }

  static Text truth(bool value) { return value ? "true"_t : "false"_t; }

  static void write_row(Builder &line, const char *name, uint32_t row) {
    if (row == kNoProcess)
      format(line, ",\"%\":null", c_text(name));
    else
      format(line, ",\"%\":%", c_text(name), row);
  }

  void write_ran(const Ran &ran) {
    JsonLine line;
    item(line);
    format(line, "{\"pid\":%,\"program\":%,\"from\":%", static_cast<uint32_t>(ran.process),
           Quoted{ran.program}, ran.from);
    write_row(line, "parent", ran.parent);
    if (ran.ended) format(line, ",\"to\":%", ran.to);
    if (ran.replaced) line << ",\"replaced\":true"_t;
    if (ran.forked) line << ",\"forked\":true"_t;
    if (ran.cut) line << ",\"cut\":true"_t;
    if (ran.ended && !ran.replaced) {
      const auto status = static_cast<uint32_t>(ran.status);
      if ((status & 0x7f) == 0)
        format(line, ",\"exit\":%", status >> 8 & 0xff);
      else
        format(line, ",\"signal\":%", status & 0x7f);
    }
    line << ",\"arguments\":["_t;
    bool first = true;
    for (Text rest = ran.arguments; !rest.empty();) {
      const Text argument = rest.first(find(rest, '\0'));
      format(line, first ? "%" : ",%", Quoted{argument});
      first = false;
      rest = rest.from(argument.size + 1);
    }
    line << "]}"_t;
    put(line);
  }

  void write_peer(const Peered &peered) {
    constexpr char kKinds[] = "connect\0listen\0unix\0";
    JsonLine line;
    item(line);
    format(line, "{\"kind\":\"%\",\"name\":%,\"count\":%",
           nth(kKinds, static_cast<size_t>(peered.kind)), Quoted{peered.name}, peered.count);
    if (peered.kind != Peered::Unix) {
      FixedString<64> address;
      write_address(address, peered.address);
      format(line, ",\"address\":%,\"port\":%,\"protocol\":\"%\"", Quoted{address.text()},
             peered.port, peered.udp ? "udp"_t : "tcp"_t);
    }
    write_row(line, "by", peered.by);
    line << '}';
    put(line);
  }

  static Text kind_of(const uapi::Statx &stat) {
    switch (stat.mode & uapi::kS_IFMT) {
      case uapi::kS_IFDIR: return "directory"_t;
      case uapi::kS_IFREG: return "file"_t;
      case uapi::kS_IFLNK: return "link"_t;
      default: return "device"_t;
    }
  }

  void write_path(const RecordedPath &recorded) {
    uapi::Statx stat;
    const bool is_there =
        sys::stat_at(uapi::kAT_FDCWD, recorded.path.data, uapi::kAT_SYMLINK_NOFOLLOW, stat) == 0;
    JsonLine line;
    item(line);
    format(line, "{\"path\":%,\"read\":%,\"write\":%,\"run\":%,\"kind\":\"%\"",
           Quoted{recorded.path}, recorded.reads, recorded.writes, recorded.runs,
           is_there ? kind_of(stat) : "gone"_t);
    if (is_there && (stat.mode & uapi::kS_IFMT) == uapi::kS_IFREG)
      format(line, ",\"size\":%", stat.size);
    if (recorded.created) line << ",\"created\":true"_t;
    write_row(line, "by", recorded.by);
    line << '}';
    put(line);
  }

  const TraceContext &sandbox_;
  Sink &sink_;
  bool listed_ = false;
  bool first_ = true;
};

}  // namespace

bool is_watched_grant(const Rule &rule) {
  switch (rule.directive) {
    case Directive::Connect:
    case Directive::Bind:
    case Directive::Unix: return true;
    default: return is_path(rule.directive) && !takes(rule.directive);
  }
}

bool is_unused_grant(const TraceContext &sandbox, size_t index) {
  return is_watched_grant(sandbox.policy.rules[index]) && is_there(sandbox, index) &&
         record.uses[index] == 0;
}

void write_json_report(const TraceContext &sandbox, Sink &sink) { Writer(sandbox, sink).write(); }

}  // namespace ll
