// A judge's request as shown to a person, and the rules that remember the answer.
#include "asked/policy_line.h"
#include "asked/words.h"
#include "check.h"
#include "host.h"

using namespace ll;
using namespace ll::asked;

namespace {

asked::Question open_of(const std::string &path) {
  asked::Question question;
  question.path = path;
  return question;
}

asked::Question connect_of(const std::string &host, const std::string &address, uint16_t port) {
  asked::Question question;
  question.call = Call::Connect;
  question.host = host;
  question.address = address;
  question.port = port;
  question.protocol = "tcp";
  return question;
}

bool is_control(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }

// The path of the only rule of this policy; empty unless it has one rule with one optional
// path.
std::string path_of(const std::string &line) {
  const Parsed parsed = parse_text(line + "\n");
  if (!parsed.valid || parsed.policy->rule_count != 1 || !parsed.rule(0).optional) return {};
  return str(parsed.rule(0).value);
}

}  // namespace

TEST("a remembered path is one rule for that path, whatever bytes it has") {
  for (int first = 1; first < 256; first++)
    for (const char second : {'a', ' ', '\'', '"', '$', '~', '#', '-', '\\', '*', '\xc3'}) {
      const std::string path = "/" + std::string{static_cast<char>(first), second} + "x";
      asked::Question question = open_of(path);
      for (int kind = 0; kind < 3; kind++) {
        question.writes = kind == 1;
        question.lists = kind == 2;
        const std::string line = allowing_line(question);
        CHECK(line.empty() == is_control(path[1]));
        if (!line.empty()) EQUAL(path_of(line), path);
      }
      question.lists = false;
      if (!is_control(path[1])) EQUAL(path_of(refusing_line(question)), path);
    }
}

TEST("a path that is too long for a line, or mangled, is not remembered") {
  EQUAL(allowing_line(open_of("/" + std::string(3900, 'a'))).size(), size_t{3905});
  EQUAL(allowing_line(open_of("/" + std::string(4094, 'a'))), "");
  EQUAL(refusing_line(open_of("/" + std::string(1500, '\''))), "");
  asked::Question question = open_of("/a");
  question.mangled = true;
  EQUAL(allowing_line(question) + refusing_line(question), "");
}

TEST("a connection is remembered by its name, and refused by its address only") {
  EQUAL(allowing_line(connect_of("example.org", "93.184.216.34", 443)), "connect example.org:443");
  EQUAL(refusing_line(connect_of("example.org", "93.184.216.34", 443)), "");
  EQUAL(allowing_line(connect_of("", "192.0.2.1", 22)), "connect 192.0.2.1:22");
  EQUAL(refusing_line(connect_of("", "192.0.2.1", 22)), "noconnect 192.0.2.1:22");
  EQUAL(refusing_line(connect_of("", "2001:db8::1", 22)), "noconnect [2001:db8::1]:22");
}

TEST("a name at a private address is a different question from a public one") {
  EQUAL(allowing_line(connect_of("example.org", "10.0.0.1", 443)),
        "connect example.org:443/private");
  EQUAL(allowing_line(connect_of("example.org", "::ffff:127.0.0.1", 443)),
        "connect example.org:443/private");
  EQUAL(allowing_line(connect_of("example.org", "nonsense", 443)),
        "connect example.org:443/private");
  const std::string object = object_of(connect_of("example.org", "93.184.216.34", 443));
  EQUAL(object, object_of(connect_of("example.org", "2606:2800:220:1::1", 443)));
  CHECK(object != object_of(connect_of("example.org", "10.0.0.1", 443)));
  CHECK(object != object_of(connect_of("example.org", "93.184.216.34", 80)));
  CHECK(object != object_of(connect_of("", "93.184.216.34", 443)));
}

TEST("a name with special characters is not remembered") {
  for (const char *name : {"*.example.org", "192.0.2.0/24", "a b", "::", "a/private"})
    EQUAL(allowing_line(connect_of(name, "93.184.216.34", 443)), "");
}

TEST("remembering to list a directory neither grants nor denies its contents") {
  asked::Question question = open_of("/etc");
  question.lists = true;
  EQUAL(allowing_line(question), "fs read_dir -/etc");
  EQUAL(refusing_line(question), "");
}

TEST("a path is escaped on the terminal, and cannot end its quotes") {
  for (int byte = 1; byte < 256; byte++) {
    const std::string text = quoted("/a" + std::string{static_cast<char>(byte)} + "b");
    size_t quotes = 0;
    for (size_t i = 0; i < text.size(); i++) {
      CHECK(!is_control(text[i]) && static_cast<unsigned char>(text[i]) < 0x80);
      if (text[i] == '\\')
        i++;
      else if (text[i] == '"')
        quotes++;
    }
    EQUAL(quotes, size_t{2});
  }
  EQUAL(quoted("/a  b   c"), R"("/a \x20b \x20\x20c")");
  EQUAL(quoted("\xe2\x80\xae"), R"("\u{202e}")");
  EQUAL(quoted("\xc2\x9b"), "\"\\xc2\\x9b\"");
  EQUAL(quoted("\xc3\xa4"), "\"\xc3\xa4\"");
  EQUAL(quoted("abc", 2), "\"ab\"...");
}

TEST("different paths are never shown alike") {
  EQUAL(wish_of(open_of("/a\nb")), R"(read "/a\nb")");
  EQUAL(wish_of(open_of("/a\\nb")), R"(read "/a\\nb")");
  EQUAL(wish_of(open_of("/a\\x01")), R"(read "/a\\x01")");
  EQUAL(wish_of(open_of("/a\x01")), R"(read "/a\x01")");
  EQUAL(wish_of(open_of("/\xe2\x80\xae")), R"(read "/\u{202e}")");
  EQUAL(wish_of(open_of("/\\u{202e}")), R"(read "/\\u{202e}")");
}
