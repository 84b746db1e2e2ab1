// The machine's own files about names: resolv.conf(5) and hosts(5).
#pragma once

#include "judge.h"

namespace ll {

constexpr size_t kMaxServers = 3;  // MAXNS, resolv.conf(5)

class Upstream {
 public:
  // If the file is another one than when it was read.
  void refresh();
  [[nodiscard]] size_t count() const { return count_; }
  [[nodiscard]] const IpAddress &server(size_t i) const { return servers_[i]; }

 private:
  void read();
  bool is_new();

  size_t count_;
  IpAddress servers_[kMaxServers];
  uint64_t version_[3];
};

class Hosts {
 public:
  void read();
  // act(name, address) of each name of each line.
  template <typename Act>
  void for_each(const Act &act) const {
    for (Text rest = {bytes_, size_}; !rest.empty();) {
      const Text line = rest.first(find(rest, '\n'));
      rest = rest.from(line.size + 1);
      Text words = line.first(find(line, '#'));
      IpAddress address;
      if (!read_address(take_word(words), address)) continue;
      for (Text name = take_word(words); !name.empty(); name = take_word(words)) act(name, address);
    }
  }

 private:
  static Text take_word(Text &words);

  size_t size_;
  char bytes_[1 << 20];  // what is beyond is not known
};

}  // namespace ll
