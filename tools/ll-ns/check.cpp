#include "check.h"

#include "calls.h"
#include "cgroup.h"
#include "core/table_writer.h"
#include "limits.h"
#include "os/query/abilities.h"
#include "os/query/self_check.h"
#include "user_namespace.h"

namespace ll {

namespace {

// In a child that does no more: minus an errno.
long try_namespaces(uint64_t namespaces, bool counts) {
  const Identity outside = identity();
  const long child = sys::fork_into(namespaces);
  if (child == 0) {
    long result = map_identity(outside, false);
    if (result >= 0 && !counts) result = separate_mounts();
    if (result >= 0 && counts) result = count_alone();
    sys::exit(result < 0 ? static_cast<int>(-result) : 0);
  }
  if (child < 0) return child;
  int status = 0;
  const long waited = sys::wait_for(static_cast<int>(child), status);
  return waited < 0 ? waited : -(status >> 8 & 0xff);
}

void report(TableWriter &rows, Text name, const Diagnostic *refused) {
  Builder &out = rows.row();
  format(out, "%", name);
  rows.pad_to(14);
  if (refused == nullptr) return format(out, "yes");
  const Text message = refused->message.text();
  const Text first = message.first(find(message, '\n'));
  format(out, "no: %", first);
  const Text advice = message.from(first.size + 1);
  rows.format("  %", advice.first(find(advice, '\n')));
}

// Also what holds where there is none.
bool check_cgroup(const Policy &policy, const NsRequest &request, TableWriter &rows) {
  static constinit Cgroup cgroup{};
  Diagnostic problem;
  const bool made = cgroup.make(policy, request, problem);
  if (made) cgroup.end(policy, request);
  report(rows, "cgroup"_t, made ? nullptr : &problem);
  if (made || needs_cgroup(request)) return made;
  Diagnostic uncounted;
  const long counted =
      request.processes != 0 ? try_namespaces(namespaces_of(policy, request), true) : 0;
  if (counted < 0)
    uncounted.fail({}, "%: processes are only counted per user\nit needs Linux 5.14",
                   Error{counted});
  report(rows, "other limits"_t, counted < 0 ? &uncounted : nullptr);
  return counted >= 0;
}

}  // namespace

int check_machine(Policy &policy, const NsRequest &request) {
  TableWriter rows;
  if (request.no_namespaces) {
    const long alone = find_abilities().alone;
    print_finding(rows, "without namespaces", alone, "yes");
    rows.end();
    return alone >= 0 ? 0 : 1;
  }
  Diagnostic namespaces;
  const long result = try_namespaces(namespaces_of(policy, request), false);
  if (result < 0) format_refusal(namespaces, "use them", result);
  report(rows, "namespaces"_t, result < 0 ? &namespaces : nullptr);
  bool all = result >= 0;
  if (limits_anything(request)) all = check_cgroup(policy, request, rows) && all;
  rows.end();
  return all ? 0 : 1;
}

}  // namespace ll
