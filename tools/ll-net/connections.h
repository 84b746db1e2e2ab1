// What the command wants to connect: decided on one copy of the address, and done on its socket.
#pragma once

#include "asking.h"
#include "calls.h"
#include "judge.h"
#include "kept.h"
#include "lookups.h"
#include "loopback.h"
#include "socket_address.h"
#include "task_rights.h"

namespace ll {

class Connections {
 public:
  // `keeps`: the command's sockets are made here, for they cannot be had from it.
  void start(const Judge &judge, Lookups &lookups, Report &report, Loopback &loopback, int listener,
             int epoll, bool keeps);
  // Besides: what the lines refuse is asked of that judge.
  void let_ask(const Policy &policy, Asking &asking, const TaskRights &rights, bool same_root);
  void on_ruling(const Ruling &ruling);
  // What time it is, by the clock of sys::milliseconds().
  void set_time(uint64_t now) { now_ = now; }
  // One that waits for its answer.
  void on_call(const uapi::Notification &call);
  // A connection has come about, or not.
  void on_connection(size_t index);
  // Some of those that wait are looked at: whether they are still waited for.
  void on_time(uint64_t now);
  [[nodiscard]] int next_time(uint64_t now) const;

 private:
  static constexpr size_t kMaxWaiting = 4096;
  struct Waiting {
    uint64_t id;
    uint64_t deadline;  // of SO_SNDTIMEO; UINT64_MAX: none
    long late;          // what it answers then
    uint32_t task;
    int socket;      // 0: the place is free
    uint64_t inode;  // of a socket that is kept; 0: it is not
    bool left;       // the call was answered: it is only watched for being connected
    size_t peer_size;
    SocketAddress peer;
  };
  struct Target {
    SocketAddress peer;
    size_t size;
  };

  // The socket that a call is about.
  struct ParsedOption {
    int socket = -1;
    uint64_t inode = 0;  // where it is one that is kept
  };
  // What the judge is asked about.
  static constexpr size_t kMaxAsked = 256;
  struct AskedSocket {
    uint64_t id;  // of the call; 0: the place is free
    uint64_t question;
    uint32_t task;
    int socket;      // one more descriptor of it
    uint64_t inode;  // of a socket that is kept
    bool binds;
    Target target;
  };

  [[nodiscard]] bool asks(uint8_t ask) const { return asking_ != nullptr && asking_->asks(ask); }
  void ask_judge(const uapi::Notification &call, const ParsedOption &taken, const Target &target,
                 bool binds);
  void do_asked(const AskedSocket &asked, bool audit);
  void drop(AskedSocket &asked);
  void look_at_asked();
  [[nodiscard]] bool is_granted_bind(uint16_t port) const;
  void bind_asked(const uapi::Notification &call);
  [[nodiscard]] bool was_bound(int socket) const;
  void listen_bound(const uapi::Notification &call);
  void format_audit(const AskedSocket &asked) const;

  void answer(uint64_t id, long error) const;
  void go_on(uint64_t id) const;
  void open_socket(const uapi::Notification &call);
  void pass(const uapi::Notification &call, long made);
  void listen(const uapi::Notification &call);
  void connect(const uapi::Notification &call);
  void bind(const uapi::Notification &call);
  [[nodiscard]] long bind_socket(int socket, Target &target) const;
  [[nodiscard]] bool is_valid(uint64_t id) const;
  [[nodiscard]] long take(const uapi::Notification &call, ParsedOption &taken);
  [[nodiscard]] long take_own(const uapi::Notification &call, ParsedOption &taken);
  [[nodiscard]] long take_of_known(const uapi::Notification &call);
  [[nodiscard]] long take_kept(const uapi::Notification &call, ParsedOption &taken) const;
  static void release(const ParsedOption &taken);
  // False: it is answered, or goes on.
  [[nodiscard]] bool read_target(const uapi::Notification &call, Target &target) const;
  [[nodiscard]] bool may_connect(const IpAddress &address, uint16_t port) const;
  static void aim(int socket, Target &target, const IpAddress &address, uint16_t port);
  [[nodiscard]] long check_access(const uapi::Notification &call, int socket, Target &target) const;
  void refuse_unreadable(const uapi::Notification &call) const;
  void note_unix(const uapi::Notification &call, const Target &target) const;
  void answer_pair(const uapi::Notification &call, const Target &target) const;
  void connect_socket(const uapi::Notification &call, const ParsedOption &taken,
                      const Target &target);
  // `late`: the answer after SO_SNDTIMEO; 0: the call is answered already.
  [[nodiscard]] bool wait(const uapi::Notification &call, const ParsedOption &taken,
                          const Target &target, long late);
  void finish(Waiting &waiting, long error);

  const Judge *judge_;
  Lookups *lookups_;
  Report *report_;
  Loopback *loopback_;
  int listener_;
  int epoll_;
  size_t count_;  // of those that wait
  size_t first_;  // below it all places are taken
  size_t end_;    // from it on all are free
  size_t look_;   // which is looked at next
  uint64_t next_look_;
  uint64_t now_;
  bool keeps_;
  const Policy *policy_;
  Asking *asking_;  // null: nobody is asked
  size_t next_bound_;
  uint64_t bound_[kMaxAsked];  // the newest sockets that were bound because the judge said yes
  const TaskRights *rights_;
  bool same_root_;
  size_t asked_end_;
  AskedSocket asked_[kMaxAsked];
  // Threads that have called, by their numbers.
  static constexpr size_t kMaxKnown = 64;
  struct Known {
    uint32_t task;  // 0: none
    int process;
  };
  Known known_[kMaxKnown];
  Kept kept_;
  Waiting waiting_[kMaxWaiting];
};

}  // namespace ll
