// What sandlock says of the network: [SCHEME://][HOST][:PORT,...].
#include <algorithm>

#include "core/peer.h"
#include "line.h"
#include "sandlock.h"

namespace ll::sandlock {

namespace {

constexpr uint32_t kDns = 53;
constexpr char kProxy[] =
    ": HTTP methods and paths are not filtered; use a proxy of your own, at connect "
    "127.0.0.1:8888";

struct Range {
  uint32_t low = 0, high = kMaxPort;

  [[nodiscard]] bool is_all() const { return low == 0 && high == kMaxPort; }
  [[nodiscard]] bool has(uint32_t port) const { return low <= port && port <= high; }
};
using Ranges = std::vector<Range>;

std::string text_of_range(const Range &range) {
  if (range.is_all()) return "any";
  const std::string low = std::to_string(range.low);
  return range.low == range.high ? low : low + "-" + std::to_string(range.high);
}

Ranges without(const Ranges &ranges, uint32_t port) {
  Ranges rest;
  for (const Range &range : ranges) {
    if (!range.has(port)) {
      rest.push_back(range);
      continue;
    }
    if (range.low < port) rest.push_back({range.low, port - 1});
    if (port < range.high) rest.push_back({port + 1, range.high});
  }
  return rest;
}

struct Spec {
  SourceSpan where;
  std::string text;
  std::string host;  // as a policy has it; "": any
  bool tcp = true, udp = true, icmp = false;
  bool pinned = false;  // to one protocol
  Ranges ports;
};

class SpecReader {
 public:
  SpecReader(const Draft &draft, const SourceText &source) : draft_(draft), phrase_(source) {}

  Spec read() {
    Spec spec = {.where = phrase_.where, .text = phrase_.text, .host = {}, .ports = {}};
    std::string rest = read_scheme(spec);
    if (rest.starts_with('[')) {
      const size_t end = rest.find(']');
      if (end == std::string::npos) fail("has no ]");
      spec.host = host_of_address(rest.substr(1, end - 1));
      rest = rest.substr(end + 1);
    } else if (std::count(rest.begin(), rest.end(), ':') > 1) {
      spec.host = host_of_address(rest);
      rest.clear();
    } else {
      const size_t colon = std::min(rest.find(':'), rest.size());
      spec.host = host_named(rest.substr(0, colon));
      rest = rest.substr(colon);
    }
    if (!rest.empty() && (rest[0] != ':' || rest.size() == 1)) fail("is not HOST:PORT");
    spec.ports = rest.empty() ? Ranges{{}} : ports_of(rest.substr(1));
    return spec;
  }

 private:
  [[noreturn]] void fail(const std::string &what) const {
    draft_.fail(phrase_.where, "'" + phrase_.text + "' " + what);
  }

  std::string read_scheme(Spec &spec) const {
    const size_t end = phrase_.text.find("://");
    if (end == std::string::npos) return phrase_.text;
    const std::string scheme = phrase_.text.substr(0, end);
    if (scheme != "tcp" && scheme != "udp" && scheme != "icmp")
      fail("is neither tcp, udp nor icmp");
    spec.tcp = scheme == "tcp";
    spec.udp = scheme == "udp";
    spec.icmp = scheme == "icmp";
    spec.pinned = true;
    return phrase_.text.substr(end + 3);
  }

  [[nodiscard]] std::string host_of_address(const std::string &address) const {
    const std::string host = "[" + address + "]";
    return checked(address.find(':') == std::string::npos ? address : host);
  }

  [[nodiscard]] std::string host_named(const std::string &name) const {
    return name.empty() || name == "*" ? "" : checked(name);
  }

  [[nodiscard]] std::string checked(const std::string &host) const {
    Peer peer;
    if (!read_peer(text_of(host), peer) || peer.kind == Peer::Zone)
      fail("is not a host or address, or has host bits set");
    return host;
  }

  [[nodiscard]] Ranges ports_of(const std::string &list) const {
    if (list == "*") return {{}};
    Ranges ports;
    for (size_t start = 0; start <= list.size();) {
      const size_t end = std::min(list.find(',', start), list.size());
      uint64_t port = 0;
      if (!parse_number(text_of(list.substr(start, end - start)), kMaxPort, port))
        fail("must have ports from 0 to 65535");
      ports.push_back({static_cast<uint32_t>(port), static_cast<uint32_t>(port)});
      start = end + 1;
    }
    return ports;
  }

  const Draft &draft_;
  const SourceText &phrase_;
};

class NetworkWriter {
 public:
  NetworkWriter(const Settings &settings, Draft &draft) : settings_(settings), draft_(draft) {}

