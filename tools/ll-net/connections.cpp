#include "connections.h"

#include "os/kernel/process.h"
#include "task.h"

namespace ll {

namespace {

constexpr size_t kAtATime = 32;  // that wait

constexpr uint16_t kUnspecified = 0, kUnixAddress = 1;  // AF_UNSPEC, AF_UNIX
constexpr uint16_t kDnsPort = 53;
constexpr long kNotASocketOfTheHost = 1, kOfInnerNetwork = 2, kToBeAsked = 3;

struct Timeval {
  int64_t seconds, microseconds;
};

long ask(int socket, int option) {
  int value = 0;
  uint32_t size = sizeof value;
  const long result = sys::get_socket_option(socket, option, &value, size);
  return result < 0 ? result : value;
}

bool is_connected(int socket) {
  constexpr int kPeerName = 28;  // SO_PEERNAME
  SocketAddress peer;
  uint32_t size = sizeof peer;
  return sys::get_socket_option(socket, kPeerName, &peer, size) >= 0;
}

// SO_SNDTIMEO, as a time of the monotonic clock.
uint64_t deadline_of(int socket) {
  Timeval time = {};
  uint32_t size = sizeof time;
  if (sys::get_socket_option(socket, uapi::kSO_SNDTIMEO, &time, size) < 0) return UINT64_MAX;
  const auto wait = static_cast<uint64_t>(time.seconds * 1000 + (time.microseconds + 999) / 1000);
  return wait == 0 ? UINT64_MAX : sys::milliseconds() + wait;
}

// The socket is connected, or on its way there, without waiting; a program that shares it would
// see that for as long.
long connect_at_once(int socket, const SocketAddress &peer, size_t size, bool &blocking) {
  const long flags = sys::file_flags(socket);
  if (flags < 0) return flags;
  blocking = (flags & uapi::kO_NONBLOCK) == 0;
  if (!blocking) return sys::connect(socket, &peer, size);
  const long set = sys::set_file_flags(socket, flags | uapi::kO_NONBLOCK);
  if (set < 0) return set;
  const long result = sys::connect(socket, &peer, size);
  const long restored = sys::set_file_flags(socket, flags);
  return restored < 0 ? restored : result;
}

bool is_under_way(long result) {
  return result == -uapi::kEINPROGRESS || result == -uapi::kEALREADY;
}

}  // namespace

void Connections::start(const Judge &judge, Lookups &lookups, Report &report, Loopback &loopback,
                        int listener, int epoll, bool keeps) {
  keeps_ = keeps;
  judge_ = &judge;
  lookups_ = &lookups;
  report_ = &report;
  loopback_ = &loopback;
  listener_ = listener;
  epoll_ = epoll;
  // Who has called goes on at once on the processor that answers. Older kernels do not know it.
  if (listener >= 0)
    sys::call(number::ioctl, listener, uapi::kSECCOMP_IOCTL_NOTIF_SET_FLAGS,
              uapi::kSECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

// ENOENT, of a call that is not waited for any more, is no fault.
void Connections::answer(uint64_t id, long error) const {
  const uapi::NotificationAnswer done = {id, 0, static_cast<int32_t>(error), 0};
  sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_SEND, &done);
}

void Connections::go_on(uint64_t id) const {
  const uapi::NotificationAnswer done = {id, 0, 0, uapi::kSECCOMP_USER_NOTIF_FLAG_CONTINUE};
  sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_SEND, &done);
}

bool Connections::is_valid(uint64_t id) const {
  return sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_ID_VALID, &id) >= 0;
}

void Connections::on_call(const uapi::Notification &call) {
  if (call.number == number::connect)
    connect(call);
  else if (call.number == number::socket)
    open_socket(call);
  else if (call.number == number::listen)
    listen(call);
  else if (call.number == number::bind)
    bind(call);
  else
    answer(call.id, -uapi::kENOSYS);
}

