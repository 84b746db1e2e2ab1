#include "core/policy/judging.h"

#include "core/policy/command_line.h"
#include "core/policy/units.h"

namespace ll {

namespace {

// In the order of their bits.
constexpr char kAsks[] = "open\0connect\0bind\0";
constexpr uint64_t kUsualTime = 5000;  // milliseconds
constexpr uint64_t kMostTime = 3'600'000;

void be_judged(Judging &judging) {
  if (judging.asks == 0) judging.asks = kAskAll;
  if (judging.answer_in == 0) judging.answer_in = kUsualTime;
}

}  // namespace

uint8_t ask_named(Text name) {
  const size_t row = row_named(kAsks, name);
  return row == kNpos ? uint8_t{0} : static_cast<uint8_t>(1U << row);
}

void write_asks(Builder &out, uint8_t asks) {
  bool any = false;
  for (size_t row = 0; row < 3; row++) {
    if ((asks >> row & 1) == 0) continue;
    if (any) out << ',';
    out << nth(kAsks, row);
    any = true;
  }
}

bool read_judge(const Word &value, Judging &judging, Diagnostic &problem) {
  be_judged(judging);
  judging.program = value.value;
  return !value.value.empty() || problem.fail(value.where, "--judge names no program");
}

bool read_judge_descriptor(const Word &value, Judging &judging, Diagnostic &problem) {
  be_judged(judging);
  return read_descriptor_option(value, judging.descriptor, problem);
}

bool read_asks(const Word &value, Judging &judging, Diagnostic &problem) {
  judging.asks = 0;
  for (Text rest = value.value;;) {
    const Text name = rest.first(find(rest, ','));
    const uint8_t ask = ask_named(name);
    if (ask == 0)
      return problem.fail(value.where,
                          "'%' is not a call that a judge can decide\nopen, connect, bind", name);
    judging.asks |= ask;
    if (name.size == rest.size) return true;
    rest = rest.from(name.size + 1);
  }
}

bool read_answer_time(const Word &value, Judging &judging, Diagnostic &problem) {
  if (parse_time(value.value, kMostTime, judging.answer_in) && judging.answer_in != 0) return true;
  return problem.fail(value.where, "'%' is not a time\nwrite 5s; with ms, s, m or h; at most 1h",
                      value.value);
}

bool check_judging(const Judging &judging, bool beneath_supervisor, Diagnostic &problem) {
  if (!judging.program.empty() && judging.descriptor != 0)
    return problem.fail(kNoLocation, "--judge and --judge-fd exclude each other");
  const bool named = !judging.program.empty() || judging.descriptor != 0;
  if (named || beneath_supervisor || (judging.asks == 0 && judging.answer_in == 0)) return true;
  return problem.fail(kNoLocation, "--ask and --answer-in need --judge");
}

}  // namespace ll
