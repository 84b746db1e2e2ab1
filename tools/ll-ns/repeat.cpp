#include "repeat.h"

#include "core/peer.h"
#include "core/policy/judging.h"
#include "ll-repeat/beneath.h"
#include "ll-repeat/stream.h"
#include "os/enforce/sibling_path.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

[[noreturn]] void become_tracer(const Process &process, const Policy &policy,
                                const NsRequest &request, const Split &split) {
  FixedString<64> beneath;
  beneath << "--beneath="_t << static_cast<uint32_t>(split.socket) << ','
          << static_cast<uint64_t>(split.traced) << '\0';
  const char *arguments[8] = {"ll-repeat", beneath.text().data};
  size_t count = 2;
  if (request.repeats.has_clock) {
    arguments[count++] = "--clock";
    arguments[count++] = request.clock.data;
  }
  if (request.repeats.seeded) {
    arguments[count++] = "--seed";
    arguments[count++] = request.seed.data;
  }
  arguments[count++] = "-";
  arguments[count] = nullptr;
  SiblingPath path;
  write_sibling_path(process, policy, "ll-repeat"_t, path);
  long result = sys::set_descriptor_flags(split.socket, 0);
  if (result >= 0)
    result = sys::execute(path, const_cast<char *const *>(arguments), process.environment);
  die_at(policy, request.repeats_at, "cannot start %: %\nit is installed beside ll-ns",
         c_text(path), Error{result});
}

// ll-trace is a tracer itself, and what comes from a host repeats nothing.
void check_alone(const Policy &policy, const NsRequest &request) {
  const Text loader = request.launcher;
  const size_t slash = find_last(loader, '/');
  if (!loader.empty() && !(loader.from(slash == kNpos ? 0 : slash + 1) == "ll-exec"_t))
    die_at(policy, request.repeats_at,
           "--clock and --seed need ll-exec as the launcher, not %\na process can have only one "
           "tracer",
           loader);
  if (is_judged(policy))
    die_at(policy, request.repeats_at,
           "--judge excludes --clock and --seed: a judge's answers are not reproducible\n"
           "leave out --judge, or --clock and --seed");
  if (is_supervised(policy))
    die_at(policy, request.repeats_at,
           "a policy with hosts excludes --clock and --seed: what hosts send is not reproducible\n"
           "leave out these lines, or --clock and --seed");
}

}  // namespace

void check_repeats(const Policy &policy, const NsRequest &request) {
  if (request.repeats.hold_anything()) check_alone(policy, request);
}

void repeat(const Process &process, Policy &policy, NsRequest &request) {
  if (!request.repeats.hold_anything()) return;
  if (request.hostname.empty() && (request.shared & kNewUts) == 0) request.hostname = "sandbox"_t;
  const Split parts = split(policy, request.repeats);
  if (parts.traced != 0) become_tracer(process, policy, request, parts);
}

namespace {

// Linux 6.3; before, only children would be in it, which share memory and deadlines with others.
bool is_entered_by_execve() {
  uapi::Uname name = {};
  if (sys::get_uname(name) < 0) return false;
  const Text release = c_text(name.release);
  const Text rest = release.from(find(release, '.') + 1);
  size_t digits = 0;
  while (digits < rest.size && rest[digits] >= '0' && rest[digits] <= '9') digits++;
  uint64_t major = 0;
  uint64_t minor = 0;
  if (!parse_number(release.first(find(release, '.')), UINT32_MAX, major) ||
      !parse_number(rest.first(digits), UINT32_MAX, minor))
    return false;
  return major > 6 || (major == 6 && minor >= 3);
}

void format_offset(Builder &out, Text name, int clock) {
  uapi::Time now = {};
  sys::call(number::clock_gettime, clock, sys::address(&now));
  out << name << " -"_t << static_cast<uint64_t>(now.seconds) << " 0\n"_t;
}

}  // namespace

// time_namespaces(7): a second write would come too late, and a kernel need not have them.
long start_clocks(const NsRequest &request) {
  constexpr long kNewTime = 0x80;  // CLONE_NEWTIME
  constexpr int kMonotonic = 1, kBootTime = 7;
  if (!request.repeats.hold_anything() || !is_entered_by_execve()) return 0;
  const long entered = sys::enter_namespaces(kNewTime);
  if (entered < 0) return entered == -uapi::kEINVAL ? 0 : entered;
  FixedString<128> offsets;
  format_offset(offsets, "monotonic"_t, kMonotonic);
  format_offset(offsets, "boottime"_t, kBootTime);
  const long file = sys::open_at(uapi::kAT_FDCWD, "/proc/self/timens_offsets", uapi::kO_WRONLY);
  if (file < 0) return file;
  const long written = sys::write(static_cast<int>(file), offsets.text().data, offsets.text().size);
  sys::close(static_cast<int>(file));
  return written < 0 ? written : 0;
}

long write_random_file(int file, uint64_t seed) {
  static uint8_t bytes[65536];
  constexpr size_t kSize = size_t{4} << 20;
  Stream stream(~seed);
  for (size_t done = 0; done < kSize; done += sizeof bytes) {
    stream.fill(bytes, sizeof bytes);
    const long written = sys::write(file, bytes, sizeof bytes);
    if (written != sizeof bytes) return written < 0 ? written : -28;  // ENOSPC
  }
  return 0;
}

}  // namespace ll