void Connections::open_socket(const uapi::Notification &call) {
  const int type = static_cast<int>(call.arguments[1]);
  const int flags = type & (uapi::kO_NONBLOCK | uapi::kO_CLOEXEC);
  const long made =
      (type & uapi::kSOCK_TYPE_MASK) == uapi::kSOCK_STREAM
          ? kept_.make(static_cast<int>(call.arguments[0]), uapi::kSOCK_STREAM | flags)
          : lookups_->open(static_cast<int>(call.arguments[0]), type,
                           static_cast<int>(call.arguments[2]));
  if (made < 0) return answer(call.id, made == -uapi::kEIO ? -uapi::kENOBUFS : made);
  pass(call, made);
  if ((type & uapi::kSOCK_TYPE_MASK) != uapi::kSOCK_STREAM) sys::close(static_cast<int>(made));
}

void Connections::pass(const uapi::Notification &call, long made) {
  const uapi::AddedDescriptor added = {
      .id = call.id,
      .flags = uapi::kSECCOMP_ADDFD_FLAG_SEND,
      .source = static_cast<uint32_t>(made),
      .target_flags = static_cast<uint32_t>(call.arguments[1]) & uapi::kO_CLOEXEC};
  const long result = sys::control(listener_, uapi::kSECCOMP_IOCTL_NOTIF_ADDFD, &added);
  if (result < 0 && result != -uapi::kENOENT) answer(call.id, result);
}

// A copy would hold its port; what it listens on, Landlock says.
void Connections::listen(const uapi::Notification &call) {
  if (asking_ != nullptr && judges_listening(*policy_)) return listen_bound(call);
  const long inode = socket_of(call.pid, static_cast<int>(call.arguments[0]));
  if (inode > 0) kept_.forget(static_cast<uint64_t>(inode));
  go_on(call.id);
}

// While a thread lives, no other has its number: what is taken of one that is known is of the one
// that calls, and so is what was read of its memory before. ESRCH: it is another's by now.
long Connections::take_of_known(const uapi::Notification &call) {
  const auto number = static_cast<int>(call.arguments[0]);
  Known &known = known_[call.pid % kMaxKnown];
  if (known.task == call.pid) {
    const long taken = sys::take_descriptor(known.process, number);
    if (taken != -uapi::kESRCH && taken != -uapi::kEBADF) return taken;
  }
  bool of_thread = false;
  const long opened = open_task(call.pid, of_thread);
  if (opened < 0) return opened;
  const auto process = static_cast<int>(opened);
  const long taken = is_valid(call.id) ? sys::take_descriptor(process, number) : -uapi::kESRCH;
  if (!of_thread) return sys::close(process), taken;
  if (known.task != 0) sys::close(known.process);
  known = {call.pid, process};
  return taken;
}

// The command's own, of whatever kind it is now: another may have taken its number meanwhile.
long Connections::take_own(const uapi::Notification &call, ParsedOption &taken) {
  const long result = take_of_known(call);
  if (result == -uapi::kEPERM) return -uapi::kEACCES;
  taken.socket = static_cast<int>(result);
  return result;
}

long Connections::take_kept(const uapi::Notification &call, ParsedOption &taken) const {
  const long inode = socket_of(call.pid, static_cast<int>(call.arguments[0]));
  if (inode < 0) return inode;
  if (inode == 0) return -uapi::kENOTSOCK;
  taken.inode = static_cast<uint64_t>(inode);
  if (lookups_->is_pair(taken.inode)) return kNotASocketOfTheHost;
  switch (kept_.find(taken.inode, taken.socket)) {
    case Kept::State::Kept: return 0;
    case Kept::State::Connected: return -uapi::kEISCONN;
    case Kept::State::Unknown: break;
  }
  // TCP among it is Landlock's to refuse.
  return kOfInnerNetwork;
}

long Connections::take(const uapi::Notification &call, ParsedOption &taken) {
  return keeps_ ? take_kept(call, taken) : take_own(call, taken);
}

void Connections::release(const ParsedOption &taken) {
  if (taken.inode == 0) sys::close(taken.socket);
}

