#include "check.h"

#include "calls.h"
#include "cgroup.h"
#include "core/table_writer.h"
#include "enter.h"

namespace ll {

namespace {

// In a child that does no more: minus an errno.
long try_namespaces(uint64_t namespaces) {
  const Identity outside = identity();
  const long child = sys::fork_into(namespaces);
  if (child == 0) {
    long result = map_identity(outside, false);
    if (result >= 0) result = separate_mounts();
    sys::exit(result < 0 ? static_cast<int>(-result) : 0);
  }
  if (child < 0) return child;
  int status = 0;
  const long waited = sys::wait_for(static_cast<int>(child), status);
  return waited < 0 ? waited : -(status >> 8 & 0xff);
}

void report(Rows &rows, Text name, const Problem *refused) {
  Builder &out = rows.row();
  say(out, "%", name);
  rows.pad_to(14);
  if (refused == nullptr) return say(out, "yes");
  const Text message = refused->message.text();
  const Text first = message.first(find(message, '\n'));
  say(out, "no: %", first);
  rows.say("  %", message.from(first.size + 1));
}

}  // namespace

int check_machine(Policy &policy, const Request &request) {
  Rows rows;
  Problem namespaces;
  const long result = try_namespaces(namespaces_of(policy, request));
  if (result < 0) say_refusal(namespaces, "use them", result);
  report(rows, "namespaces"_t, result < 0 ? &namespaces : nullptr);
  bool all = result >= 0;
  if (limits_anything(request)) {
    static constinit Cgroup cgroup{};
    Problem problem;
    const bool made = cgroup.make(policy, request, problem);
    if (made) cgroup.end(policy, request);
    report(rows, "cgroup"_t, made ? nullptr : &problem);
    all = all && made;
  }
  rows.end();
  return all ? 0 : 1;
}

}  // namespace ll
