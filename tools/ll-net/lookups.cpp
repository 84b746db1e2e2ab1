#include "lookups.h"

#include "confine.h"
#include "core/mem.h"
#include "kept.h"
#include "os/kernel/process.h"
#include "question.h"
#include "socket_address.h"

namespace ll {

namespace {

constexpr uint16_t kDns = 53;
constexpr uint64_t kWait = 2000;       // milliseconds, for one server
constexpr uint32_t kRounds = 2;        // of all servers
constexpr uint64_t kGrace = 600000;    // milliseconds that an address is the name's beyond its time
constexpr uint32_t kLeastTime = 60;    // seconds that it is so at least
constexpr uint32_t kMostTime = 86400;  // seconds

bool is_address_type(uint16_t type) { return type == kTypeA || type == kTypeAaaa; }

// By TCP, the answer to a connection that is being made comes later.
bool is_begun(long result) { return result >= 0 || result == -uapi::kEINPROGRESS; }

void add(Addresses &addresses, const IpAddress &address) {
  if (addresses.count < kMaxAddresses) addresses.rows[addresses.count++] = address;
}

}  // namespace

long Lookups::start(Judge &judge, Report &report, int epoll) {
  judge_ = &judge;
  report_ = &report;
  epoll_ = epoll;
  hosts_.read();
  upstream_.refresh();
  hosts_.for_each([&](Text name, const IpAddress &address) {
    char bytes[kMaxName];
    Builder folded(bytes, sizeof bytes);
    if (fold_name(name, folded) && judge.may_look_up(folded.text()))
      judge.pin_for_ever(folded.text(), address);
  });
  IpAddress own4;
  IpAddress own6;
  if (read_address("127.0.0.1"_t, own4)) judge.pin_for_ever("localhost"_t, own4);
  if (read_address("::1"_t, own6)) judge.pin_for_ever("localhost"_t, own6);

  int ends[2];
  const long paired = sys::make_socket_pair(uapi::kSOCK_SEQPACKET | uapi::kO_CLOEXEC, ends);
  if (paired < 0) return paired;
  const long started = inner_.start(ends[1]);
  if (started < 0) return started;
  sys::close(ends[1]);
  resolver_ = ends[0];
  return sys::watch(epoll, resolver_, uapi::kEPOLLIN, watched(Watched::Resolver));
}

Text Lookups::name_of(const IpAddress &address) const {
  Text found = names_.of(address);
  hosts_.for_each([&](Text name, const IpAddress &other) {
    if (found.empty() && canonical(other) == address && judge_->may_look_up(name)) found = name;
  });
  return found;
}

void Lookups::close_pair(Pair &pair) {
  if (pair.socket != 0) sys::close(pair.socket);
  pair.socket = 0;
}

// In the place of the oldest, where there are as many as there can be.
long Lookups::make_pair(int type) {
  int ends[2];
  const int flags = (type & uapi::kO_NONBLOCK) | uapi::kO_CLOEXEC;
  const long paired = sys::make_socket_pair(uapi::kSOCK_SEQPACKET | flags, ends);
  if (paired < 0) return paired;
  const size_t index = next_pair_++ % kMaxPairs;
  Pair &pair = pairs_[index];
  close_pair(pair);
  pair.socket = ends[0];
  pair.serial++;
  long result = sys::set_file_flags(pair.socket, 2 | uapi::kO_NONBLOCK);
  if (result >= 0)
    result = sys::watch(epoll_, pair.socket, uapi::kEPOLLIN, watched(Watched::Pair, index));
  pair.inode = inode_of(ends[1]);
  if (result >= 0) return ends[1];
  close_pair(pair);
  sys::close(ends[1]);
  return result;
}

bool Lookups::is_pair(uint64_t inode) const {
  for (const Pair &pair : pairs_)
    if (pair.socket != 0 && pair.inode == inode) return true;
  return false;
}

void Lookups::on_pair(size_t index) {
  Pair &pair = pairs_[index];
  if (pair.socket == 0) return;
  uint8_t message[kMaxMessage];
  const long got = sys::read(pair.socket, message, sizeof message);
  if (got == -uapi::kEAGAIN || got == -uapi::kEINTR) return;
  if (got <= 0) return close_pair(pair);
  NameQuestion question;
  if (read_question(message, static_cast<size_t>(got), question))
    ask(question, {.pair = index, .pair_serial = pair.serial, .datagram = {}});
}

void Lookups::on_datagram(size_t index) {
  uint8_t message[kMaxMessage];
  Asker asker = {.pair = kMaxPairs + index, .pair_serial = 0, .datagram = {}};
  const long got = receive_datagram(datagrams_[index], message, sizeof message, asker.datagram);
  NameQuestion question;
  if (got > 0 && read_question(message, static_cast<size_t>(got), question)) ask(question, asker);
}

// Who does not read its answers does without them.
void Lookups::answer(const Asker &asker, const NameQuestion &question, Result result,
                     const Addresses &addresses) {
  uint8_t message[kMaxPlain];
  const size_t size = write_answer(question, result, addresses, message, sizeof message);
  if (asker.pair >= kMaxPairs) {
    send_datagram(datagrams_[asker.pair - kMaxPairs], message, size, asker.datagram);
    return;
  }
  const Pair &pair = pairs_[asker.pair];
  if (pair.socket != 0 && pair.serial == asker.pair_serial) sys::write(pair.socket, message, size);
}

// Once. A machine may have no IPv6.
bool Lookups::enter_network() {
  if (network_ != Network::Untried) return network_ == Network::There;
  network_ = Network::Refused;
  constexpr int kDomains[] = {uapi::kAF_INET, uapi::kAF_INET6};
  for (size_t i = 0; i < 2; i++) {
    const long socket = inner_.listen(kDomains[i], kDns);
    if (socket < 0 && i == 0) return false;
    if (socket < 0) break;
    datagrams_[i] = static_cast<int>(socket);
    if (sys::watch(epoll_, datagrams_[i], uapi::kEPOLLIN, watched(Watched::Datagrams, i)) < 0)
      return false;
  }
  network_ = Network::There;
  return true;
}

long Lookups::open(int domain, int type, int protocol) {
  return enter_network() ? inner_.open(domain, type, protocol) : make_pair(type);
}

bool Lookups::answer_from_hosts(const NameQuestion &question, const Asker &asker) {
  Addresses addresses = {.seconds = kLeastTime};
  bool known = question.asked() == "localhost"_t;
  hosts_.for_each([&](Text name, const IpAddress &address) {
    if (!same_but_case(name, question.asked())) return;
    known = true;
    if (is_ipv4(address) == (question.type == kTypeA)) add(addresses, address);
  });
  IpAddress own;
  if (known && addresses.count == 0 && question.asked() == "localhost"_t &&
      read_address(question.type == kTypeA ? "127.0.0.1"_t : "::1"_t, own))
    add(addresses, own);
  if (known) answer(asker, question, Result::NoError, addresses);
  return known;
}

void Lookups::ask(const NameQuestion &question, const Asker &asker) {
  char bytes[kMaxName];
  Builder folded(bytes, sizeof bytes);
  if (!fold_name(question.asked(), folded)) return answer(asker, question, Result::NxDomain, {});
  if (!judge_->may_look_up(folded.text())) {
    if (asking_ != nullptr && asking_->asks(kAskConnect) && is_address_type(question.type) &&
        !(folded.text() == "localhost"_t))
      return ask_judge(question, asker, folded.text());
    if (is_address_type(question.type)) report_->refuse_lookup(folded.text());
    return answer(asker, question, Result::NxDomain, {});
  }
  if (!is_address_type(question.type)) return answer(asker, question, Result::NoError, {});
  if (answer_from_hosts(question, asker)) return;
  upstream_.refresh();
  if (Query *query = begin(question, asker); query != nullptr) return send(*query);
  answer(asker, question, Result::ServFail, {});
}

Lookups::Query *Lookups::begin(const NameQuestion &question, const Asker &asker) {
  for (Query &query : queries_) {
    if (query.open) continue;
    query.open = true;
    query.judged = query.asked = false;
    query.stream = false;
    query.attempt = 0;
    query.deadline = UINT64_MAX;
    query.asker = asker;
    query.question = question;
    query.serial = ++serial_;
    open_queries_++;
    return &query;
  }
  return nullptr;
}

void Lookups::ask_judge(const NameQuestion &question, const Asker &asker, Text name) {
  Query *query = begin(question, asker);
  if (query == nullptr) return answer(asker, question, Result::ServFail, {});
  query->judged = query->asked = true;
  Builder line = asking_->begin(Subject::Lookup);
  add_text(line, "host"_t, name);
  const auto index = static_cast<uint32_t>(query - queries_);
  if (asking_->ask(Subject::Lookup, index, line) == 0) finish(*query, Result::NxDomain, {});
}

void Lookups::on_ruling(const Ruling &ruling) {
  Query &query = queries_[ruling.owner];
  query.asked = false;
  if (ruling.error != 0) {
    report_->refuse_lookup(query.question.asked());
    return finish(query, Result::NxDomain, {});
  }
  if (answer_from_hosts(query.question, query.asker)) {
    query.open = false;
    open_queries_--;
    return;
  }
  upstream_.refresh();
  send(query);
}

long Lookups::pass(const Query &query, const IpAddress &server) {
  SocketAddress peer;
  const size_t size = fill(peer, server, kDns);
  const int type = (query.stream ? uapi::kSOCK_STREAM : uapi::kSOCK_DGRAM) | uapi::kO_NONBLOCK;
  const long opened = sys::open_socket(peer.family, type, 0);
  if (opened < 0) return opened;
  const int socket = static_cast<int>(opened);
  long result = sys::connect(socket, &peer, size);
  Asked asked = {};
  asked.slot = static_cast<uint32_t>(&query - queries_);
  asked.serial = query.serial;
  asked.type = query.question.type;
  asked.stream = query.stream ? 1 : 0;
  asked.name_size = static_cast<uint8_t>(query.question.name_size);
  memcpy(asked.name, query.question.name, query.question.name_size);
  if (is_begun(result)) result = sys::fill_randomly(&asked.id, sizeof asked.id);
  if (result >= 0) {
    uapi::PassedDescriptor passed;
    passed.descriptor = socket;
    const uapi::ConstIoVec vector = {&asked, sizeof asked};
    const uapi::MsgHdr message = {
        .vectors = &vector, .vector_count = 1, .control = &passed, .control_size = sizeof passed};
    result = sys::call(number::sendmsg, resolver_, sys::address(&message),
                       uapi::kMSG_NOSIGNAL | uapi::kMSG_DONTWAIT);
  }
  sys::close(socket);
  return result;
}

// To the server whose turn it is, or the next that can be reached.
void Lookups::send(Query &query) {
  const size_t servers = upstream_.count();
  query.serial = ++serial_;
  for (; query.attempt < kRounds * servers; query.attempt++) {
    query.deadline = sys::milliseconds() + kWait;
    if (pass(query, upstream_.server(query.attempt % servers)) >= 0) return;
  }
  finish(query, Result::ServFail, {});
}

void Lookups::finish(Query &query, Result result, const Addresses &addresses) {
  query.open = false;
  open_queries_--;
  answer(query.asker, query.question, result, addresses);
}

void Lookups::on_resolver() {
  Answered answered;
  const long got = sys::read(resolver_, &answered, sizeof answered);
  if (got <= 0) {
    // It is gone: names are answered no more.
    sys::unwatch(epoll_, resolver_);
    return;
  }
  if (got != sizeof answered || answered.slot >= kMaxQueries ||
      answered.addresses.count > kMaxAddresses)
    return;
  Query &query = queries_[answered.slot];
  if (!query.open || query.serial != answered.serial) return;
  if (answered.truncated != 0 && !query.stream) {
    query.stream = true;
    return send(query);
  }
  if (answered.truncated != 0 || answered.result == Result::ServFail) {
    query.attempt++;
    return send(query);
  }
  if (answered.result != Result::NoError) return finish(query, Result::NxDomain, {});
  const uint32_t seconds = answered.addresses.seconds;
  const uint32_t least = seconds < kLeastTime ? kLeastTime : seconds;
  const uint64_t kept = uint64_t{least > kMostTime ? kMostTime : least} * 1000 + kGrace;
  const uint64_t now = sys::milliseconds();
  Addresses given = {.seconds = seconds > kMostTime ? kMostTime : seconds};
  const Text name = query.question.asked();
  for (size_t i = 0; i < answered.addresses.count; i++) {
    const IpAddress &address = answered.addresses.rows[i];
    if (query.judged)
      add(given, address);
    else if (!judge_->may_answer(name, address))
      report_->refuse_answer(name, canonical(address));
    else if (judge_->pin(name, address, now, now + kept))
      add(given, address);
    if (report_->is_wanted() || asking_ != nullptr) names_.keep(name, canonical(address));
  }
  const bool none = given.count == 0 && answered.addresses.count != 0;
  finish(query, none ? Result::NxDomain : Result::NoError, given);
}

void Lookups::on_time(uint64_t now) {
  if (open_queries_ == 0) return;
  for (Query &query : queries_) {
    if (!query.open || query.deadline > now) continue;
    query.attempt++;
    send(query);
  }
}

int Lookups::next_time(uint64_t now) const {
  if (open_queries_ == 0) return -1;
  uint64_t next = UINT64_MAX;
  for (const Query &query : queries_)
    if (query.open && query.deadline < next) next = query.deadline;
  if (next == UINT64_MAX) return -1;
  return next <= now ? 0 : static_cast<int>(next - now);
}

}  // namespace ll
