#include "name_service.h"

#include "tracee_memory.h"

namespace ll {

namespace {

struct Held {
  int tid;
  uint32_t count;
  long error;
  Syscall call;
};
constexpr size_t kMaxHeld = 64;
constinit Held held[kMaxHeld]{};

// glibc, nscd/nscd_helper.c, open_socket.
bool may_be_for_names(const Syscall &call) {
  constexpr uint64_t kUnix = 1, kType = 1 | 02000000 | 04000;  // SOCK_STREAM, _CLOEXEC, _NONBLOCK
  return name_of_call(call.number) == "socket"_t && (call.arguments[0] & UINT32_MAX) == kUnix &&
         (call.arguments[1] & UINT32_MAX) == kType && (call.arguments[2] & UINT32_MAX) == 0;
}

bool is_of_names(Text path) {
  constexpr char kFiles[] =
      "/etc/nsswitch.conf\0/etc/passwd\0/etc/group\0/etc/hosts\0/etc/host.conf\0"
      "/etc/resolv.conf\0/etc/services\0/etc/netgroup\0";
  if (row_named(kFiles, path) != kNpos) return true;
  const Text name = path.from(find_last(path, '/') + 1);
  return starts_with(name, "libnss_"_t);
}

bool looks_into_files(int tid, const TracedSyscall *traced, const Syscall &call) {
  if (traced == nullptr || traced->kind != CallKind::Open) return false;
  static char buffer[kMaxPath];
  Text path;
  return read_string(tid, call.arguments[traced->path], buffer, path) && is_of_names(path);
}

void tell(const TraceContext &sandbox, Held &row) {
  for (; row.count > 0; row.count--) explain_filter(sandbox, row.tid, row.call, row.error);
  row = {};
}

}  // namespace

bool hold_back(int tid, const Syscall &call, long error) {
  if (!may_be_for_names(call)) return false;
  Held *place = nullptr;
  for (Held &row : held) {
    if (row.tid == tid) place = &row;
    if (place == nullptr && row.tid == 0) place = &row;
  }
  if (place == nullptr) return false;
  *place = {tid, place->count + 1, error, call};
  return true;
}

void settle_held(const TraceContext &sandbox, int tid, const TracedSyscall *traced,
                 const Syscall &next) {
  for (Held &row : held) {
    if (row.tid != tid) continue;
    if (!sandbox.verbose && looks_into_files(tid, traced, next))
      row = {};
    else
      tell(sandbox, row);
  }
}

void settle_all_held(const TraceContext &sandbox) {
  for (Held &row : held)
    if (row.tid != 0) tell(sandbox, row);
}

}  // namespace ll
