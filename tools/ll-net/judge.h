// Whether a connection is granted: the rules, and which name an address was the answer for.
#pragma once

#include "core/address_class.h"

namespace ll {

// A name as it is asked for: lower case, without the last dot. False when it is none.
bool fold_name(Text name, Builder &out);

class Judge {
 public:
  // Of the rules that are about connections.
  void read(const Policy &policy);
  // Whether a line names it, so that it may be looked up.
  [[nodiscard]] bool may_look_up(Text name) const;
  // Whether such an answer may be given for it.
  [[nodiscard]] bool may_answer(Text name, const IpAddress &address) const;
  // `until` in milliseconds of the monotonic clock. False when there is no more room.
  bool pin(Text name, const IpAddress &address, uint64_t now, uint64_t until);
  // Of /etc/hosts, and localhost.
  bool pin_for_ever(Text name, const IpAddress &address);
  // `own`: of `localhost own`, which is private to nobody else.
  [[nodiscard]] bool may_connect(const IpAddress &address, uint32_t port, uint64_t now,
                                 bool own = false) const;
  // Whatever else is granted: nobody is asked about it.
  [[nodiscard]] bool is_never(const IpAddress &address, uint32_t port, bool own) const;
  [[nodiscard]] bool may_send(const IpAddress &address, uint32_t port, uint64_t now) const;

 private:
  struct JudgeLine {
    Peer peer;
    uint32_t low = 0, high = 0;
    enum Kind : uint8_t { AnyHost, Host, Never, NeverPrivate } kind = AnyHost;
    bool privately = false;
    bool udp = false;
  };
  struct Pin {
    IpAddress address;
    uint32_t line;  // that says most of its name, plus 1; 0: free
    bool trusted;   // of the machine's own files
    uint64_t until;
  };
  static constexpr size_t kMaxPins = 65536, kProbes = 64;

  [[nodiscard]] bool grants_by_name(const JudgeLine &line, const Pin &pin) const;
  [[nodiscard]] bool grants(const IpAddress &address, uint32_t port, bool udp, uint64_t now) const;
  [[nodiscard]] uint32_t line_of(Text name) const;
  static bool covers(const JudgeLine &line, const JudgeLine &of_pin);
  bool add(Text name, const IpAddress &address, uint64_t now, uint64_t until, bool trusted);

  size_t line_count_ = 0;
  JudgeLine lines_[kMaxRules] = {};
  Pin pins_[kMaxPins] = {};
};

}  // namespace ll
