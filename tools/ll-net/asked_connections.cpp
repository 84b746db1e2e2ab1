// Of Connections: what the lines refuse, and a judge may allow.
#include "connections.h"
#include "core/policy/judging.h"
#include "os/kernel/process.h"
#include "question.h"
#include "task.h"

namespace ll {

namespace {

bool is_internet(int socket) {
  int domain = 0;
  uint32_t size = sizeof domain;
  if (sys::get_socket_option(socket, uapi::kSO_DOMAIN, &domain, size) < 0) return true;
  return domain != uapi::kAF_UNIX;
}

bool is_tcp(int socket, int &domain) {
  int type = 0;
  int protocol = 0;
  uint32_t size = sizeof domain;
  return sys::get_socket_option(socket, uapi::kSO_DOMAIN, &domain, size) >= 0 &&
         sys::get_socket_option(socket, uapi::kSO_TYPE, &type, size) >= 0 &&
         sys::get_socket_option(socket, uapi::kSO_PROTOCOL, &protocol, size) >= 0 &&
         (domain == uapi::kAF_INET || domain == uapi::kAF_INET6) && type == uapi::kSOCK_STREAM &&
         protocol == uapi::kIPPROTO_TCP;
}

}  // namespace

void Connections::let_ask(const Policy &policy, Asking &asking, const TaskRights &rights,
                          bool same_root) {
  policy_ = &policy;
  rights_ = &rights;
  same_root_ = same_root;
  asking_ = &asking;
}

// A kept socket could be forgotten meanwhile: one more descriptor of it.
void Connections::ask_judge(const uapi::Notification &call, const ParsedOption &taken,
                            const Target &target, bool binds) {
  IpAddress address;
  uint16_t port = 0;
  size_t index = 0;
  while (index < asked_end_ && asked_[index].id != 0) index++;
  const Subject subject = binds ? Subject::Bind : Subject::Connect;
  uint64_t question = 0;
  const long socket = taken.inode == 0 ? taken.socket : sys::copy_descriptor(taken.socket);
  if (index < kMaxAsked && socket >= 0 && rights_->are_those_of(call.pid, same_root_, nullptr) &&
      read_socket_address(target.peer, target.size, address, port)) {
    address = canonical(address);
    Builder line = asking_->begin(subject);
    FixedString<kMaxName> written;
    write_address(written, address);
    add_text(line, "host"_t, binds ? Text{} : lookups_->name_of(address));
    add_text(line, "address"_t, written.text());
    add_number(line, "port"_t, port);
    add_text(line, "protocol"_t, "tcp"_t);
    add_process(line, call.pid);
    if (is_valid(call.id)) question = asking_->ask(subject, static_cast<uint32_t>(index), line);
  }
  if (question == 0) {
    if (socket >= 0) sys::close(static_cast<int>(socket));
    return answer(call.id, -uapi::kEACCES);
  }
  if (index == asked_end_) asked_end_++;
  asked_[index] = {.id = call.id,
                   .question = question,
                   .task = call.pid,
                   .socket = static_cast<int>(socket),
                   .inode = taken.inode,
                   .binds = binds,
                   .target = target};
  next_look_ = now_ + kLookInterval;
}

void Connections::drop(AskedSocket &asked) {
  asked.id = 0;
  while (asked_end_ > 0 && asked_[asked_end_ - 1].id == 0) asked_end_--;
}

void Connections::on_ruling(const Ruling &ruling) {
  AskedSocket &asked = asked_[ruling.owner];
  if (ruling.error == 0) {
    do_asked(asked, ruling.audit);
  } else {
    IpAddress address;
    uint16_t port = 0;
    if (!asked.binds && report_->is_wanted() &&
        read_socket_address(asked.target.peer, asked.target.size, address, port)) {
      address = canonical(address);
      report_->refuse(address, port, false, lookups_->name_of(address), asked.task);
    }
    sys::close(asked.socket);
    answer(asked.id, ruling.error);
  }
  drop(asked);
}

// On the socket that was judged, to the address that was.
void Connections::do_asked(const AskedSocket &asked, bool audit) {
  if (audit) format_audit(asked);
  if (asked.binds) {
    const long bound = sys::call(number::bind, asked.socket, sys::address(&asked.target.peer),
                                 static_cast<long>(asked.target.size));
    if (bound >= 0) bound_[next_bound_++ % kMaxAsked] = inode_of(asked.socket);
    sys::close(asked.socket);
    return answer(asked.id, bound);
  }
  uapi::Notification call = {};
  call.id = asked.id;
  call.pid = asked.task;
  Target target = asked.target;
  IpAddress address;
  uint16_t port = 0;
  if (read_socket_address(target.peer, target.size, address, port))
    aim(asked.socket, target, canonical(address), port);
  connect_socket(call, {asked.socket, asked.inode}, target);
  if (asked.inode != 0) sys::close(asked.socket);
}

void Connections::format_audit(const AskedSocket &asked) const {
  IpAddress address;
  uint16_t port = 0;
  if (!read_socket_address(asked.target.peer, asked.target.size, address, port)) return;
  FixedString<kMaxName> written;
  write_address(written, canonical(address));
  char name[16] = {};
  name_of_task(asked.task, name);
  Diagnostic problem;
  problem.fail(kNoLocation, "allowed by the judge: % % port % (%)",
               asked.binds ? "bind"_t : "connect"_t, written.text(), uint32_t{port}, c_text(name));
  warn(*policy_, problem);
}

void Connections::look_at_asked() {
  for (size_t i = 0; i < asked_end_; i++) {
    AskedSocket &asked = asked_[i];
    if (asked.id == 0) continue;
    const bool waits = is_valid(asked.id);
    if (waits && !is_interrupted(asked.task)) continue;
    if (waits) answer(asked.id, -uapi::kERESTARTSYS);
    asking_->forget(asked.question);
    sys::close(asked.socket);
    drop(asked);
  }
}

bool Connections::is_granted_bind(uint16_t port) const {
  for (size_t i = 0; i < policy_->rule_count; i++) {
    const Rule &rule = policy_->rules[i];
    if (rule.directive == Directive::Bind && !rule.udp && rule.low <= port && port <= rule.high)
      return true;
  }
  return false;
}

// What a line grants, Landlock does as well.
void Connections::bind_asked(const uapi::Notification &call) {
  Target target = {};
  if (!read_target(call, target)) return;
  IpAddress address;
  uint16_t port = 0;
  if (!asks(kAskBind) || !read_socket_address(target.peer, target.size, address, port) ||
      is_granted_bind(port))
    return go_on(call.id);
  ParsedOption taken;
  const long result = take(call, taken);
  // Not of the host's network.
  if (result > 0 && taken.socket < 0) return go_on(call.id);
  if (result < 0 && taken.socket < 0) return answer(call.id, result);
  int domain = 0;
  if (is_tcp(taken.socket, domain) && domain == target.peer.family)
    return ask_judge(call, taken, target, true);
  release(taken);
  go_on(call.id);
}

bool Connections::was_bound(int socket) const {
  const uint64_t inode = inode_of(socket);
  for (const uint64_t bound : bound_)
    if (bound == inode && inode != 0) return true;
  return false;
}

// Where no line binds a port: only on one that the judge allowed. Done here, for the
// descriptor can be another one by the time that the kernel looks.
void Connections::listen_bound(const uapi::Notification &call) {
  ParsedOption taken;
  const long result = take_own(call, taken);
  if (result < 0) return answer(call.id, result);
  long listens = -uapi::kEACCES;
  if (!is_internet(taken.socket) || was_bound(taken.socket))
    listens = sys::call(number::listen, taken.socket, static_cast<int>(call.arguments[1]));
  if (listens >= 0) kept_.forget(inode_of(taken.socket));
  sys::close(taken.socket);
  answer(call.id, listens);
}

}  // namespace ll
