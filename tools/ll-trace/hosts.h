// --learn: whom a run connects to, by the names that it looked up.
#pragma once

#include "address.h"
#include "explainer.h"

namespace ll {

constexpr size_t kMaxHosts = 1024;
struct RecordedHost {
  Text name;  // empty: its address was not the answer to any
  IpAddress address;
  uint32_t port;
  bool udp;
};
struct RecordedHosts {
  size_t count;
  RecordedHost rows[kMaxHosts];
};
extern RecordedHosts learnt_hosts;

// What a call brought, if it is the answer of a name server.
void record_answer(int tid, const TracedSyscall &traced, const Syscall &call, long result);
// The name that this address was the answer to; empty: none.
Text name_looked_up(const IpAddress &address);
// False: there is no more room.
bool record_host(const Address &address);
// Lines of them that the policy does not have: by host where a name was looked up or a line is
// about a host already, else by port.
void write_hosts(Builder &out, const Policy &policy, const Kernel &kernel);

}  // namespace ll
