#include "asking.h"

#include "core/mem.h"
#include "os/kernel/process.h"
#include "question.h"
#include "start_judge.h"

namespace ll {

namespace {

constexpr Text subject_name(Subject subject) {
  switch (subject) {
    case Subject::Open: return "open"_t;
    case Subject::Connect: return "connect"_t;
    case Subject::Lookup: return "lookup"_t;
    case Subject::Bind: return "bind"_t;
  }
  return {};
}

constexpr uint8_t ask_of(Subject subject) {
  switch (subject) {
    case Subject::Open: return kAskOpen;
    case Subject::Bind: return kAskBind;
    default: return kAskConnect;
  }
}

long transfer(long number, int socket, const void *bytes, size_t size, int flags) {
  const uapi::ConstIoVec vector = {bytes, size};
  const uapi::MsgHdr message = {.vectors = &vector, .vector_count = 1};
  return sys::call(number, socket, sys::address(&message), flags);
}

}  // namespace

void Asking::start(const Policy &policy, char *const *environment) {
  policy_ = &policy;
  asks_ = policy.judging.asks;
  answer_in_ = policy.judging.answer_in;
  socket_ = start_judge(policy, environment, program_);
}

void Asking::open(int epoll) {
  epoll_ = epoll;
  watch_for(uapi::kEPOLLIN);
  Builder line(line_, sizeof line_);
  line << "{\"judge\":1,\"ask\":["_t;
  bool any = false;
  constexpr Subject kSubjects[] = {Subject::Open, Subject::Connect, Subject::Bind};
  for (const Subject subject : kSubjects) {
    if (!asks(ask_of(subject))) continue;
    line << (any ? ",\""_t : "\""_t) << subject_name(subject) << '"';
    any = true;
  }
  line << "],\"answer_in\":"_t << answer_in_;
  queue(line);
}

Builder Asking::begin(Subject subject) {
  Builder line(line_, sizeof line_);
  line << "{\"id\":"_t << last_ + 1 << ",\"call\":\""_t << subject_name(subject) << '"';
  return line;
}

Builder Asking::begin_reported(Text call) {
  Builder line(line_, sizeof line_);
  line << "{\"call\":\""_t << call << '"';
  return line;
}

void Asking::tell(Builder line) {
  if (asks_ != 0) queue(line);
}

uint64_t Asking::ask(Subject subject, uint32_t owner, Builder line) {
  size_t index = 0;
  while (index < end_ && asked_[index].id != 0) index++;
  if (!asks(ask_of(subject)) || index == kMax || !queue(line)) return 0;
  if (index == end_) end_++;
  asked_[index] = {.id = ++last_,
                   .deadline = sys::milliseconds() + answer_in_,
                   .owner = owner,
                   .subject = subject,
                   .answered = false,
                   .audit = false,
                   .remember = false,
                   .error = 0};
  return last_;
}

void Asking::forget(uint64_t id) {
  for (size_t i = 0; i < end_; i++)
    if (asked_[i].id == id) asked_[i].id = 0;
  while (end_ > 0 && asked_[end_ - 1].id == 0) end_--;
}

// A line that is not whole is none; nor is one for which there is no room.
bool Asking::queue(Builder line) {
  line << "}\n"_t;
  const Text text = line.text();
  if (text.size >= kMaxLine || text.size > kMaxUnsent - unsent_ || socket_ == 0) return false;
  memcpy(out_ + unsent_, text.data, text.size);
  unsent_ += text.size;
  send();
  return socket_ != 0;
}

void Asking::send() {
  size_t sent = 0;
  while (sent < unsent_) {
    const long count = transfer(number::sendmsg, socket_, out_ + sent, unsent_ - sent,
                                uapi::kMSG_NOSIGNAL | uapi::kMSG_DONTWAIT);
    if (count == -uapi::kEINTR) continue;
    if (count == -uapi::kEAGAIN) break;
    if (count <= 0) return give_up("it does not read the questions");
    sent += static_cast<size_t>(count);
  }
  unsent_ -= sent;
  memmove(out_, out_ + sent, unsent_);
  watch_for(unsent_ == 0 ? uapi::kEPOLLIN : uapi::kEPOLLIN | uapi::kEPOLLOUT);
}

void Asking::watch_for(uint32_t events) {
  if (watched_ == events) return;
  if (watched_ != 0) sys::unwatch(epoll_, socket_);
  watched_ = events;
  if (sys::watch(epoll_, socket_, events, watched(Watched::Judge)) < 0)
    give_up("it cannot be polled");
}

void Asking::on_judge(uint32_t events) {
  if (socket_ != 0 && (events & uapi::kEPOLLOUT) != 0) send();
  if (socket_ != 0 && (events & ~uapi::kEPOLLOUT) != 0) read();
}

void Asking::read() {
  const long got = transfer(number::recvmsg, socket_, read_ + read_size_, sizeof read_ - read_size_,
                            uapi::kMSG_DONTWAIT);
  if (got == -uapi::kEAGAIN || got == -uapi::kEINTR) return;
  if (got <= 0) return give_up("it has exited");
  read_size_ += static_cast<size_t>(got);
  if (!take_lines()) return give_up("it sent an invalid answer");
  if (read_size_ == sizeof read_) give_up("its answer is too long");
}

bool Asking::take_lines() {
  for (;;) {
    const Text text = {read_, read_size_};
    const size_t end = find(text, '\n');
    if (end == kNpos) return true;
    if (!take(text.first(end))) return false;
    read_size_ -= end + 1;
    memmove(read_, read_ + end + 1, read_size_);
  }
}

// What comes too late, or again, is about nothing any more.
bool Asking::take(Text line) {
  JudgeAnswer answer;
  if (!read_answer(line, answer) || answer.id > last_) return false;
  for (size_t i = 0; i < end_ && answer.id != 0; i++) {
    Asked &asked = asked_[i];
    if (asked.id != answer.id || asked.answered) continue;
    asked.answered = decided_ = true;
    asked.error = answer.error;
    asked.audit = answer.audit;
    asked.remember = answer.remember;
  }
  if (answer.stop != 0) stop(answer.stop);
  return true;
}

void Asking::stop(uint8_t asks) {
  asks_ &= static_cast<uint8_t>(~asks);
  for (size_t i = 0; i < end_; i++) {
    Asked &asked = asked_[i];
    if (asked.id == 0 || asked.answered || (ask_of(asked.subject) & asks) == 0) continue;
    asked.answered = decided_ = true;
    asked.error = uapi::kEACCES;
  }
}

void Asking::give_up(const char *why) {
  if (socket_ == 0) return;
  sys::close(socket_);
  socket_ = 0;
  Diagnostic problem;
  problem.fail(kNoLocation, "the judge is no longer asked: %; what the policy refuses is refused",
               why);
  warn(*policy_, problem);
  stop(kAskAll);
}

bool Asking::next(Ruling &verdict, uint64_t now) {
  for (size_t i = 0; i < end_; i++) {
    Asked &asked = asked_[i];
    if (asked.id == 0 || (!asked.answered && asked.deadline > now)) continue;
    verdict = {.subject = asked.subject,
               .owner = asked.owner,
               .error = -(asked.answered ? asked.error : uapi::kEACCES),
               .audit = asked.answered && asked.audit,
               .remember = asked.answered && asked.remember};
    forget(asked.id);
    return true;
  }
  decided_ = false;
  return false;
}

int Asking::next_time(uint64_t now) const {
  if (decided_) return 0;
  uint64_t next = UINT64_MAX;
  for (size_t i = 0; i < end_; i++)
    if (asked_[i].id != 0 && asked_[i].deadline < next) next = asked_[i].deadline;
  if (next == UINT64_MAX) return -1;
  return next <= now ? 0 : static_cast<int>(next - now);
}

}  // namespace ll
