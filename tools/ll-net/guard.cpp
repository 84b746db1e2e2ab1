#include "guard.h"

#include "calls.h"
#include "command.h"
#include "confine.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

// proc_tid_children(5): some of them, until there are none.
Text children_of_this(char *bytes, size_t size) {
  FixedString<64> path;
  const auto self = static_cast<uint64_t>(sys::process_id());
  path << "/proc/self/task/"_t << self << "/children"_t << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return {};
  const long got = sys::read(static_cast<int>(file), bytes, size);
  sys::close(static_cast<int>(file));
  return {bytes, got > 0 ? static_cast<size_t>(got) : 0};
}

// How many there are besides.
size_t kill_children(long except) {
  char bytes[4096];
  size_t count = 0;
  for (Text rest = children_of_this(bytes, sizeof bytes); !rest.empty();) {
    const size_t end = find(rest, ' ');
    uint64_t child = 0;
    // The last number may be cut.
    if (end == kNpos || !parse_number(rest.first(end), INT32_MAX, child)) break;
    rest = rest.from(end + 1);
    if (static_cast<long>(child) == except) continue;
    if (sys::send_signal(static_cast<long>(child), uapi::kSIGKILL) >= 0) count++;
  }
  return count;
}

int die_of_guard(const Policy &policy, const char *what, long result) {
  if (result < 0) die_errno(policy, what, result);
  return static_cast<int>(result);
}

[[noreturn]] void guard(const Policy &policy, Command &command, int signals, long judge) {
  if (close_all_but(3, signals, -1) < 0) sys::exit(kFailed);
  for (int i = 0; i < 2; i++) {
    sys::close(i);
    if (sys::open_at(uapi::kAT_FDCWD, "/dev/null", uapi::kO_RDONLY + 2) < 0) continue;
  }
  const int epoll = die_of_guard(policy, "watch descriptors", sys::make_epoll());
  die_of_guard(policy, "watch the signals", sys::watch(epoll, signals, uapi::kEPOLLIN, 0));
  for (bool on = !command.reap(); on;) {
    uapi::Event event;
    if (sys::wait_for_events(epoll, &event, 1, -1) > 0) on = !command.on_signal(signals);
  }
  end_descendants(judge);
  command.end_as_it_did();
}

}  // namespace

void end_descendants(long except) {
  while (kill_children(except) != 0) {
    int status = 0;
    // One that ended lets its own children come here.
    sys::wait_for_change(-1, status, 0);
  }
}

int stay_as_guard(const Policy &policy, long judge) {
  static constinit Command command{};
  const int self = die_of_guard(policy, "watch this process", sys::open_process(sys::process_id()));
  const long child = die_of_guard(policy, "start the supervisor", sys::fork());
  if (child == 0) return self;
  guard(policy, command, die_of_guard(policy, "set up the signals", command.start(child)), judge);
}

}  // namespace ll
