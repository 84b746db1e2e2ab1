// What kind of address it is: of the internet, of a private network, of this machine.
#pragma once

#include "core/peer.h"

namespace ll {

enum class Class : uint8_t { Public, Private, Own };  // Own: of this machine or link, 127.0.0.1
Class class_of(const IpAddress &address);
// 0.0.0.0 and :: connect to this machine (Linux ip(7)).
IpAddress canonical(const IpAddress &address);

}  // namespace ll
