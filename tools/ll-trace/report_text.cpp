#include "calls.h"
#include "intern.h"
#include "learn.h"
#include "os/input/resolve.h"
#include "record.h"
#include "refusals.h"
#include "report.h"

namespace ll {

namespace {

constexpr size_t kMostShown = 200;  // bytes of them that are shown

enum class AccessKind : uint8_t { Run, Written, Read };

uint32_t times(const RecordedPath &recorded, AccessKind access) {
  switch (access) {
    case AccessKind::Run: return recorded.runs;
    case AccessKind::Written: return recorded.writes;
    case AccessKind::Read: return recorded.reads;
  }
  return 0;
}

class TextWriter {
 public:
  TextWriter(const TraceContext &sandbox, Sink &sink) : sandbox_(sandbox), sink_(sink) {}

  void write() {
    FixedString<128> head;
    format(head, "ll-trace: % ms, programs:\n", record.ended);
    put(head);
    for (size_t i = 0; i < record.ran_count; i++) write_ran(record.ran[i]);
    write_paths(AccessKind::Run, "run\n");
    write_paths(AccessKind::Written, "written\n");
    write_paths(AccessKind::Read, "read\n");
    write_peers();
    write_refusals();
    write_unused();
    if (!record.full && !profile.full && !is_store_full()) return;
    FixedString<128> lost;
    format(lost, "limit reached; this report is incomplete\n");
    put(lost);
  }

 private:
  void put(const Builder &line) { sink_.raw(line.text()); }
  void put_heading(const char *heading) {
    if (heading_ != heading) sink_.raw(c_text(heading));
    heading_ = heading;
  }

  static size_t depth_of(const Ran &ran) {
    size_t depth = 0;
    for (uint32_t row = ran.parent; row != kNoProcess && depth < 40; row = record.ran[row].parent)
      depth++;
    return depth;
  }

  void write_ran(const Ran &ran) {
    FixedString<1024> line;
    repeat(line, ' ', 2 + 2 * depth_of(ran));
    format(line, "%", ran.program.empty() ? "?"_t : ran.program);
    if (ran.forked) format(line, " (forked)");
    Text rest = ran.arguments;
    size_t shown = 0;
    for (bool first = true; !rest.empty(); first = false) {
      const Text argument = rest.first(find(rest, '\0'));
      rest = rest.from(argument.size + 1);
      if (first) continue;
      shown += argument.size + 1;
      if (shown > kMostShown) {
        format(line, " ...");
        break;
      }
      format(line, " %", argument);
    }
    format(line, ": % to ", ran.from);
    if (ran.ended)
      format(line, "% ms", ran.to);
    else
      format(line, "now");
    const auto status = static_cast<uint32_t>(ran.status);
    if (ran.ended && !ran.replaced && status != 0)
      format(line, (status & 0x7f) == 0 ? ", exit %" : ", signal %",
             (status & 0x7f) == 0 ? status >> 8 : status & 0x7f);
    line << '\n';
    put(line);
  }

  void write_paths(AccessKind access, const char *heading) {
    for (size_t i = 0; i < profile.count; i++) {
      const RecordedPath &recorded = profile.paths[i];
      const uint32_t count = times(recorded, access);
      if (count == 0) continue;
      put_heading(heading);
      FixedString<2 * kMaxPath> line;
      format(line, "  %", recorded.path);
      uapi::Statx stat;
      const bool is_there = sys::stat_at(uapi::kAT_FDCWD, recorded.path.data, 0x100, stat) == 0;
      if (!is_there)
        format(line, " (gone)");
      else if ((stat.mode & uapi::kS_IFMT) == uapi::kS_IFREG)
        format(line, ", % B", stat.size);
      if (recorded.created && access == AccessKind::Written) format(line, ", created");
      if (count > 1) format(line, ", % times", count);
      line << '\n';
      put(line);
    }
  }

  void write_peers() {
    for (size_t i = 0; i < record.peered_count; i++) {
      const Peered &peered = record.peered[i];
      put_heading("network and sockets\n");
      FixedString<1024> line;
      if (peered.kind == Peered::Unix) {
        format(line, "  unix socket %", peered.name);
      } else {
        FixedString<64> address;
        write_address(address, peered.address);
        format(line, peered.kind == Peered::Listen ? "  listened at " : "  connected to ");
        format(line, peered.name.empty() ? "%%" : "% (%)", peered.name, address.text());
        format(line, ", % port %", peered.udp ? "UDP"_t : "TCP"_t, peered.port);
      }
      if (peered.count > 1) format(line, ", % times", peered.count);
      line << '\n';
      put(line);
    }
  }

  void write_refusals() {
    for (size_t i = 0; i < refusals.count; i++) {
      const Refusal &refusal = refusals.rows[i];
      if (refusal.layer == Layer::Missing) continue;
      put_heading("refused\n");
      FixedString<4 * kMaxPath> line;
      format(line, "  ");
      if (refusal.rights != 0) {
        bool any = false;
        for (const Right &right : kRights) {
          if (right.field != Field::Fs || (right.mask() & refusal.rights) == 0) continue;
          format(line, any ? ",%" : "%", name_of(right));
          any = true;
        }
      } else {
        format(line, "%", refusal.what);
      }
      format(line, " %: %", refusal.target, refusal.process);
      if (refusal.count > 1) format(line, ", % times", refusal.count);
      if (!refusal.line.empty()) format(line, "\n    allow it: %", refusal.line);
      line << '\n';
      put(line);
    }
  }

  void write_unused() {
    const Policy &policy = sandbox_.policy;
    for (size_t i = 0; i < policy.rule_count; i++) {
      if (!is_unused_grant(sandbox_, i)) continue;
      put_heading("granted but not used\n");
      FixedString<kMaxLine> line;
      format(line, "  %  %\n", policy.rules[i], Location{policy, policy.rules[i].where});
      put(line);
    }
  }

  const TraceContext &sandbox_;
  Sink &sink_;
  const char *heading_ = nullptr;
};

}  // namespace

void write_text_report(const TraceContext &sandbox, Sink &sink) {
  TextWriter(sandbox, sink).write();
}

}  // namespace ll
