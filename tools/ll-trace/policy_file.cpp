#include "policy_file.h"

#include "calls.h"
#include "core/host.h"
#include "os/input/follow.h"
#include "writable.h"

namespace ll {

// The civil date of a day since 1970-01-01: years are counted from March, so that the leap day is
// the last.
void write_date(Builder &out) {
  uapi::Time time = {};
  sys::wall_clock(time);
  const uint64_t days = static_cast<uint64_t>(time.seconds) / 86400 + 719468;  // since 0000-03-01
  const uint64_t era = days / 146097;
  const uint64_t day = days % 146097;
  const uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
  const uint64_t of_year = day - (365 * year + year / 4 - year / 100);
  const uint64_t month = (5 * of_year + 2) / 153;
  const uint64_t of_month = of_year - (153 * month + 2) / 5 + 1;
  const uint64_t civil = month < 10 ? month + 3 : month - 9;
  out << era * 400 + year + (civil <= 2 ? 1 : 0) << (civil < 10 ? "-0"_t : "-"_t) << civil
      << (of_month < 10 ? "-0"_t : "-"_t) << of_month;
}

Text text_of_policy(const Policy &policy, Text file) {
  for (size_t i = 1; i < policy.source_count; i++)
    if (policy.sources[i].name == file) return policy.sources[i].text;
  return {};
}

bool holds(Text text, Text wanted) {
  const auto ends = [](Text rest) {
    return rest.empty() || rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\t';
  };
  for (size_t i = 0; !wanted.empty() && i + wanted.size <= text.size; i++) {
    const bool begins = i == 0 || ends(text.from(i - 1));
    const Text rest = text.from(i);
    if (begins && rest.first(wanted.size) == wanted && ends(rest.from(wanted.size))) return true;
  }
  return false;
}

bool append_lines(const TraceContext &sandbox, Text file, Text lines, Diagnostic &problem) {
  FixedString<kMaxFile + 256> added;
  const Text before = text_of_policy(sandbox.policy, file);
  if (!before.empty()) {
    added << "# ll-trace, "_t;
    write_date(added);
    added << '\n';
  }
  added << lines;
  if (before.size + added.text().size > kMaxFile)
    return problem.fail({}, "cannot write %: it would be larger than % bytes", file,
                        uint64_t{kMaxFile});
  Diagnostic unread;
  if (!are_lines(added.text(), sandbox.environment, unread))
    return problem.fail({}, "cannot write %: the lines to add are not a valid policy: %", file,
                        unread.message.text());
  Stray stray;
  const long opened =
      create_named(sandbox.policy, file, uapi::kO_RDWR | uapi::kO_APPEND, 0644, stray);
  if (opened == kStray) return format_stray(problem, {}, file, stray), false;
  const auto descriptor = static_cast<int>(opened);
  const long written =
      opened < 0 ? opened : sys::write(descriptor, added.text().data, added.text().size);
  if (opened >= 0) sys::close(descriptor);
  if (written == static_cast<long>(added.text().size)) return true;
  return problem.fail({}, "cannot write %: %", file, Error{written < 0 ? written : -uapi::kENOSPC});
}

}  // namespace ll
