#include "peers.h"

#include "calls.h"
#include "core/refused_peer.h"
#include "line.h"
#include "os/query/access_check.h"
#include "record.h"
#include "refusals.h"
#include "tracee_memory.h"

namespace ll {

namespace {

Text peer_process(const RefusedPeer &refused) {
  return refused.process[0] == '\0' ? "the command"_t : c_text(refused.process);
}

void explain_decision(const TraceContext &sandbox, const RefusedPeer &refused) {
  FixedString<kMaxName + 100> target;
  FixedString<kMaxName + 100> line;
  write_peer(target, refused);
  write_line(line, sandbox.policy, refused);
  const bool connects = refused.kind == RefusedPeer::Connection;
  const Rule *rule = rule_against(sandbox.policy, refused);
  Refusal refusal;
  refusal.layer = Layer::Supervisor;
  const bool unreadable = refused.kind == RefusedPeer::Unreadable;
  refusal.what = connects || unreadable ? "connect"_t : "to look up"_t;
  refusal.target = target.text();
  refusal.line = line.text();
  refusal.process = peer_process(refused);
  refusal.nearest = rule;
  add_refusal(refusal);
}

// ll-net lets the kernel decide those: what the plan says of the path is what Landlock does.
void explain_unix(const TraceContext &sandbox, const RefusedPeer &refused) {
  const Text path = refused.looked_up();
  constexpr uint64_t kRight = mask_of(RightId::resolve_unix);
  if (path.empty() || path[0] != '/') return;
  Needs needs;
  add_need(sandbox.command, kCurrentDirectory, path, true, kRight, needs);
  if (needs.count == 0 || needs.rows[0].kind == Kind::Missing) return;
  const Need &need = needs.rows[0];
  Verdict verdict;
  check_access(sandbox.policy, sandbox.plan, {}, need.path, kRight, kOfEntries, verdict);
  if (verdict.error < 0 || (kRight & ~verdict.granted & ~verdict.unhandled) == 0) return;
  FixedString<2 * kMaxPath> line;
  Refusal refusal;
  refusal.layer = Layer::Landlock;
  refusal.rights = kRight;
  refusal.target = need.path;
  refusal.nearest = verdict.nearest;
  refusal.obstacle = verdict.obstacle;
  refusal.process = peer_process(refused);
  const bool taken = verdict.nearest != nullptr && takes(verdict.nearest->directive);
  if (!taken && verdict.obstacle == nullptr) write_path_line(line, need.path, need.kind, kRight);
  refusal.line = line.text();
  add_refusal(refusal);
}

}  // namespace

void explain_peers(const TraceContext &sandbox, int refused_peers) {
  static RefusedPeer refused;
  while (refused_peers != 0 &&
         sys::read(refused_peers, &refused, sizeof refused) == sizeof refused) {
    if (refused.name_size > kMaxName) continue;
    refused.process[sizeof refused.process - 1] = '\0';
    if (refused.kind == RefusedPeer::Connected)
      record_connected(refused);
    else if (refused.kind == RefusedPeer::UnixPeer)
      explain_unix(sandbox, refused);
    else
      explain_decision(sandbox, refused);
    refusals.full = refusals.full || refused.cut;
  }
}

}  // namespace ll
