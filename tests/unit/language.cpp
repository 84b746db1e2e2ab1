// Words, lines and rules: the policy language from a file and from the command line.
#include <cstring>

#include "check.h"
#include "core/policy/lexer.h"
#include "host.h"

using namespace ll;

namespace {

// The values of a policy line `limit WORDS`, separated by '|'; empty if one is invalid.
std::string limits_of(const std::string &line) {
  const Parsed parsed = parse_text("limit " + line + "\n");
  return parsed.valid ? parsed.values() : "";
}

std::string paths_of(const std::string &line, const std::vector<std::string> &variables = {}) {
  const Parsed parsed = parse_text("ro " + line + "\n", variables);
  if (parsed.valid) return parsed.values();
  const std::string message = str(parsed.problem->message.text());
  return "error: " + message.substr(0, message.find('\n'));
}

std::string problem_of(const Parsed &parsed) {
  if (parsed.valid) return "none";
  const std::string message = str(parsed.problem->message.text());
  return message.substr(0, message.find('\n'));
}

bool same_but_place(const Rule &a, const Rule &b) {
  return a.directive == b.directive && a.optional == b.optional && a.any == b.any &&
         a.udp == b.udp && a.value == b.value && a.rights == b.rights && a.low == b.low &&
         a.high == b.high && a.number == b.number && a.resource == b.resource;
}

}  // namespace

// ---- words

TEST("words are separated by blanks and tabs") {
  EQUAL(paths_of("/a /b"), "/a|/b");
  EQUAL(paths_of("  /a\t\t/b  "), "/a|/b");
}

TEST("a comment begins at the start of a word, and not within one") {
  EQUAL(paths_of("/a # /b"), "/a");
  EQUAL(paths_of("/a#b /c"), "/a#b|/c");
  EQUAL(paths_of("/a '#b'"), "/a|#b");
  EQUAL(parse_text("# nothing\n\n   \t\n  # nothing\n").policy->rule_count, size_t{0});
}

TEST("single quotes are literal, and join with adjacent text") {
  EQUAL(paths_of("'/a b'"), "/a b");
  EQUAL(paths_of("/a' b 'c"), "/a b c");
  EQUAL(paths_of("'$A ${A} ~ \"x\" # \\'"), "$A ${A} ~ \"x\" # \\");
  EQUAL(paths_of("/a''b"), "/ab");
}

TEST("double quotes hold blanks and variables") {
  EQUAL(paths_of("\"/a b\"", {"A=1"}), "/a b");
  EQUAL(paths_of("\"$A/x ${A}\"", {"A=/v w"}), "/v w/x /v w");
  EQUAL(paths_of("\"it's # ~\""), "it's # ~");
  EQUAL(paths_of("/x\"\"y"), "/xy");
}

TEST("a variable ends where its name does") {
  EQUAL(paths_of("$A/b", {"A=/v"}), "/v/b");
  EQUAL(paths_of("$A.b", {"A=/v"}), "/v.b");
  EQUAL(paths_of("${A}b", {"A=/v"}), "/vb");
  EQUAL(paths_of("$A$B", {"A=/v", "B=w"}), "/vw");
  EQUAL(paths_of("$A_1", {"A=/v", "A_1=/w"}), "/w");
  EQUAL(paths_of("/$A", {"AB=no", "A=yes"}), "/yes");
}

TEST("a default applies to an unset or empty variable and no other") {
  EQUAL(paths_of("${A:-/d}"), "/d");
  EQUAL(paths_of("${A:-/d}", {"A="}), "/d");
  EQUAL(paths_of("${A:-/d}", {"A=/v"}), "/v");
  EQUAL(paths_of("/x${A:-}"), "/x");
  EQUAL(paths_of("\"${A:-/d e}\""), "/d e");
}

TEST("an unset or empty variable is an error") {
  EQUAL(paths_of("$A"), "error: the variable A is unset or empty");
  EQUAL(paths_of("${A}", {"A="}), "error: the variable A is unset or empty");
  EQUAL(paths_of("\"/x/$A\""), "error: the variable A is unset or empty");
}

TEST("a variable's value is not expanded again") {
  EQUAL(paths_of("$A", {"A=/x $B '\"# ~"}), "/x $B '\"# ~");
}

