#include "core/help.h"
// Format of messages.
#include "core/diagnostic.h"

#include <algorithm>

#include "check.h"
#include "host.h"

using namespace ll;

namespace {

template <typename... Arguments>
std::string formatted(const char *pattern, const Arguments &...arguments) {
  FixedString<4096> line;
  format(line, pattern, arguments...);
  return str(line.text());
}

std::string message_of(const std::string &text) { return parse_text(text).message(); }

size_t widest_line(const std::string &text) {
  size_t widest = 0;
  for (size_t start = 0; start < text.size();) {
    size_t end = text.find('\n', start);
    if (end == std::string::npos) end = text.size();
    widest = std::max(widest, end - start);
    start = end + 1;
  }
  return widest;
}

}  // namespace

TEST("each argument replaces its %") {
  EQUAL(formatted("nothing"), "nothing");
  EQUAL(formatted("a % c", "b"_t), "a b c");
  EQUAL(formatted("%%%", "a"_t, "b"_t, "c"_t), "abc");
  EQUAL(formatted("% of %", uint64_t{3}, uint32_t{4}), "3 of 4");
  EQUAL(formatted("%", UINT64_MAX), "18446744073709551615");
  EQUAL(formatted("cannot: %", Error{-13}), "cannot: EACCES (permission denied)");
  EQUAL(formatted("cannot: %", Error{13}), "cannot: EACCES (permission denied)");
  EQUAL(formatted("cannot: %", Error{-9999}), "cannot: an unknown error");
}

TEST("a % in an argument is literal") {
  EQUAL(formatted("% and %", "100%"_t, "%%"_t), "100% and %%");
}

TEST("JSON has lone surrogates for invalid UTF-8, and escapes for deceptive characters") {
  EQUAL(formatted("%", Quoted{"a\"\\\n\xff"_t}), R"("a\"\\\u000a\udcff")");
  EQUAL(formatted("%", Quoted{"\xc3\xa4 \xf0\x9f\x98\x80"_t}), "\"\xc3\xa4 \xf0\x9f\x98\x80\"");
  EQUAL(formatted("%", Quoted{"\xed\x9f\xbf \xee\x80\x80"_t}), "\"\xed\x9f\xbf \xee\x80\x80\"");
  EQUAL(formatted("%", Quoted{"\xed\xa0\x80"_t}), R"("\udced\udca0\udc80")");  // a surrogate
  EQUAL(formatted("%", Quoted{"\xe0\x9f\xbf"_t}), R"("\udce0\udc9f\udcbf")");  // too long
  EQUAL(formatted("%", Quoted{"\xf0\x8f\xbf\xbf"_t}), R"("\udcf0\udc8f\udcbf\udcbf")");
  EQUAL(formatted("%", Quoted{"\xf4\x90\x80\x80"_t}),
        R"("\udcf4\udc90\udc80\udc80")");  // over U+10FFFF
  EQUAL(formatted("%", Quoted{"\xe2\x80\xae"_t}), R"("\u202e")");
  EQUAL(formatted("%", Quoted{"\xf3\xa0\x80\x81"_t}), R"("\udb40\udc01")");
}

