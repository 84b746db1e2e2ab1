// netlink(7): what every family of it has.
#pragma once

#include <cstdint>

namespace ll {

constexpr int kNetlink = 16, kRaw = 3;                            // AF_NETLINK, SOCK_RAW
constexpr uint16_t kNetlinkRequest = 1, kNetlinkAcknowledge = 4;  // NLM_F_REQUEST, NLM_F_ACK
constexpr uint16_t kNetlinkError = 2;                             // NLMSG_ERROR

}  // namespace ll