// 0, or minus the errno that the command is told. The target becomes what is really connected to.
long Connections::check_access(const uapi::Notification &call, int socket, Target &target) const {
  const long domain = ask(socket, uapi::kSO_DOMAIN);
  if (domain < 0) return domain;
  const long type = ask(socket, uapi::kSO_TYPE);
  // The command has none of the host's: it is of the inner network.
  if (type == uapi::kSOCK_DGRAM && (domain == uapi::kAF_INET || domain == uapi::kAF_INET6))
    return kOfInnerNetwork;
  const bool internet = domain == uapi::kAF_INET || domain == uapi::kAF_INET6;
  // A resolver, or a library that tries which of its addresses would be used.
  if (domain == uapi::kAF_UNIX && type == uapi::kSOCK_SEQPACKET) return kNotASocketOfTheHost;
  if (!internet || type != uapi::kSOCK_STREAM ||
      ask(socket, uapi::kSO_PROTOCOL) != uapi::kIPPROTO_TCP)
    return -uapi::kEACCES;
  if (target.peer.family == kUnspecified) return 0;
  IpAddress address;
  uint16_t port = 0;
  if (!read_socket_address(target.peer, target.size, address, port))
    return target.peer.family == uapi::kAF_INET || target.peer.family == uapi::kAF_INET6
               ? -uapi::kEINVAL
               : -uapi::kEAFNOSUPPORT;
  address = canonical(address);
  if (!may_connect(address, port)) {
    const bool own = loopback_->is_own() && Loopback::is_loopback(address);
    if (asks(kAskConnect) && !own && !judge_->is_never(address, port, own)) return kToBeAsked;
    if (report_->is_wanted())
      report_->refuse(address, port, false, lookups_->name_of(address), call.pid);
    return -uapi::kEACCES;
  }
  if (loopback_->is_own() && Loopback::is_loopback(address))
    if (const long found = loopback_->find_to_connect(address, port); found < 0) return found;
  if (report_->is_reported())
    report_->note_connected(address, port, false, lookups_->name_of(address), call.pid);
  aim(socket, target, address, port);
  return 0;
}

bool Connections::may_connect(const IpAddress &address, uint16_t port) const {
  const bool own = loopback_->is_own() && Loopback::is_loopback(address);
  return (!own || loopback_->has(address)) && judge_->may_connect(address, port, now_, own);
}

// An IPv6 socket reaches an IPv4 address only if it is not for IPv6 alone: ipv6(7).
void Connections::aim(int socket, Target &target, const IpAddress &address, uint16_t port) {
  if (target.peer.family == uapi::kAF_INET) {
    memcpy(target.peer.inet4.address, address.bytes + 12, 4);
    target.peer.inet4.port = swapped(port);
    return;
  }
  IpAddress before;
  memcpy(before.bytes, target.peer.inet6.address, kAddressSize);
  constexpr int kIpv6Level = 41, kOnlyIpv6 = 26;
  const int off = 0;
  if (is_ipv4(address) && !is_ipv4(before))
    sys::set_socket_option(socket, kIpv6Level, kOnlyIpv6, &off, sizeof off);
  memcpy(target.peer.inet6.address, address.bytes, kAddressSize);
  target.peer.inet6.port = swapped(port);
  target.peer.inet6.flow = 0;
}

void Connections::refuse_unreadable(const uapi::Notification &call) const {
  report_->refuse_unreadable(call.pid);
  answer(call.id, -uapi::kEACCES);
}

// An abstract name begins with '@' here, as ss(8) has it.
void Connections::note_unix(const uapi::Notification &call, const Target &target) const {
  const Text path = {reinterpret_cast<const char *>(target.peer.bytes) + 2, target.size - 2};
  FixedString<kMaxName> name;
  if (!report_->is_wanted() || path.empty()) return;
  if (path[0] == '\0')
    name << '@' << path.from(1);
  else
    name << path.first(find(path, '\0'));
  report_->note_unix(name.text(), call.pid);
}

