#include "resolver.h"

#include "calls.h"
#include "confine.h"
#include "core/mem.h"
#include "os/kernel/process.h"
#include "socket_address.h"

namespace ll {

namespace {

// By TCP a message has its size before it (RFC 1035, 4.2.2).
constexpr size_t kPrefix = 2;

struct Query {
  int socket;  // 0: none
  bool sent;
  Asked asked;
  size_t got;  // of a message by TCP
  uint8_t message[kPrefix + kMaxMessage];
};

class Resolver {
 public:
  Resolver(int supervisor, int epoll, Query *queries)
      : supervisor_(supervisor), epoll_(epoll), queries_(queries) {}

  [[noreturn]] void run() {
    constexpr int kMax = 16;
    for (;;) {
      uapi::Event events[kMax];
      const long count = sys::wait_for_events(epoll_, events, kMax, -1);
      for (long i = 0; i < count; i++) {
        const uint64_t data = events[i].data;
        if (data == kMaxQueries)
          take_query();
        else
          go_on(queries_[data]);
      }
    }
  }

 private:
  void take_query() {
    Asked asked;
    uapi::PassedDescriptor passed;
    const uapi::ConstIoVec vector = {&asked, sizeof asked};
    uapi::MsgHdr message = {
        .vectors = &vector, .vector_count = 1, .control = &passed, .control_size = sizeof passed};
    const long got = sys::receive_message(supervisor_, message, 0);
    if (got <= 0) sys::exit(0);
    const int socket = passed_descriptor(passed, message.control_size);
    if (socket < 0) return;
    if (got != sizeof asked || asked.slot >= kMaxQueries || asked.name_size > kMaxName) {
      sys::close(socket);
      return;
    }
    Query &query = queries_[asked.slot];
    forget(query);
    query.socket = socket;
    query.sent = false;
    query.asked = asked;
    query.got = 0;
    if (sys::watch(epoll_, socket, uapi::kEPOLLIN | (asked.stream != 0 ? uapi::kEPOLLOUT : 0),
                   asked.slot) < 0)
      return give_up(query);
    if (asked.stream == 0) send(query);
  }

  static void forget(Query &query) {
    if (query.socket != 0) sys::close(query.socket);
    query.socket = 0;
  }

  void send(Query &query) {
    const Asked &asked = query.asked;
    uint8_t *start = query.message + kPrefix;
    const size_t size = write_query(asked.id, {asked.name, asked.name_size}, asked.type, start);
    query.message[0] = static_cast<uint8_t>(size >> 8);
    query.message[1] = static_cast<uint8_t>(size);
    query.sent = true;
    const bool stream = asked.stream != 0;
    const size_t whole = size + (stream ? kPrefix : 0);
    if (sys::write(query.socket, stream ? query.message : start, whole) != static_cast<long>(whole))
      return give_up(query);
    // From now on only to be read.
    if (!stream) return;
    sys::unwatch(epoll_, query.socket);
    if (sys::watch(epoll_, query.socket, uapi::kEPOLLIN, asked.slot) < 0) give_up(query);
  }

  void go_on(Query &query) {
    if (query.socket == 0) return;
    if (!query.sent) return send(query);
    if (query.asked.stream != 0) return read_stream(query);
    const long got = sys::read(query.socket, query.message, kMaxMessage);
    if (got == -uapi::kEAGAIN || got == -uapi::kEINTR) return;
    if (got < 0) return give_up(query);
    check_access(query, query.message, static_cast<size_t>(got));
  }

  void read_stream(Query &query) {
    const long got =
        sys::read(query.socket, query.message + query.got, sizeof query.message - query.got);
    if (got == -uapi::kEAGAIN || got == -uapi::kEINTR) return;
    if (got <= 0) return give_up(query);
    query.got += static_cast<size_t>(got);
    if (query.got < kPrefix) return;
    const size_t size = size_t{query.message[0]} << 8 | query.message[1];
    if (size > kMaxMessage) return give_up(query);
    if (query.got < kPrefix + size) return;
    check_access(query, query.message + kPrefix, size);
    if (query.socket != 0) give_up(query);
  }

  // What is no answer to what was asked is not looked at: another may come.
  void check_access(Query &query, const uint8_t *message, size_t size) {
    const Asked &asked = query.asked;
    Answered answered = {};
    const Reading reading = read_answer(message, size, asked.id, {asked.name, asked.name_size},
                                        asked.type, answered.result, answered.addresses);
    if (reading == Reading::Foreign) return;
    answered.truncated = reading == Reading::Truncated ? 1 : 0;
    finish(query, answered);
  }

  void give_up(Query &query) {
    Answered answered = {};
    answered.result = Result::ServFail;
    finish(query, answered);
  }

  void finish(Query &query, Answered &answered) {
    answered.slot = query.asked.slot;
    answered.serial = query.asked.serial;
    forget(query);
    if (sys::write(supervisor_, &answered, sizeof answered) != sizeof answered) sys::exit(0);
  }

  const int supervisor_;
  const int epoll_;
  Query *queries_;
};

}  // namespace

void resolve_names(int supervisor) {
  constexpr int16_t kAllowedCalls[] = {number::read,        number::write,     number::close,
                                       number::epoll_pwait, number::epoll_ctl, number::recvmsg,
                                       number::exit_group};
  static constinit Query queries[kMaxQueries] = {};
  const long epoll = sys::make_epoll();
  if (epoll < 0 ||
      sys::watch(static_cast<int>(epoll), supervisor, uapi::kEPOLLIN, kMaxQueries) < 0 ||
      forbid_all_paths() < 0 ||
      allow_only(kAllowedCalls, sizeof kAllowedCalls / sizeof *kAllowedCalls) < 0)
    sys::exit(kFailed);
  Resolver(supervisor, static_cast<int>(epoll), queries).run();
}

}  // namespace ll