TEST("a variable with a newline is an error") {
  EQUAL(paths_of("$A", {"A=/x\nrw /"}), "error: the variable A contains a newline");
}

TEST("two dollars stand for one") {
  EQUAL(paths_of("/a$$b"), "/a$b");
  EQUAL(paths_of("\"$$\""), "$");
  EQUAL(paths_of("$$$$"), "$$");
}

TEST("a dollar without a name and an unclosed brace are errors") {
  EQUAL(paths_of("/a$"), "error: '$' is not followed by a variable's name");
  EQUAL(paths_of("$1"), "error: '$' is not followed by a variable's name");
  EQUAL(paths_of("${}"), "error: '$' is not followed by a variable's name");
  EQUAL(paths_of("${1}"), "error: '$' is not followed by a variable's name");
  EQUAL(paths_of("${A", {"A=x"}), "error: this variable has no closing '}'");
  EQUAL(paths_of("${A:-x"), "error: this variable has no closing '}'");
  EQUAL(paths_of("${A-x}", {"A=x"}), "error: this variable has no closing '}'");
  EQUAL(paths_of("${A:x}", {"A=x"}), "error: this variable has no closing '}'");
}

TEST("a leading ~ is HOME, alone or before a slash, and not within a word") {
  EQUAL(paths_of("~", {"HOME=/h"}), "/h");
  EQUAL(paths_of("~/x", {"HOME=/h"}), "/h/x");
  EQUAL(paths_of("/a~ ./~b"), "/a~|./~b");
  EQUAL(paths_of("'~'"), "~");
  EQUAL(paths_of("~bob/x", {"HOME=/h"}), "error: another user's home directory is not looked up");
  EQUAL(paths_of("~"), "error: the variable HOME is unset or empty");
}

TEST("a leading dash makes a path optional, before ~ and a variable as well") {
  const Parsed parsed = parse_text("ro -/a -~/b -$X '-/c'\n", {"HOME=/h", "X=/x"});
  CHECK(parsed.valid);
  EQUAL(parsed.values(), "/a|/h/b|/x|-/c");
  CHECK(parsed.rule(0).optional && parsed.rule(1).optional && parsed.rule(2).optional);
  CHECK(!parsed.rule(3).optional);
}

TEST("a quote that is not closed on its line is an error") {
  EQUAL(paths_of("'/a"), "error: this quote is not closed on its line");
  EQUAL(paths_of("\"/a"), "error: this quote is not closed on its line");
  EQUAL(problem_of(parse_text("ro '/a\n/b'\n")), "this quote is not closed on its line");
}

TEST("the variable PWD is the working directory of the process, whatever the environment says") {
  EQUAL(paths_of("$PWD", {"PWD=/lies"}), "/where");
  const Parsed nowhere = parse_text("ro $PWD\n", {"PWD=/lies"}, "");
  CHECK(!nowhere.valid);
}

TEST("the variable TMPDIR is /tmp where it is unset or empty") {
  EQUAL(paths_of("$TMPDIR"), "/tmp");
  EQUAL(paths_of("${TMPDIR:-/other}/x", {"TMPDIR="}), "/tmp/x");
  EQUAL(paths_of("$TMPDIR", {"TMPDIR=/own"}), "/own");
}

TEST("the location of a word is its bytes in the line, including quotes") {
  const Parsed parsed = parse_text("ro /a\n# x\n  ro  '/b c'  $X\n", {"X=/x"});
  const auto source = [&](size_t i) {
    return str(source_text(*parsed.policy, parsed.rule(i).where));
  };
  EQUAL(source(0), "/a");
  EQUAL(source(1), "'/b c'");
  EQUAL(source(2), "$X");
}

// ---- sizes at their limits

TEST("a line of 4,096 bytes is accepted, and one of 4,097 refused") {
  const std::string word = "ro /" + std::string(kMaxLine - 4, 'x');
  EQUAL(word.size(), size_t{4096});
  CHECK(parse_text(word + "\n").valid);
  EQUAL(problem_of(parse_text(word + "x\n")), "the line is longer than 4096 bytes");
  EQUAL(problem_of(parse_text("ro /\n" + word + "x\nro /\n")),
        "the line is longer than 4096 bytes");
}