  void write() {
    for (const SourceText &source : settings_.all(Key::Allow))
      allowed_.push_back(SpecReader(draft_, source).read());
    add_old();
    find_intercepted();
    supervised_ = settings_.has(Key::Refuse) || std::ranges::any_of(allowed_, [](const Spec &spec) {
                    return !spec.host.empty() && !spec.icmp;
                  });
    if (settings_.has(Key::Refuse) && !allowed_.empty())
      draft_.fail(settings_.all(Key::Refuse)[0].where, "sandlock takes --net-allow or --net-deny");
    for (const Spec &spec : allowed_) allow(spec);
    if (settings_.has(Key::Refuse)) refuse();
    write_http();
    write_bind();
    write_open_ends();
  }

 private:
  // Before 0.5 hosts and ports were told apart, and both had to allow.
  void add_old() {
    const std::vector<SourceText> hosts = settings_.all(Key::OldHost);
    Ranges ports;
    for (const SourceText &port : settings_.all(Key::OldConnect)) {
      const Ranges more = ports_of(port);
      ports.insert(ports.end(), more.begin(), more.end());
    }
    const auto add = [&](const SourceText &source, Spec spec) {
      spec.where = source.where;
      spec.udp = false;
      spec.pinned = true;
      if (!ports.empty()) spec.ports = ports;
      allowed_.push_back(spec);
    };
    for (const SourceText &host : hosts) add(host, SpecReader(draft_, host).read());
    if (hosts.empty() && !ports.empty()) add(settings_.all(Key::OldConnect)[0], {});
  }

  // "8080,9000-9005", "*".
  Ranges ports_of(const SourceText &source) const {
    if (source.text == "*") return {{}};
    Ranges ports;
    for (size_t start = 0; start <= source.text.size();) {
      const size_t end = std::min(source.text.find(',', start), source.text.size());
      const std::string word = source.text.substr(start, end - start);
      const size_t dash = std::min(word.find('-'), word.size());
      uint64_t low = 0, high = 0;
      const std::string last = dash == word.size() ? word : word.substr(dash + 1);
      if (!parse_number(text_of(word.substr(0, dash)), kMaxPort, low) ||
          !parse_number(text_of(last), kMaxPort, high) || low > high)
        draft_.fail(source.where, "'" + source.text + "' must have ports from 0 to 65535");
      ports.push_back({static_cast<uint32_t>(low), static_cast<uint32_t>(high)});
      start = end + 1;
    }
    return ports;
  }

  // What its proxy takes, where there are rules for it.
  void find_intercepted() {
    if (!settings_.has(Key::HttpAllow) && !settings_.has(Key::HttpDeny)) return;
    for (const SourceText &port : settings_.all(Key::HttpPort))
      for (const Range &range : ports_of(port)) intercepted_.push_back(range.low);
    if (intercepted_.empty()) intercepted_.push_back(80);
    if (settings_.has(Key::HttpCa) || settings_.has(Key::HttpInject)) intercepted_.push_back(443);
  }

  void allow(const Spec &spec) {
    if (spec.icmp) return draft_.unsupported(spec.where, spec.text + ": ICMP is never granted");
    if (spec.tcp) allow_tcp(spec);
    if (spec.pinned && spec.udp) allow_udp(spec);
    mentions_udp_ = mentions_udp_ || !spec.pinned;
  }

  void allow_tcp(const Spec &spec) {
    const Ranges ports = unintercepted(spec.where, spec.text, spec.ports);
    if (ports.empty()) return;
    std::string line;
    for (const Range &range : ports) line += " " + target(spec.host, range, false);
    draft_.line("connect" + line);
  }

  // Of a port that sandlock's proxy judges, no more is granted than it would.
  Ranges unintercepted(const SourceSpan &where, const std::string &what, Ranges ports) {
    if (draft_.widens()) return ports;
    for (const uint32_t port : intercepted_) {
      const Ranges rest = without(ports, port);
      if (rest.size() != ports.size() ||
          !std::equal(rest.begin(), rest.end(), ports.begin(), [](const Range &a, const Range &b) {
            return a.low == b.low && a.high == b.high;
          }))
        draft_.unsupported(
            where, what + " on port " + std::to_string(port) + ", for which there are HTTP rules");
      ports = rest;
    }
    return ports;
  }

  // Beside host lines a port alone that lets DNS bypass ll-net is an error; as networks it is not.
  [[nodiscard]] std::string target(const std::string &host, const Range &range, bool udp) const {
    const std::string ports = text_of_range(range) + (udp ? "/udp" : "");
    if (!host.empty()) return host + ":" + ports;
    const bool as_network = supervised_ && (udp || (range.has(kDns) && !range.is_all()));
    return as_network ? "0.0.0.0/0:" + ports + " [::/0]:" + ports : ports;
  }

