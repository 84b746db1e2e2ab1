// What is refused, said each once: to the user who asked for it (-v), and to the program that
// watches the command (ll-trace).
#pragma once

#include "core/refused_peer.h"

namespace ll {

class Report {
 public:
  // `refused_peers`: a pipe that does not make its writer wait; 0: nobody is told.
  void start(const Policy &policy, bool verbose, int refused_peers);
  // Whether anybody wants to know: names need not be kept otherwise.
  [[nodiscard]] bool is_wanted() const { return policy_ != nullptr; }
  // Whether somebody watches the command: what is let through is told as well.
  [[nodiscard]] bool is_reported() const { return refused_peers_ != 0; }

  // `name` that was looked up; empty: none. `task`: a thread of the command; 0: it is not known.
  void refuse(const IpAddress &address, uint16_t port, bool udp, Text name, uint32_t task);
  void refuse_lookup(Text name);
  void refuse_answer(Text name, const IpAddress &address);
  // Its memory or its sockets cannot be had: its program has no read permission, for one.
  void refuse_unreadable(uint32_t task);
  // Let through.
  void note_connected(const IpAddress &address, uint16_t port, bool udp, Text name, uint32_t task);
  // Whether it is refused is not known here.
  void note_unix(Text path, uint32_t task);

 private:
  static constexpr size_t kMax = 512;

  void add(RefusedPeer &refused, Text name, uint32_t task);
  [[nodiscard]] bool is_known(const RefusedPeer &refused) const;
  void format(const RefusedPeer &refused) const;

  const Policy *policy_;  // null: nobody wants to know
  bool verbose_;
  int refused_peers_;
  size_t count_;
  RefusedPeer rows_[kMax];
};

}  // namespace ll