TEST("1,024 rules are accepted, and 1,025 refused") {
  std::string text;
  for (size_t i = 0; i < kMaxRules; i++) text += "ro /\n";
  CHECK(parse_text(text).valid);
  EQUAL(parse_text(text).policy->rule_count, size_t{1024});
  EQUAL(problem_of(parse_text(text + "ro /\n")), "more than 1024 rules");
  EQUAL(problem_of(parse_text(text + "connect 80\n")), "more than 1024 rules");
}

TEST("variables that exceed the buffer are an error, and not truncated") {
  std::string line = "ro /";
  for (int i = 0; i < 900; i++) line += "$A";
  EQUAL(problem_of(parse_text(line + "\n", {"A=" + std::string(4000, 'x')})).substr(0, 28),
        "the policies are larger than");
}

TEST("a relative path is in the directory of its policy, and an absolute one is unchanged") {
  const Parsed parsed = parse_text("ro a ./b ././c /d -e -./f ../g .h\n", {}, "/where", "/etc/p");
  CHECK(parsed.valid);
  EQUAL(parsed.values(), "/etc/p/a|/etc/p/b|/etc/p/c|/d|/etc/p/e|/etc/p/f|/etc/p/../g|/etc/p/.h");
  CHECK(!parsed.rule(3).optional && parsed.rule(4).optional && parsed.rule(5).optional);
  EQUAL(parse_text("ro a ./b\n").values(), "a|./b");
}

TEST("paths that exceed the buffer are an error, and not truncated") {
  const std::string folder = '/' + std::string(999, 'x');
  std::string text;
  for (size_t i = 0; i < 500; i++) text += "ro a\n";
  CHECK(parse_text(text, {}, "/where", folder.c_str()).valid);
  for (size_t i = 0; i < 500; i++) text += "ro a\n";
  CHECK(parse_text(text).valid);
  EQUAL(problem_of(parse_text(text, {}, "/where", folder.c_str())),
        "the policies are larger than 524288 bytes together");
}

TEST("a policy consists of lines, with no control character but tab") {
  EQUAL(problem_of(parse_text("")), "none");
  EQUAL(problem_of(parse_text("\n")), "none");
  EQUAL(problem_of(parse_text("ro /a")),
        "the last line has no newline: the policy may be truncated");
  EQUAL(problem_of(parse_text("ro /a\r\n")), "the line ends in CR LF");
  EQUAL(problem_of(parse_text("ro /a\rb\n")), "a control byte (13): this is not a policy");
  EQUAL(problem_of(parse_text(std::string("ro /a\0b\n", 8))),
        "a control byte (0): this is not a policy");
  for (int byte = 1; byte < 256; byte++) {
    const std::string text = "ro /a" + std::string(1, static_cast<char>(byte)) + "b\n";
    const bool refused = problem_of(parse_text(text)).find("control byte") != std::string::npos;
    EQUAL(std::to_string(byte) + (refused ? " refused" : " taken"),
          std::to_string(byte) +
              ((byte < 32 && byte != '\t' && byte != '\n') || byte == 127 ? " refused" : " taken"));
  }
}

// ---- file and command line

TEST("an option and a policy line with quotes make the same rule") {
  struct {
    const char *directive;
    std::vector<const char *> values;
  } const rows[] = {
      {"ro", {"/a", "-/a", "a b", "$HOME", "~", "#x", "/a\"b", "-"}},
      {"rx", {"/a"}},
      {"rw", {"/a"}},
      {"rwx", {"/a"}},
      {"protect", {"/a"}},
      {"keep", {"/a"}},
      {"unix", {"/a", "any", "-/a"}},
      {"dev", {"/dev/null"}},
      {"connect", {"443", "1-2", "any", "53/udp", "any/udp", "0-65535/tcp", "0"}},
      {"bind", {"443", "1-2", "any", "53/udp"}},
      {"ipc", {"signal", "abstract-unix", "sysv"}},
      {"metadata", {"allow", "deny"}},
      {"audit", {"on"}},
      {"limit",
       {"nproc=4", "as=2G", "fsize=1K", "data=1M", "cpu=9", "core=0", "stack=7", "nofile=3"}},
      {"env", {"A", "A*", "A=b c", "A=", "-"}},
      {"fd", {"0", "3", "2147483647"}},
      {"cap", {"chown", "CAP_NET_BIND_SERVICE", "checkpoint_restore"}},
      {"chdir", {"/a", "-a"}},
      {"require", {"landlock=1", "landlock=11"}},
  };
  for (const auto &row : rows)
    for (const char *value : row.values) {
      const std::string name = row.directive;
      const bool dash = value[0] == '-';
      // A quoted dash is part of the path; unquoted it marks an optional one, as in an option.
      const std::string quoted = dash ? value : "'" + std::string(value) + "'";
      const Parsed file = parse_text(name + " " + quoted + "\n");
      const Parsed option = parse_arguments({"--" + name, value, "true"});
      const Parsed joined = parse_arguments({"--" + name + "=" + value, "true"});
      const std::string what = name + " " + value;
      EQUAL(what + ": " + problem_of(file), what + ": " + problem_of(option));
      EQUAL(what + ": " + problem_of(file), what + ": " + problem_of(joined));
      EQUAL(file.policy->rule_count, option.policy->rule_count);
      EQUAL(file.policy->rule_count, joined.policy->rule_count);
      if (!file.valid || !option.valid || !joined.valid) continue;
      CHECK(same_but_place(file.rule(0), option.rule(0)));
      CHECK(same_but_place(file.rule(0), joined.rule(0)));
    }
}

