// --judge and its options: a program that is asked at run time about what the policy refuses.
#pragma once

#include "core/diagnostic.h"
#include "core/policy/parser.h"

namespace ll {

constexpr uint8_t kAskOpen = 1, kAskConnect = 2, kAskBind = 4;
constexpr uint8_t kAskAll = kAskOpen | kAskConnect | kAskBind;

constexpr bool is_judged(const Policy &policy) { return policy.judging.asks != 0; }
// Whether the judge decides about the network, which needs a supervisor.
constexpr bool judges_network(const Policy &policy) {
  return (policy.judging.asks & (kAskConnect | kAskBind)) != 0;
}

// Whether only the judge allows listening.
inline bool judges_listening(const Policy &policy) {
  return (policy.judging.asks & kAskBind) != 0 && !opens_port(policy, Directive::Bind, false);
}

bool read_judge(const Word &value, Judging &judging, Diagnostic &problem);
bool read_judge_descriptor(const Word &value, Judging &judging, Diagnostic &problem);
bool read_asks(const Word &value, Judging &judging, Diagnostic &problem);
bool read_answer_time(const Word &value, Judging &judging, Diagnostic &problem);
// `beneath_supervisor`: ll-net has the judge, so --ask needs no --judge here.
bool check_judging(const Judging &judging, bool beneath_supervisor, Diagnostic &problem);

// "open,connect"
void write_asks(Builder &out, uint8_t asks);

// The kAsk bit that a word names; 0: none.
uint8_t ask_named(Text name);

}  // namespace ll