bool Connections::read_target(const uapi::Notification &call, Target &target) const {
  const auto size = static_cast<int32_t>(call.arguments[2]);
  if (size < static_cast<int32_t>(sizeof target.peer.family) ||
      size > static_cast<int32_t>(uapi::kMaxSockaddr))
    return answer(call.id, -uapi::kEINVAL), false;
  target.size = static_cast<size_t>(size);
  const long read = sys::read_memory(call.pid, call.arguments[1], &target.peer, target.size);
  if (read == -uapi::kEPERM) return refuse_unreadable(call), false;
  if (read != size) return answer(call.id, -uapi::kEFAULT), false;
  // The kernel reads it again; by then it may be another. What Landlock and ll-exec's filter
  // refuse, TCP among it, they refuse then.
  if (target.peer.family != kUnixAddress) return true;
  if (call.number == number::connect) note_unix(call, target);
  go_on(call.id);
  return false;
}

void Connections::connect(const uapi::Notification &call) {
  Target target = {};
  if (!read_target(call, target)) return;
  ParsedOption taken;
  long result = take(call, taken);
  if (result == kNotASocketOfTheHost) return answer_pair(call, target);
  if (result == kOfInnerNetwork) return go_on(call.id);
  if (result < 0) return answer(call.id, result);
  result = check_access(call, taken.socket, target);
  if (result == 0) return connect_socket(call, taken, target);
  if (result == kToBeAsked) return ask_judge(call, taken, target, false);
  release(taken);
  if (result == kOfInnerNetwork) return go_on(call.id);
  if (result == kNotASocketOfTheHost) return answer_pair(call, target);
  answer(call.id, result);
}

// By what the lines grant, which Landlock does not hold here.
long Connections::bind_socket(int socket, Target &target) const {
  IpAddress address;
  uint16_t port = 0;
  const long domain = ask(socket, uapi::kSO_DOMAIN);
  if ((domain != uapi::kAF_INET && domain != uapi::kAF_INET6) ||
      ask(socket, uapi::kSO_TYPE) != uapi::kSOCK_STREAM ||
      ask(socket, uapi::kSO_PROTOCOL) != uapi::kIPPROTO_TCP)
    return kOfInnerNetwork;
  if (target.peer.family != domain) return -uapi::kEAFNOSUPPORT;
  if (!read_socket_address(target.peer, target.size, address, port)) return -uapi::kEINVAL;
  const uint16_t asked = port;
  if (const long found = loopback_->find_to_bind(address, port); found < 0) return found;
  aim(socket, target, address, port);
  const long result =
      sys::call(number::bind, socket, sys::address(&target.peer), static_cast<long>(target.size));
  if (result >= 0) loopback_->note_bound(asked, inode_of(socket));
  return result;
}

void Connections::bind(const uapi::Notification &call) {
  if (!loopback_->is_own()) return bind_asked(call);
  Target target = {};
  if (!read_target(call, target)) return;
  ParsedOption taken;
  long result = take(call, taken);
  if (result == 0 || taken.socket >= 0) {
    result = bind_socket(taken.socket, target);
    release(taken);
  }
  // Not of the host's network, or no TCP: that is the kernel's to do, and Landlock's to refuse.
  if (result == kOfInnerNetwork || result == kNotASocketOfTheHost) return go_on(call.id);
  answer(call.id, result);
}

// Softly: what sorts addresses by whether they can be reached goes on with all of them.
void Connections::answer_pair(const uapi::Notification &call, const Target &target) const {
  IpAddress address;
  uint16_t port = 0;
  const bool to_resolver =
      read_socket_address(target.peer, target.size, address, port) && port == kDnsPort;
  const bool done = to_resolver || target.peer.family == kUnspecified;
  answer(call.id, done ? 0 : -uapi::kENETUNREACH);
}