TEST("a rule is printed as it would be written") {
  const Parsed parsed = parse_text(
      "ro /a\nconnect 443 1-2 any 53/udp any/udp\nfs make_reg,read_file /b\nunix any /c\n"
      "limit as=1G\nipc signal\nenv A=b\ncap chown\nfd 3\nrequire landlock=4\n");
  CHECK(parsed.valid);
  const char *const wanted[] = {"ro /a",
                                "connect 443/tcp",
                                "connect 1-2/tcp",
                                "connect any/tcp",
                                "connect 53/udp",
                                "connect any/udp",
                                "fs read_file,make_reg /b",
                                "unix any",
                                "unix /c",
                                "limit as=1G",
                                "ipc signal",
                                "env A=b",
                                "cap chown",
                                "fd 3",
                                "require landlock=4"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    EQUAL(formatted("%", parsed.rule(i)), wanted[i]);
}

TEST("a location is file, line and column, or the argument's number") {
  const Parsed file = parse_text("ro /a\n\n   ro /b\n");
  EQUAL(formatted("%", Location{*file.policy, file.rule(0).where}), "t.policy:1:4");
  EQUAL(formatted("%", Location{*file.policy, file.rule(1).where}), "t.policy:3:7");
  const Parsed options = parse_arguments({"--ro", "/a", "--rw=/b", "cmd"});
  EQUAL(formatted("%", Location{*options.policy, options.rule(0).where}), "argument 2");
  EQUAL(formatted("%", Location{*options.policy, options.rule(1).where}), "argument 3");
}

TEST("a message has the location, the problem, the line with a caret, and advice") {
  EQUAL(message_of("ro /a\nconnect 99999 # c\n"),
        "ll-exec: t.policy:2:9: port 99999 is more than 65535\n"
        "    connect 99999 # c\n"
        "            ^~~~~\n"
        "  a port is a number from 0 to 65535\n");
}

TEST("a message without advice ends at the caret") {
  EQUAL(message_of("fd x\n"),
        "ll-exec: t.policy:1:4: 'x' is not a descriptor's number\n"
        "    fd x\n"
        "       ^\n");
}

TEST("a message without a location has one line and the advice") {
  Parsed parsed = parse_arguments({"--json", "cmd"});
  EQUAL(parsed.message(), "ll-exec: --json needs --explain or --check\n");
  parsed = parse_arguments({});
  EQUAL(parsed.message(),
        "ll-exec: no command to run\n"
        "  ll-exec [options] [--] command [argument...]; ll-exec --help says more\n");
}

TEST("an option's value is shown after the option") {
  EQUAL(parse_arguments({"-q", "--connect", "99999", "cmd"}).message(),
        "ll-exec: argument 3: port 99999 is more than 65535\n"
        "    --connect 99999\n"
        "              ^~~~~\n"
        "  a port is a number from 0 to 65535\n");
  EQUAL(parse_arguments({"--connect=99999", "cmd"}).message(),
        "ll-exec: argument 1: port 99999 is more than 65535\n"
        "    --connect=99999\n"
        "              ^~~~~\n"
        "  a port is a number from 0 to 65535\n");
}

TEST("a tab is one blank, and the caret is under its word") {
  EQUAL(message_of("\tconnect\t99999\n"),
        "ll-exec: t.policy:1:10: port 99999 is more than 65535\n"
        "     connect 99999\n"
        "             ^~~~~\n"
        "  a port is a number from 0 to 65535\n");
}

TEST("multi-byte characters count as one column") {
  EQUAL(message_of("env 'ä€😀=ö' =ü\n"),
        "ll-exec: t.policy:1:20: '=ü' is not a variable's name\n"
        "    env 'ä€😀=ö' =ü\n"
        "                ^~\n"
        "  NAME, GLOB*, NAME=VALUE, or - for none\n");
}

TEST("control bytes are shown as question marks") {
  EQUAL(message_of("ro /a\n\x1b[31m\n"),
        "ll-exec: t.policy:2:1: a control byte (27): this is not a policy\n"
        "    ?[31m\n"
        "    ^\n");
  EQUAL(formatted("%", "a\tb\nc\x7f\x1b"_t).find_first_of("\n\x7f\x1b"), std::string::npos);
}

TEST("control characters beyond ASCII are escaped") {
  for (int second = 0x80; second < 0xa0; second++) {
    const std::string encoded = {'a', '\xc2', static_cast<char>(second), 'b'};
    EQUAL(formatted("%", Text{encoded.data(), encoded.size()}).find(encoded.substr(1, 2)),
          std::string::npos);
    const std::string raw = {'a', static_cast<char>(second), 'b'};
    EQUAL(formatted("%", Text{raw.data(), raw.size()}).find(raw[1]), std::string::npos);
  }
  EQUAL(formatted("%", "\xc2\xa1ä€"_t), "\xc2\xa1ä€");
}

TEST("deceptive characters are shown by their code points") {
  EQUAL(formatted("%", "a\u202egpj.exe"_t), "a<U+202E>gpj.exe");
  EQUAL(formatted("%", "\ufeffx\u200b\u2066\u00ad\u00a0\U000e0041"_t),
        "<U+FEFF>x<U+200B><U+2066><U+00AD><U+00A0><U+E0041>");
  EQUAL(formatted("%", "ä€\u4e2d\U0001f600"_t), "ä€\u4e2d\U0001f600");
  EQUAL(formatted("%", Quoted{"a\u202eb"_t}), R"("a\u202eb")");
  // The caret is under the word.
  EQUAL(message_of("ro \u202e/a /b\n connect x\n"),
        "ll-exec: t.policy:2:10: 'x' is not a port\n"
        "     connect x\n"
        "             ^\n"
        "  a port is a number from 0 to 65535, LO-HI or any\n");
}

TEST("invalid UTF-8 does not break a message") {
  for (const char *bytes : {"\xff", "\xc3", "\xe2\x82", "\x80\x80\x80", "\xf0\x9f"}) {
    const std::string message = message_of("connect '" + std::string(bytes) + "'\n");
    CHECK(message.find("is not a port") != std::string::npos);
    EQUAL(std::count(message.begin(), message.end(), '\n'), 4);
  }
}

TEST("a JSON string escapes quotes and control bytes, and has invalid UTF-8 as in PEP 383") {
  const auto quoted = [](const char *text) { return formatted("%", Quoted{c_text(text)}); };
  EQUAL(quoted("/a b"), "\"/a b\"");
  EQUAL(quoted("\"\\/"), "\"\\\"\\\\/\"");
  EQUAL(quoted("\x01\n\x1f "), "\"\\u0001\\u000a\\u001f \"");
  EQUAL(quoted("h\xc3\xa9"), "\"h\xc3\xa9\"");
  EQUAL(quoted("\xff\xc3("), "\"\\udcff\\udcc3(\"");
  EQUAL(quoted(""), "\"\"");
}

TEST("a long line is truncated around the caret") {
  for (const size_t before : {0U, 50U, 74U, 75U, 76U, 99U, 100U, 101U, 300U, 3000U}) {
    const std::string line =
        "env " + std::string(before, ' ') + "=bad" + std::string(500, ' ') + "\n";
    const std::string message = message_of(line);
    CHECK(widest_line(message) <= 120);
    const size_t second = message.find('\n') + 1;
    const size_t third = message.find('\n', second) + 1;
    const size_t caret = message.find('^', third) - third;
    EQUAL(message.substr(second + caret, 4), "=bad");
    EQUAL(message.substr(third + caret, 4), "^~~~");
  }
}

TEST("the underline ends with the shown line") {
  const std::string message = message_of("connect " + std::string(2000, '9') + "\n");
  CHECK(widest_line(message.substr(message.find('\n') + 1)) <= 120);
}

TEST("a long value is truncated, and the message keeps its end") {
  const std::string message = message_of("limit " + std::string(3000, 'x') + "=1\n");
  CHECK(message.find("...") != std::string::npos);
  CHECK(message.find("one of: cpu fsize data stack core nproc nofile as") != std::string::npos);
  CHECK(message.size() < 1000);
}

TEST("the help names each directive and option once, in 80 columns") {
  print_help(program_info());
  std::string help = take_written();
  CHECK(widest_line(help) <= 80);
  CHECK(std::count(help.begin(), help.end(), '\n') < 24);
  std::replace(help.begin(), help.end(), '\n', ' ');
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++) {
    const std::string name = "--" + str(nth(kDirectiveNames, row)) + " ";
    CHECK(help.find(name) != std::string::npos);
    EQUAL(help.find(name), help.rfind(name));
  }
  const OptionTable options = program_info().options;
  for (size_t row = 0; row < options.count; row++)
    CHECK(help.find("--" + str(options.name(row)) + " ") != std::string::npos);
}

TEST("--list directives and --list rights have a row for each, in 80 columns") {
  print_list(Listed::Directives);
  const std::string directives = take_written();
  CHECK(widest_line(directives) <= 80);
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++)
    CHECK(directives.find("      --" + str(nth(kDirectiveNames, row)) + " ") != std::string::npos);
  print_list(Listed::Rights);
  const std::string rights = take_written();
  CHECK(widest_line(rights) <= 80);
  for (const Right &right : kRights)
    CHECK(rights.find("      " + str(name_of(right)) + " ") != std::string::npos);
  CHECK(rights.find("      read_file              open a file for reading\n") != std::string::npos);
}
