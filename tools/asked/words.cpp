#include "asked/words.h"

#include <cstdio>

#include "core/address_class.h"
#include "core/diagnostic.h"

namespace ll::asked {

namespace {

constexpr size_t kMostOfClaim = 160;  // characters

std::string escaped(unsigned char byte) {
  char escape[8];
  std::snprintf(escape, sizeof escape, "\\x%02x", byte);
  return escape;
}

std::string deceiving(uint32_t number) {
  char escape[16];
  std::snprintf(escape, sizeof escape, "\\u{%x}", number);
  return escape;
}

// A name that leads to a private address all of a sudden is another question.
bool is_public_name(const Question &question) {
  IpAddress address = {};
  return question.call == Call::Connect && !question.host.empty() &&
         read_address({question.address.data(), question.address.size()}, address) &&
         class_of(canonical(address)) == Class::Public;
}

std::string end_of(const Question &question) {
  const std::string port = ", port " + std::to_string(question.port);
  return port + (question.protocol == "udp" ? " (UDP)" : "");
}

std::string peer_of(const Question &question) {
  if (question.host.empty()) return quoted(question.address);
  return quoted(question.host) + " (" + quoted(question.address) + ")";
}

const char *verb_of(const Question &question) {
  if (question.lists) return "list the directory ";
  if (question.creates) return "create ";
  return question.writes ? "write " : "read ";
}

}  // namespace

std::string quoted(std::string_view bytes, size_t most) {
  std::string result = "\"";
  size_t shown = 0;
  bool blank = false;  // two together could push what follows to the start of a line
  for (Text rest = {bytes.data(), bytes.size()}; !rest.empty(); shown++) {
    if (shown == most) return result + "\"...";
    const size_t size = character_size(rest);
    if (const uint32_t number = deceiving_character(rest); number != 0)
      result += deceiving(number);
    else if (rest[0] == '\n')
      result += "\\n";
    else if (rest[0] == '"' || rest[0] == '\\')
      result += {'\\', rest[0]};
    else if (size == 0 || (blank && rest[0] == ' '))
      result += escaped(static_cast<unsigned char>(rest[0]));
    else
      result.append(rest.data, size);
    blank = rest[0] == ' ';
    rest = rest.from(size == 0 ? 1 : size);
  }
  return result + "\"";
}

std::string wish_of(const Question &question) {
  switch (question.call) {
    case Call::Open: return verb_of(question) + quoted(question.path);
    case Call::Lookup: return "look up the name " + quoted(question.host);
    case Call::Connect: return "connect to " + peer_of(question) + end_of(question);
    case Call::Bind: return "listen at " + quoted(question.address) + end_of(question);
  }
  return {};
}

std::string object_of(const Question &question) {
  if (question.mangled) return {};
  if (!is_public_name(question)) return wish_of(question);
  return "connect to " + quoted(question.host) + end_of(question);
}

std::string asker_of(const Question &question) {
  if (question.program.empty()) return {};
  return quoted(question.program) + " (process " + std::to_string(question.process) + ")";
}

std::string claim_of(const Question &question) {
  std::string claim;
  for (const std::string &argument : question.arguments) {
    if (!claim.empty()) claim += ' ';
    claim += argument;
  }
  return claim.empty() ? claim : quoted(claim, kMostOfClaim);
}

}  // namespace ll::asked