TEST("fs as an option has its two words in one value") {
  const Parsed file = parse_text("fs read_file,make_reg '/a b'\n");
  const Parsed option = parse_arguments({"--fs", "read_file,make_reg /a b", "true"});
  CHECK(file.valid && option.valid);
  CHECK(same_but_place(file.rule(0), option.rule(0)));
  EQUAL(file.rule(0).rights, mask_of(RightId::read_file) | mask_of(RightId::make_reg));
  const Parsed optional = parse_arguments({"--fs=read_file -/a", "true"});
  CHECK(optional.valid && optional.rule(0).optional);
}

TEST("syscall as an option has its two words in one value") {
  const Parsed file = parse_text("syscall deny ptrace @mount\n");
  const Parsed option =
      parse_arguments({"--syscall", "deny ptrace", "--syscall=deny @mount", "true"});
  CHECK(file.valid && option.valid);
  for (size_t i = 0; i < 2; i++) CHECK(same_but_place(file.rule(i), option.rule(i)));
}

TEST("every directive is an option and a line, and needs a value in both") {
  for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++) {
    const std::string name = str(nth(kDirectiveNames, row));
    const Parsed file = parse_text(name + " \n");
    const Parsed option = parse_arguments({"--" + name});
    CHECK(!file.valid && !option.valid);
    EQUAL(problem_of(file), "'" + name + "' has no value");
    EQUAL(problem_of(option), "'--" + name + "' has no value");
  }
}

TEST("invalid values are refused alike in a file and as an option") {
  const char *const rows[][2] = {
      {"connect", "99999"},
      {"connect", "2-1"},
      {"connect", "x"},
      {"connect", "1/x"},
      {"connect", "h:x"},
      {"connect", "-:1"},
      {"connect", "1.2.3.4:1/private"},
      {"bind", "h:1"},
      {"noconnect", "h"},
      {"noconnect", "10.0.0.0/8:x"},
      {"bind", "65536"},
      {"ipc", "x"},
      {"metadata", "x"},
      {"audit", "off"},
      {"limit", "x=1"},
      {"limit", "nofile"},
      {"limit", "cpu=1K"},
      {"limit", "as=99999999999G"},
      {"env", "=a"},
      {"fd", "x"},
      {"fd", "2147483648"},
      {"cap", "x"},
      {"require", "landlock=0"},
      {"require", "landlock=12"},
      {"require", "x=1"},
      {"ro", ""},
  };
  for (const auto &row : rows) {
    const std::string name = row[0];
    const Parsed file = parse_text(name + " '" + row[1] + "'\n");
    const Parsed option = parse_arguments({"--" + name, row[1], "true"});
    CHECK(!file.valid && !option.valid);
    EQUAL(problem_of(file), problem_of(option));
    CHECK(file.problem->where.length > 0 && option.problem->where.length > 0);
  }
}

