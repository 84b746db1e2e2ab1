// The names that the command looks up: it asks at one end of a pair of sockets, which it takes for
// a UDP socket, and has its answer there.
#pragma once

#include "asking.h"
#include "inner.h"
#include "judge.h"
#include "names.h"
#include "report.h"
#include "resolver.h"
#include "upstream.h"
#include "watched.h"

namespace ll {

class Lookups {
 public:
  [[nodiscard]] const Inner &inner() const { return inner_; }
  // Starts the resolver. Minus an errno where that cannot be done.
  long start(Judge &judge, Report &report, int epoll);
  // Names that no line names are asked of that judge.
  void let_ask(Asking &asking) { asking_ = &asking; }
  void on_ruling(const Ruling &ruling);
  // For which the address was an answer, or is one in hosts(5); empty: none.
  [[nodiscard]] Text name_of(const IpAddress &address) const;
  // Whether the command's end of one has that inode.
  [[nodiscard]] bool is_pair(uint64_t inode) const;
  // A UDP socket that reaches nobody but this: of the inner network, or else a pair. Minus an
  // errno.
  long open(int domain, int type, int protocol);
  void on_pair(size_t index);
  void on_datagram(size_t index);
  void on_resolver();
  // What has waited too long is asked of the next server.
  void on_time(uint64_t now);
  // Milliseconds until on_time() has something to do; -1: nothing.
  [[nodiscard]] int next_time(uint64_t now) const;

 private:
  static constexpr size_t kMaxPairs = 1024;
  struct Pair {
    int socket;  // 0: none
    uint32_t serial;
    uint64_t inode;  // of the command's end
  };
  // Where an answer goes.
  struct Asker {
    size_t pair;  // kMaxPairs and up: one of the inner network's sockets
    uint32_t pair_serial;
    Datagram datagram;
  };
  enum class Network : uint8_t { Untried, There, Refused };
  struct Query {
    bool open;
    bool judged;  // no line names it
    bool asked;   // and the judge has not answered yet
    bool stream;
    uint32_t serial;
    uint32_t attempt;
    Asker asker;
    uint64_t deadline;
    NameQuestion question;
  };

  void ask(const NameQuestion &question, const Asker &asker);
  void answer(const Asker &asker, const NameQuestion &question, Result result,
              const Addresses &addresses);
  bool answer_from_hosts(const NameQuestion &question, const Asker &asker);
  bool enter_network();
  long make_pair(int type);
  void send(Query &query);
  [[nodiscard]] long pass(const Query &query, const IpAddress &server);
  void finish(Query &query, Result result, const Addresses &addresses);
  void close_pair(Pair &pair);

  // One more that is open; null: there is no room.
  Query *begin(const NameQuestion &question, const Asker &asker);
  void ask_judge(const NameQuestion &question, const Asker &asker, Text name);

  Judge *judge_;
  Asking *asking_;  // null: nobody is asked
  Report *report_;
  int epoll_;
  int resolver_;
  size_t next_pair_;
  uint32_t serial_;
  size_t open_queries_;
  Upstream upstream_;
  Hosts hosts_;
  Names names_;
  Inner inner_;
  Network network_;
  int datagrams_[2];  // at port 53, of IPv4 and IPv6; 0: none
  Pair pairs_[kMaxPairs];
  Query queries_[kMaxQueries];
};

}  // namespace ll
