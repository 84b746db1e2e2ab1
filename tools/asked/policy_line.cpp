#include "asked/policy_line.h"

#include <algorithm>

#include "core/address_class.h"
#include "core/policy/serialize.h"

namespace ll::asked {

namespace {

constexpr size_t kMostOfLine = 4000;  // bytes; the language takes 4096

// No policy holds them, and none of its lines is to be one that reads as another.
bool is_text(const std::string &value) {
  return std::none_of(value.begin(), value.end(), [](char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
  });
}

std::string line_of(const char *directive, const std::string &value) {
  if (value.empty() || !is_text(value)) return {};
  FixedString<kMostOfLine> written;
  write_value(written, {value.data(), value.size()});
  std::string line = directive;
  line.append(written.text().data, written.text().size);
  // What did not fit was cut.
  return written.text().size >= kMostOfLine - 4 ? std::string() : line;
}

bool is_private(const std::string &address) {
  IpAddress read = {};
  return !read_address({address.data(), address.size()}, read) ||
         class_of(canonical(read)) != Class::Public;
}

bool is_name(const std::string &host) {
  Peer peer;
  return read_peer({host.data(), host.size()}, peer) && peer.kind == Peer::Name;
}

std::string place_of(const std::string &host, const Question &question) {
  const bool is_long = host.find(':') != std::string::npos;
  return (is_long ? "[" + host + "]" : host) + ":" + std::to_string(question.port);
}

bool is_tcp(const Question &question) { return question.protocol == "tcp"; }

}  // namespace

// A dash: the file may be gone when the line is read.
std::string allowing_line(const Question &question) {
  if (question.mangled) return {};
  switch (question.call) {
    case Call::Open:
      if (question.lists) return line_of("fs read_dir -", question.path);
      return line_of(question.writes || question.creates ? "rw -" : "ro -", question.path);
    case Call::Connect:
      if (!is_tcp(question)) return {};
      if (question.host.empty()) return line_of("connect ", place_of(question.address, question));
      if (!is_name(question.host)) return {};
      return line_of("connect ", place_of(question.host, question) +
                                     (is_private(question.address) ? "/private" : ""));
    case Call::Bind:
      return is_tcp(question) ? line_of("bind ", std::to_string(question.port)) : std::string();
    case Call::Lookup: return {};
  }
  return {};
}

// No line refuses a name, a port to listen on, or a list without what is in the directory.
std::string refusing_line(const Question &question) {
  if (question.mangled) return {};
  if (question.call == Call::Open && !question.lists) return line_of("deny -", question.path);
  if (question.call == Call::Connect && question.host.empty())
    return line_of("noconnect ", place_of(question.address, question));
  return {};
}

}  // namespace ll::asked
