#include "listener.h"

#include "calls.h"

namespace ll {

namespace {

using namespace bpf;

constexpr uint32_t kNotify = 0x7fc00000;  // SECCOMP_RET_USER_NOTIF

struct Refused {
  uint8_t level, name, answer;
};
constexpr Refused kOptions[] = {
#define OPTION(level, name, answer, what) {level, name, answer},
#include "refused_options.def"
};

class Writer {
 public:
  explicit Writer(Program &program)
      : out_(program), allow_(out_.answer(kAllow)), notify_(out_.answer(kNotify)) {}

  void write(const Listening &listening) {
    Label next = where(number::prctl, write_process(listening.programs), allow_);
    if (listening.programs) next = write_programs(next);
    if (listening.opens) next = write_opens(next);
    if (listening.network) next = write_network(listening, next);
    out_.check_architecture(out_.load(kNumber, next));
  }

 private:
  Label where(int16_t number, Label yes, Label no) {
    return out_.equals(static_cast<uint32_t>(number), yes, no);
  }

  Label write_network(const Listening &listening, Label next) {
    const Label option = write_option();
    const Label socket = write_socket(listening.sockets);
    next = where(number::setsockopt, option, next);
    next = where(number::socket, socket, next);
    if (listening.sockets || listening.listens) next = where(number::listen, notify_, next);
    if (listening.binds) next = where(number::bind, notify_, next);
    return where(number::connect, notify_, next);
  }

  Label write_opens(Label next) {
    constexpr int16_t kOpeningCalls[] = {number::creat, number::openat2, number::open,
                                         number::openat};
    for (const int16_t call : kOpeningCalls)
      if (call >= 0) next = where(call, notify_, next);
    return next;
  }

  Label write_programs(Label next) {
    next = where(number::execve, notify_, where(number::execveat, notify_, next));
    const Label filter =
        out_.load(low_half(0), out_.equals(uapi::kSECCOMP_SET_MODE_FILTER, notify_, allow_));
    return where(number::seccomp, filter, next);
  }

  Label write_option() {
    Label next = allow_;
    Label answers[2] = {};
    for (const Refused &option : kOptions) {
      const Label answer =
          out_.shared(answers[option.answer != 0 ? 1 : 0], errno_action(option.answer));
      const Label name = out_.load(low_half(2), out_.equals(option.name, answer, next));
      next = out_.load(low_half(1), out_.equals(option.level, name, next));
    }
    return next;
  }

  Label write_socket(bool keeps) {
    const Label stream = keeps ? out_.equals(uapi::kSOCK_STREAM, notify_, allow_) : allow_;
    const Label kind = out_.equals(uapi::kSOCK_DGRAM, notify_, stream);
    const Label type = out_.load(low_half(1), out_.mask(uapi::kSOCK_TYPE_MASK, kind));
    const Label family = out_.equals(uapi::kAF_INET6, type, allow_);
    return out_.load(low_half(0), out_.equals(uapi::kAF_INET, type, family));
  }

  // A program that nobody may look into is one whose connections cannot be decided: it is told that
  // it is none such. ssh-agent(1) asks for it.
  Label write_process(bool opens) {
    const Label told = out_.answer(errno_action(0));
    const Label value = out_.load(low_half(1), out_.equals(0, told, allow_));
    const Label filter = opens ? out_.equals(uapi::kPR_SET_SECCOMP, notify_, allow_) : allow_;
    return out_.load(low_half(0), out_.equals(uapi::kPR_SET_DUMPABLE, value, filter));
  }

  BpfAssembler out_;
  Label allow_, notify_;
};

}  // namespace

void write_listener(const Listening &listening, Program &program) {
  Writer(program).write(listening);
}

}  // namespace ll