TEST("for an unknown name the nearest one or the list of names is suggested") {
  const char *const rows[][3] = {
      {"conect 1", "unknown directive 'conect'\ndid you mean 'connect'?", "connect 1"},
      {"grants /x", "unknown directive 'grants'\nll-exec --help lists them", "ro /x"},
      {"fs read_fil /x", "unknown right 'read_fil'\ndid you mean 'read_file'?", "fs read_file /x"},
      {"fs connect_tcp /x",
       "unknown right 'connect_tcp'\nrights come first, as in: fs read_file,read_dir /srv",
       "fs truncate /x"},
      {"fs /x y", "unknown right '/x'\nrights come first, as in: fs read_file,read_dir /srv",
       "fs read_dir /x y"},
      {"syscall forbid ptrace",
       "unknown verb 'forbid'\nallow, deny or only with calls or @groups; or action",
       "syscall deny ptrace"},
      {"syscall deny ptrac", "unknown system call 'ptrac'\ndid you mean 'ptrace'?",
       "syscall deny ptrace @mount"},
      {"syscall deny @mounts", "unknown system call '@mounts'\ndid you mean '@mount'?",
       "syscall deny @mount"},
      {"syscall deny nothing_like_it",
       "unknown system call 'nothing_like_it'\nll-exec --list syscalls names them",
       "syscall deny kill"},
      {"syscall action trap", "unknown action 'trap'\nerrno, kill or log", "syscall action kill"},
      {"cap net_bind_servic",
       "unknown capability 'net_bind_servic'\none of capabilities(7), such as net_bind_service",
       "cap net_bind_service"},
  };
  for (const auto &row : rows) {
    const Parsed wrong = parse_text(row[0] + std::string("\n"));
    CHECK(!wrong.valid);
    EQUAL(str(wrong.problem->message.text()), row[1]);
    CHECK(parse_text(row[2] + std::string("\n")).valid);
  }
}

TEST("values on one line make the same rules as on several lines") {
  const Parsed one = parse_text("ro /a /b\nconnect 1 2\n");
  const Parsed several = parse_text("ro /a\nro /b\nconnect 1\nconnect 2\n");
  EQUAL(one.policy->rule_count, size_t{4});
  for (size_t i = 0; i < 4; i++) CHECK(same_but_place(one.rule(i), several.rule(i)));
}

TEST("use makes no rule, and its values are passed on in order") {
  const Parsed parsed = parse_text("use a ./b.policy\nro /x\nuse c\n");
  CHECK(parsed.valid);
  EQUAL(parsed.policy->rule_count, size_t{1});
  EQUAL(parsed.uses.size(), size_t{3});
  EQUAL(parsed.uses[0] + parsed.uses[1] + parsed.uses[2], "a./b.policyc");
}

TEST("limits accept K, M and G for bytes") {
  const Parsed parsed = parse_text("limit as=1 as=2K as=3M as=4G nofile=5 cpu=6\n");
  CHECK(parsed.valid);
  const uint64_t wanted[] = {1, 2048, 3145728, 4294967296, 5, 6};
  for (size_t i = 0; i < 6; i++) EQUAL(parsed.rule(i).number, wanted[i]);
  EQUAL(limits_of("nofile=1K"), "");
  EQUAL(limits_of("as=1T"), "");
  EQUAL(limits_of("as=K"), "");
  EQUAL(limits_of("as=-1"), "");
  EQUAL(limits_of("as=17179869183G"), "as=17179869183G");
  EQUAL(limits_of("as=17179869184G"), "");
}

// ---- options

TEST("options end at the command, and the rest are its arguments") {
  const Parsed parsed = parse_arguments({"--ro", "/a", "cmd", "--rw", "/b"});
  CHECK(parsed.valid);
  EQUAL(parsed.request.command, size_t{3});
  EQUAL(parsed.policy->rule_count, size_t{1});
  EQUAL(parse_arguments({"--", "--cmd"}).request.command, size_t{2});
  EQUAL(parse_arguments({"-q", "-", "x"}).request.command, size_t{2});
}

TEST("short options can be combined, and the last may have its value attached") {
  const Parsed parsed = parse_arguments({"-qvp", "name", "cmd"});
  CHECK(parsed.valid && parsed.request.quiet && parsed.request.verbose);
  EQUAL(parsed.uses.size(), size_t{1});
  EQUAL(parsed.uses[0], "name");
  const Parsed attached = parse_arguments({"-qpname", "-pother", "cmd"});
  CHECK(attached.valid && attached.request.quiet);
  EQUAL(attached.uses.size(), size_t{2});
  EQUAL(attached.uses[0] + attached.uses[1], "nameother");
  EQUAL(attached.request.command, size_t{3});
}