void Connections::connect_socket(const uapi::Notification &call, const ParsedOption &taken,
                                 const Target &target) {
  bool blocking = false;
  const long result = connect_at_once(taken.socket, target.peer, target.size, blocking);
  const bool on_its_way = is_under_way(result);
  if (on_its_way && blocking) {
    if (wait(call, taken, target, result)) return;
    release(taken);
    return answer(call.id, -uapi::kENOBUFS);
  }
  // What is kept is to be let go of as soon as it is connected.
  if (on_its_way && taken.inode != 0 && !wait(call, taken, target, 0)) kept_.settle(taken.inode);
  if (result == 0 && target.peer.family != kUnspecified) kept_.settle(taken.inode);
  release(taken);
  answer(call.id, result);
}

// A kept one could be replaced by others meanwhile: here is one more copy of it. False: no room.
bool Connections::wait(const uapi::Notification &call, const ParsedOption &taken,
                       const Target &target, long late) {
  const bool left = late == 0;
  while (first_ < end_ && waiting_[first_].socket != 0) first_++;
  if (first_ == kMaxWaiting) return false;
  const size_t index = first_;
  long socket = taken.socket;
  if (taken.inode != 0) socket = sys::copy_descriptor(taken.socket);
  if (socket < 0) return false;
  if (sys::watch(epoll_, static_cast<int>(socket), uapi::kEPOLLOUT,
                 watched(Watched::Connection, index)) < 0) {
    if (taken.inode != 0) sys::close(static_cast<int>(socket));
    return false;
  }
  waiting_[index] = {.id = call.id,
                     .deadline = left ? UINT64_MAX : deadline_of(taken.socket),
                     .late = late,
                     .task = call.pid,
                     .socket = static_cast<int>(socket),
                     .inode = taken.inode,
                     .left = left,
                     .peer_size = target.size,
                     .peer = target.peer};
  if (index == end_) end_++;
  if (!left && count_++ == 0) next_look_ = sys::milliseconds() + kLookInterval;
  return true;
}

// It has one more owner, the command: what is only closed here would be watched on.
void Connections::finish(Waiting &waiting, long error) {
  sys::unwatch(epoll_, waiting.socket);
  sys::close(waiting.socket);
  waiting.socket = 0;
  if (!waiting.left) count_--;
  const auto index = static_cast<size_t>(&waiting - waiting_);
  if (index < first_) first_ = index;
  while (end_ > 0 && waiting_[end_ - 1].socket == 0) end_--;
  if (error == 0 && waiting.inode != 0) kept_.settle(waiting.inode);
  if (!waiting.left) answer(waiting.id, error);
}

// The second connect(2) says what came of the first.
void Connections::on_connection(size_t index) {
  Waiting &waiting = waiting_[index];
  if (waiting.socket == 0) return;
  // Its error is the command's to read.
  if (waiting.left) return finish(waiting, is_connected(waiting.socket) ? 0 : -uapi::kEINPROGRESS);
  bool blocking = false;
  const long result = connect_at_once(waiting.socket, waiting.peer, waiting.peer_size, blocking);
  if (!is_under_way(result)) finish(waiting, result);
}

void Connections::on_time(uint64_t now) {
  if ((count_ == 0 && asked_end_ == 0) || now < next_look_) return;
  next_look_ = now + kLookInterval;
  look_at_asked();
  for (size_t i = 0; i < kAtATime && i < end_; i++) {
    look_ = look_ + 1 < end_ ? look_ + 1 : 0;
    Waiting &waiting = waiting_[look_];
    if (waiting.socket == 0 || waiting.left) continue;
    if (!is_valid(waiting.id))
      finish(waiting, 0);
    else if (now >= waiting.deadline)
      finish(waiting, waiting.late);
    else if (is_interrupted(waiting.task))
      // net/sock.h, sock_intr_errno: what has a time is not begun again.
      finish(waiting, waiting.deadline == UINT64_MAX ? -uapi::kERESTARTSYS : -uapi::kEINTR);
  }
}

int Connections::next_time(uint64_t now) const {
  if (count_ == 0 && asked_end_ == 0) return -1;
  return next_look_ <= now ? 0 : static_cast<int>(next_look_ - now);
}

}  // namespace ll
