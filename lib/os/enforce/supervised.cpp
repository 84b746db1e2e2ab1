#include "os/enforce/supervised.h"

#include "core/peer.h"
#include "core/policy/judging.h"
#include "core/policy/serialize.h"
#include "os/enforce/sibling_path.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

void write_argument(Policy &policy, const Rule &rule, const char *&argument) {
  Text option;
  if (!write_option(policy.arena, rule, option)) die_at(policy, rule.where, kTooMuchText, kMaxText);
  argument = option.data;
}

void keep_argument(Policy &policy, Text written, const char *&argument) {
  Text kept;
  if (!policy.arena.keep(written, kept)) die_at(policy, kNoLocation, kTooMuchText, kMaxText);
  argument = kept.data;
}

// The options as the user gave them.
size_t write_judging(Policy &policy, const char **arguments) {
  const Judging &judging = policy.judging;
  if (!is_judged(policy)) return 0;
  FixedString<kMaxPath + 16> judge;
  if (judging.program.empty())
    judge << "--judge-fd="_t << static_cast<uint32_t>(judging.descriptor);
  else
    judge << "--judge="_t << judging.program;
  keep_argument(policy, judge.text(), arguments[0]);
  FixedString<32> asks;
  asks << "--ask="_t;
  write_asks(asks, judging.asks);
  keep_argument(policy, asks.text(), arguments[1]);
  FixedString<32> time;
  time << "--answer-in="_t << judging.answer_in << "ms"_t;
  keep_argument(policy, time.text(), arguments[2]);
  return 3;
}

[[noreturn]] void become_supervisor(const Process &process, Policy &policy, int control, long child,
                                    const Supervision &supervision) {
  const char *arguments[kMaxRules + 6];
  FixedString<64> how;
  how << "--supervise="_t << static_cast<uint32_t>(control) << ',' << static_cast<uint64_t>(child)
      << ',' << uint32_t{supervision.own_sockets} << ',' << uint32_t{supervision.verbose} << ','
      << static_cast<uint32_t>(supervision.refused_peers) << '\0';
  size_t count = 0;
  arguments[count++] = "ll-net";
  arguments[count++] = how.text().data;
  count += write_judging(policy, arguments + count);
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Directive directive = policy.rules[i].directive;
    const Value value = row_of(directive).value;
    const bool denied =
        is_judged(policy) && (directive == Directive::Deny || directive == Directive::Keep);
    if (value == Value::Port || value == Value::NoHost || directive == Directive::Cap || denied)
      write_argument(policy, policy.rules[i], arguments[count++]);
  }
  arguments[count] = nullptr;
  SiblingPath path;
  write_sibling_path(process, policy, "ll-net"_t, path);
  const long error = sys::execute(path, const_cast<char *const *>(arguments), process.environment);
  die_at(policy, kNoLocation,
         "cannot start the supervisor %: %\nit has to be installed beside ll-exec", c_text(path),
         Error{error});
}

}  // namespace

void open_refused_peers(const Policy &policy, int (&ends)[2]) {
  long result = sys::call(number::pipe2, sys::address(ends), uapi::kO_CLOEXEC | uapi::kO_NONBLOCK);
  if (result >= 0) result = sys::set_descriptor_flags(ends[1], 0);
  if (result < 0) die_errno(policy, "make a pipe", result);
}

void start_supervisor(const Process &process, Policy &policy, const Supervision &how) {
  const long self = sys::process_id();
  int ends[2];
  const long paired = sys::make_socket_pair(uapi::kSOCK_SEQPACKET, ends);
  if (paired < 0) die_errno(policy, "make a pair of sockets", paired);
  const long child = sys::fork();
  if (child < 0) die_errno(policy, "start a process", child);
  sys::close(ends[child == 0 ? 0 : 1]);
  if (child != 0) become_supervisor(process, policy, ends[0], child, how);
  policy.supervisor = ends[1];
  let_go_of_judge(policy);
  follow_process(policy, self);
}

}  // namespace ll