TEST("every option without a value is recognised by name, and refuses one") {
  const OptionTable options = program_info().options;
  for (size_t row = 0; row < options.count; row++) {
    if (!options.metavar(row).empty()) continue;
    const std::string name = "--" + str(options.name(row));
    if (name == "--json") {
      CHECK(parse_arguments({name, "--explain", "cmd"}).valid);
    } else {
      CHECK(parse_arguments({name, "cmd"}).valid);
    }
    EQUAL(problem_of(parse_arguments({name + "=x", "cmd"})), "'" + name + "' takes no value");
    if (options.letters[row] != 0)
      CHECK(parse_arguments({std::string("-") + options.letters[row], "cmd"}).valid);
  }
}

TEST("an option with a value at the end is an error, and nothing after argv is read") {
  for (const char *name : {"--ro", "--policy", "--abi", "--why", "-p", "--fs", "--use"})
    EQUAL(problem_of(parse_arguments({name})), "'" + std::string(name) + "' has no value");
  EQUAL(problem_of(parse_arguments({"--why", "read_file"})), "'--why' has no value");
}

TEST("--why takes two arguments") {
  const Parsed parsed = parse_arguments({"--ro", "/a", "--why", "read_file", "/b", "--abi", "5"});
  CHECK(parsed.valid);
  EQUAL(parsed.request.why.right, "read_file");
  EQUAL(parsed.request.why.target, "/b");
  EQUAL(parsed.request.abi, 5);
}

TEST("--policy takes a value, as -p does") {
  for (const std::vector<std::string> &words : {std::vector<std::string>{"--policy", "web", "cmd"},
                                                {"--policy=web", "cmd"},
                                                {"-p", "web", "cmd"}}) {
    const Parsed parsed = parse_arguments(words);
    CHECK(parsed.valid && parsed.uses == std::vector<std::string>{"web"});
    EQUAL(parsed.request.command, words.size());
  }
}

TEST("an unknown option, and a value for an option without one, are refused") {
  struct {
    std::vector<std::string> words;
    const char *message;
  } const rows[] = {
      {{"-z", "cmd"}, "unknown option '-z'\nll-exec --help lists them"},
      {{"-qz", "cmd"}, "unknown option '-z'\nll-exec --help lists them"},
      {{"--nothing-like-it", "cmd"},
       "unknown option '--nothing-like-it'\nll-exec --help lists them"},
      {{"--abi", "0", "cmd"}, "'0' is not a Landlock ABI\na number from 1 to 11"},
      {{"--abi", "12", "cmd"}, "'12' is not a Landlock ABI\na number from 1 to 11"},
      {{"--abi=x", "cmd"}, "'x' is not a Landlock ABI\na number from 1 to 11"},
      {{"--list", "files"}, "'files' cannot be listed\none of: directives rights syscalls"},
  };
  for (const auto &row : rows) {
    const Parsed parsed = parse_arguments(row.words);
    CHECK(!parsed.valid && parsed.problem->where.length > 0);
    EQUAL(str(parsed.problem->message.text()), row.message);
  }
  CHECK(parse_arguments({"--abi", "11", "cmd"}).valid);
  const Parsed list = parse_arguments({"--list", "syscalls"});
  CHECK(list.valid && list.request.list == Listed::Syscalls);
}

TEST("an option is not taken as the value of another") {
  for (const char *name : {"--ro", "--policy", "-p", "--connect", "--env", "--abi"})
    EQUAL(problem_of(parse_arguments({name, "--best-effort", "cmd"})),
          "'" + std::string(name) + "' has no value");
}

TEST("the name suggested for an unknown option is the nearest of options and directives") {
  struct {
    const char *typed, *nearest;
  } const rows[] = {{"--hep", "help"},        {"--ldx", "ldd"},    {"--conect", "connect"},
                    {"--explian", "explain"}, {"--chek", "check"}, {"--polcy", "policy"},
                    {"--limits", "limit"},    {"--jsn", "json"},   {"--rwz", "rw"}};
  for (const auto &row : rows) {
    const Parsed parsed = parse_arguments({row.typed, "cmd"});
    EQUAL(str(parsed.problem->message.text()),
          "unknown option '" + std::string(row.typed) + "'\ndid you mean '--" + row.nearest + "'?");
  }
}
