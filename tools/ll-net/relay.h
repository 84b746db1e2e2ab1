// Datagrams of the inner network that `connect HOST:PORT/udp` grants: passed on by sockets of the
// host, each connected to where it was sent, and their answers back.
#pragma once

#include "lookups.h"

namespace ll {

class Relay {
 public:
  // Ends the program where a rule cannot be held.
  void start(const Policy &policy, const Judge &judge, const Lookups &lookups, Report &report,
             int epoll);
  void on_datagram(size_t index);
  void on_answer(size_t index);

 private:
  static constexpr size_t kMaxPorts = 64, kMaxFlows = 1024;
  struct Port {
    int socket;
    uint16_t number;
  };
  struct Flow {
    int socket;  // of the host; 0: free
    size_t port;
    uint64_t used;  // in the order of use
    Datagram ends;
  };

  void listen(const Policy &policy, const Rule &rule, const Inner &inner, int domain,
              uint16_t port);
  Flow *find(size_t port, const Datagram &datagram);
  Flow *make(size_t port, const Datagram &datagram);

  const Judge *judge_;
  const Lookups *lookups_;
  Report *report_;
  int epoll_;
  uint64_t uses_;
  size_t port_count_;
  Port ports_[2 * kMaxPorts];
  Flow flows_[kMaxFlows];
};

}  // namespace ll
