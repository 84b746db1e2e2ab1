#include "report.h"

#include "core/mem.h"
#include "os/kernel/process.h"
#include "task.h"

namespace ll {

namespace {

bool same_but_process(const RefusedPeer &one, const RefusedPeer &other) {
  return one.kind == other.kind && one.udp == other.udp && one.port == other.port &&
         one.address == other.address && one.looked_up() == other.looked_up();
}

}  // namespace

void Report::start(const Policy &policy, bool verbose, int refused_peers) {
  if (verbose || refused_peers != 0) policy_ = &policy;
  verbose_ = verbose;
  refused_peers_ = refused_peers;
}

void Report::refuse(const IpAddress &address, uint16_t port, bool udp, Text name, uint32_t task) {
  RefusedPeer refused = {
      .kind = RefusedPeer::Connection, .udp = udp, .port = port, .address = address};
  add(refused, name, task);
}

void Report::note_connected(const IpAddress &address, uint16_t port, bool udp, Text name,
                            uint32_t task) {
  RefusedPeer let_through = {
      .kind = RefusedPeer::Connected, .udp = udp, .port = port, .address = address};
  add(let_through, name, task);
}

void Report::refuse_lookup(Text name) {
  RefusedPeer refused = {.kind = RefusedPeer::Lookup};
  add(refused, name, 0);
}

void Report::refuse_answer(Text name, const IpAddress &address) {
  RefusedPeer refused = {.kind = RefusedPeer::Answer, .address = address};
  add(refused, name, 0);
}

void Report::refuse_unreadable(uint32_t task) {
  RefusedPeer refused = {.kind = RefusedPeer::Unreadable};
  add(refused, {}, task);
}

void Report::note_unix(Text path, uint32_t task) {
  if (refused_peers_ == 0) return;
  RefusedPeer refused = {.kind = RefusedPeer::UnixPeer};
  add(refused, path, task);
}

bool Report::is_known(const RefusedPeer &refused) const {
  for (size_t i = 0; i < count_; i++)
    if (same_but_process(rows_[i], refused)) return true;
  return false;
}

// The last that fits says that there are more.
void Report::add(RefusedPeer &refused, Text name, uint32_t task) {
  if (!is_wanted() || count_ == kMax) return;
  refused.name_size = static_cast<uint8_t>(name.size < kMaxName ? name.size : kMaxName);
  memcpy(refused.name, name.data, refused.name_size);
  if (is_known(refused)) return;
  refused.cut = count_ + 1 == kMax;
  if (task != 0) name_of_task(task, refused.process);
  rows_[count_++] = refused;
  if (refused_peers_ != 0) sys::write(refused_peers_, &refused, sizeof refused);
  const bool is_refused =
      refused.kind != RefusedPeer::UnixPeer && refused.kind != RefusedPeer::Connected;
  if (verbose_ && is_refused) format(refused);
}

void Report::format(const RefusedPeer &refused) const {
  Diagnostic problem;
  FixedString<kMaxName + 100> peer;
  write_peer(peer, refused);
  const Rule *rule = rule_against(*policy_, refused);
  if (refused.kind == RefusedPeer::Lookup)
    problem.fail(kNoLocation, "refused: no line names %, which was looked up", peer.text());
  else if (refused.kind == RefusedPeer::Unreadable)
    problem.fail(kNoLocation, "refused: %, %\nits file has no read permission: chmod +r",
                 peer.text(), c_text(refused.process));
  else if (rule != nullptr)
    problem.fail(kNoLocation, "refused: %\n'%' denies it", peer.text(), *rule);
  else
    problem.fail(kNoLocation, "refused: %", peer.text());
  FixedString<kMaxName + 100> line;
  write_line(line, *policy_, refused);
  if (!line.empty()) ll::format(problem.message, "\nallow it: %", line.text());
  if (refused.cut)
    ll::format(problem.message, "\nlimit reached; further refusals are not reported");
  warn(*policy_, problem);
}

}  // namespace ll