  void allow_udp(const Spec &spec) {
    Ranges ports = spec.ports;
    if (supervised_ || !spec.host.empty()) {
      ports = without(ports, kDns);
      if (ports.size() != spec.ports.size() || spec.ports[0].is_all())
        draft_.unsupported(spec.where,
                           spec.text +
                               " on port 53: ll-net resolves the granted names itself, with "
                               "the servers that the machine has");
    }
    if (ports.empty()) return;
    std::string line;
    for (const Range &range : ports) line += " " + target(spec.host, range, true);
    draft_.line("connect" + line);
  }

  // All but what is listed.
  void refuse() {
    const std::vector<SourceText> phrases = settings_.all(Key::Refuse);
    std::string line;
    for (const Range &range : unintercepted(phrases[0].where, "all hosts", {{}}))
      line += " " + target("", range, false);
    draft_.line("connect" + line);
    for (const SourceText &source : phrases) {
      const Spec spec = SpecReader(draft_, source).read();
      Peer peer;
      if (!spec.host.empty() &&
          (!read_peer(text_of(spec.host), peer) || peer.kind != Peer::Addresses))
        draft_.fail(spec.where, "'" + spec.text + "' is a name, which sandlock does not deny");
      if (!spec.tcp) {
        draft_.comment(spec.text + ": only TCP is granted here");
        continue;
      }
      for (const Range &range : spec.ports) draft_.line("noconnect" + never(spec.host, range));
    }
    mentions_udp_ = true;
  }

  static std::string never(const std::string &host, const Range &range) {
    const std::string ports = range.is_all() ? "" : ":" + text_of_range(range);
    if (!host.empty()) return " " + host + ports;
    return " 0.0.0.0/0" + ports + " [::/0]" + ports;
  }

  void write_http() {
    for (const Key key : {Key::HttpAllow, Key::HttpDeny})
      for (const SourceText &rule : settings_.all(key)) {
        const char *what = key == Key::HttpAllow ? "HTTP allow " : "HTTP deny ";
        if (draft_.widens() && key == Key::HttpAllow)
          widen(rule);
        else
          draft_.unsupported(rule.where, what + rule.text + kProxy);
      }
  }

  // "METHOD HOST/PATH": its host, whatever is asked of it.
  void widen(const SourceText &rule) {
    const size_t blank = std::min(rule.text.find(' '), rule.text.size() - 1);
    const std::string rest = rule.text.substr(blank + 1);
    SourceText host = {rest.substr(0, rest.find('/')), rule.where};
    if (!draft_.may_widen(rule.where, "HTTP allow " + rule.text + kProxy)) return;
    Spec spec = SpecReader(draft_, host).read();
    spec.ports.clear();
    for (const uint32_t port : intercepted_) spec.ports.push_back({port, port});
    spec.udp = false;
    spec.pinned = true;
    allow_tcp(spec);
  }

  void write_bind() {
    Ranges ports;
    for (const Key key : {Key::Bind, Key::OldBind})
      for (const SourceText &source : settings_.all(key))
        for (const Range &range : ports_of(source)) ports.push_back(range);
    if (settings_.has(Key::RefuseBind)) {
      if (!ports.empty())
        draft_.fail(settings_.all(Key::RefuseBind)[0].where,
                    "sandlock takes --net-allow-bind or --net-deny-bind");
      ports = {{}};
      for (const SourceText &source : settings_.all(Key::RefuseBind))
        for (const Range &range : ports_of(source))
          for (uint32_t port = range.low; port <= range.high; port++) ports = without(ports, port);
    }
    std::string line;
    for (const Range &range : ports) line += " " + text_of_range(range);
    if (!line.empty()) draft_.line("bind" + line);
  }

  void write_open_ends() {
    const bool names = std::ranges::any_of(allowed_, [](const Spec &spec) {
      Peer peer;
      return !spec.host.empty() && read_peer(text_of(spec.host), peer) && peer.kind == Peer::Name;
    });
    draft_.line("");
    draft_.comment("Refused here, but allowed by sandlock. Lines that allow it:");
    if (mentions_udp_)
      draft_.stricter("UDP to the same hosts, which sandlock allows unless tcp:// is given",
                      "connect HOST:PORT/udp");
    if (names)
      draft_.stricter("names at private addresses; here they are resolved when looked up",
                      "connect HOST:PORT/private");
    if (!supervised_ && !allowed_.empty())
      draft_.stricter("resolving names, which needs hosts here",
                      "connect HOST:PORT, or use internet");
  }

  const Settings &settings_;
  Draft &draft_;
  std::vector<Spec> allowed_;
  std::vector<uint32_t> intercepted_;
  bool supervised_ = false;
  bool mentions_udp_ = false;
};

}  // namespace

void write_network(const Settings &settings, Draft &draft) {
  NetworkWriter(settings, draft).write();
}

}  // namespace ll::sandlock
