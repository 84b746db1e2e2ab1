#include "core/policy/parser.h"

#include "core/policy/units.h"
#include "core/policy/value_reader.h"
#include "core/seccomp/filter.h"

namespace ll {

bool add_rule(const ValueReader &read, const Rule &rule) {
  Policy &policy = read.policy;
  if (policy.rule_count == kMaxRules)
    return read.fail("more than % rules\ngrant a directory instead of the files in it", kMaxRules);
  Rule &added = policy.rules[policy.rule_count++];
  added = rule;
  added.directive = read.statement.directive;
  added.where = read.word.where;
  if (added.value.data == nullptr) added.value = read.word.value;
  return true;
}

namespace {

bool read_port_number(const ValueReader &read, Text ports, Text digits, uint32_t &port) {
  uint64_t number = 0;
  if (!parse_number(digits, UINT64_MAX, number))
    return read.fail("'%' is not a port\na port is a number from 0 to 65535, LO-HI or any", ports);
  if (number > kMaxPort)
    return read.fail("port % is more than 65535\na port is a number from 0 to 65535", number);
  port = static_cast<uint32_t>(number);
  return true;
}

}  // namespace

bool read_protocol(const ValueReader &read, Text protocol, bool &udp) {
  udp = protocol == "udp"_t;
  if (udp || protocol == "tcp"_t) return true;
  return read.fail("unknown protocol '%'\ntcp or udp, as in: % 53/udp", protocol, read.name());
}

bool read_range(const ValueReader &read, Text ports, Rule &rule) {
  const size_t dash = find(ports, '-');
  const bool one = dash == kNpos;
  if (!read_port_number(read, ports, ports.first(dash), rule.low)) return false;
  if (!read_port_number(read, ports, one ? ports : ports.from(dash + 1), rule.high)) return false;
  if (rule.low <= rule.high) return true;
  return read.fail("the range % is reversed\nwrite % %-%", ports, read.name(), rule.high, rule.low);
}

namespace {

// A relative path of a policy file starts from that file's directory; on the command line it is
// left as it is.
bool place_path(const ValueReader &read, Text path, Text &placed) {
  if (path.empty()) return read.fail("an empty path");
  const Text folder = read.policy.sources[read.word.where.source].folder;
  if (folder.empty() || path[0] == '/') {
    placed = path;
    return true;
  }
  while (starts_with(path, "./"_t)) path = path.from(2);
  Arena &arena = read.policy.arena;
  const size_t start = arena.used;
  if (arena.push(folder) && arena.push('/') && arena.push(path) && arena.finish(start, placed))
    return true;
  return read.fail(kTooMuchText, kMaxText);
}

bool read_path(const ValueReader &read, uint64_t rights) {
  const bool optional = read.word.dash && read.statement.directive != Directive::Chdir;
  Rule rule = {.optional = optional, .rights = rights};
  const Text path = optional ? read.word.value.from(1) : read.word.value;
  return place_path(read, path, rule.value) && add_rule(read, rule);
}

bool read_socket(const ValueReader &read) {
  if (read.word.value == "any"_t) return add_rule(read, {.any = true});
  return read_path(read, rights_granted(row_of(read.statement.directive).grants));
}

// `like`: the row of `names` to suggest, or kNpos.
bool fail_unknown(Diagnostic &problem, const SourceSpan &where, Text kind, Text name,
                  const char *names, size_t like, Text advice) {
  if (like == kNpos) return problem.fail(where, "unknown % '%'\n%", kind, name, advice);
  return problem.fail(where, "unknown % '%'\ndid you mean '%'?", kind, name, nth(names, like));
}

bool fail_right(const ValueReader &read, Text name) {
  const size_t like = nearest_row(kRightNames, name);
  const bool meant = like != kNpos && kRights[like].field == Field::Fs;
  return fail_unknown(read.problem, read.word.where, "right"_t, name, kRightNames,
                      meant ? like : kNpos,
                      "rights come first, as in: fs read_file,read_dir /srv"_t);
}

// "read_file,make_reg"
bool read_right_names(const ValueReader &read) {
  Text rest = read.word.value;
  for (;;) {
    const Text name = rest.first(find(rest, ','));
    const Right *right = fs_right_named(name);
    if (right == nullptr) return fail_right(read, name);
    read.statement.rights |= right->mask();
    if (name.size == rest.size) return true;
    rest = rest.from(name.size + 1);
  }
}

bool read_rights(const ValueReader &read) {
  if (read.statement.values > 0) return read_path(read, read.statement.rights);
  return read_right_names(read);
}

bool read_port(const ValueReader &read) {
  const Text value = read.word.value;
  if (find(value, ':') != kNpos) return read_host(read);
  Rule rule = {.high = kMaxPort};
  const size_t slash = find_last(value, '/');
  if (slash != kNpos && !read_protocol(read, value.from(slash + 1), rule.udp)) return false;
  const Text ports = value.first(slash);
  if (!(ports == "any"_t) && !read_range(read, ports, rule)) return false;
  return add_rule(read, rule);
}

bool read_ipc(const ValueReader &read) {
  const Text value = read.word.value;
  if (value == "signal"_t || value == "abstract-unix"_t || value == "sysv"_t)
    return add_rule(read, {});
  return read.fail("unknown kind of IPC '%'\nsignal, abstract-unix or sysv", value);
}

bool read_switch(const ValueReader &read) {
  const Text only = nth(kDirectiveMetavars, static_cast<size_t>(read.statement.directive));
  if (read.word.value == only) return add_rule(read, {});
  return read.fail("'%' is not '%'\nwrite % %, or leave the line out", read.word.value, only,
                   read.name(), only);
}

Text example_of(Unit unit) {
  switch (unit) {
    case Unit::Bytes: return "512M, in bytes or with K, M or G"_t;
    case Unit::Seconds: return "60, in seconds"_t;
    case Unit::Count: break;
  }
  return "64"_t;
}

bool read_amount(const ValueReader &read, Text name, Unit unit, Text amount, uint64_t &number) {
  constexpr uint64_t kMax = UINT64_MAX - 1;  // RLIM_INFINITY is no limit
  const bool valid =
      unit == Unit::Bytes ? parse_size(amount, kMax, number) : parse_number(amount, kMax, number);
  return valid ||
         read.fail("'%' is not an amount\nwrite limit %=%", amount, name, example_of(unit));
}

bool fail_resource(const ValueReader &read, Text name) {
  read.fail("unknown resource '%'\none of:", name);
  for (size_t i = 0; i < sizeof kResources / sizeof *kResources; i++)
    format(read.problem.message, " %", nth(kResourceNames, i));
  return false;
}

bool read_limit(const ValueReader &read) {
  const Text value = read.word.value;
  const Text name = value.first(find(value, '='));
  const size_t row = row_named(kResourceNames, name);
  if (row == kNpos) return fail_resource(read, name);
  Rule rule = {.resource = kResources[row].number};
  const Text amount = value.from(name.size + 1);
  return read_amount(read, name, kResources[row].unit, amount, rule.number) && add_rule(read, rule);
}

bool read_env(const ValueReader &read) {
  const Text value = read.word.value;
  const Text name = value.first(find(value, '='));
  const bool nothing = value == "-"_t && read.word.dash;
  if (name.empty() || (read.word.dash && !nothing))
    return read.fail("'%' is not a variable's name\nNAME, GLOB*, NAME=VALUE, or - for none", value);
  return add_rule(read, {.any = nothing});
}

bool read_descriptor(const ValueReader &read) {
  Rule rule;
  if (!parse_number(read.word.value, INT32_MAX, rule.number))
    return read.fail("'%' is not a descriptor's number", read.word.value);
  return add_rule(read, rule);
}

bool read_capability(const ValueReader &read) {
  const Text value = read.word.value;
  const Text name = same_but_case(value.first(4), "cap_"_t) ? value.from(4) : value;
  const size_t like = nearest_row(kCapabilityNames, name);
  const Text nearest = like != kNpos ? nth(kCapabilityNames, like) : "net_bind_service"_t;
  if (same_but_case(nearest, name)) return add_rule(read, {.number = like});
  return read.fail("unknown capability '%'\none of capabilities(7), such as %", value, nearest);
}

bool read_require(const ValueReader &read) {
  const Text value = read.word.value;
  const Text prefix = "landlock="_t;
  Rule rule;
  const bool valid =
      starts_with(value, prefix) && parse_number(value.from(prefix.size), UINT32_MAX, rule.number);
  if (!valid || rule.number == 0)
    return read.fail("'%' cannot be required\nwrite require landlock=N, N being a Landlock ABI",
                     value);
  if (rule.number > kNewestAbi)
    return read.fail("Landlock ABI % is newer than this program knows\nthe newest it knows is %",
                     rule.number, uint64_t{kNewestAbi});
  return add_rule(read, rule);
}

constexpr char kVerbs[] = "allow\0deny\0only\0action\0";

bool read_verb(const ValueReader &read) {
  const size_t verb = row_named(kVerbs, read.word.value);
  read.statement.rights = verb;
  return verb != kNpos ||
         read.fail("unknown verb '%'\nallow, deny or only with calls or @groups; or action",
                   read.word.value);
}

bool read_call(const ValueReader &read) {
  const Text name = read.word.value;
  Rule rule = {.any = starts_with(name, "@"_t),
               .resource = static_cast<uint32_t>(read.statement.rights)};
  const char *names = rule.any ? kGroupNames : kCallNames;
  const size_t row = row_named(names, name);
  rule.low = static_cast<uint32_t>(row);
  if (row != kNpos) return add_rule(read, rule);
  return fail_unknown(read.problem, read.word.where, "system call"_t, name, names,
                      nearest_row(names, name), "ll-exec --list syscalls names them"_t);
}

bool read_syscall(const ValueReader &read) {
  if (read.statement.values == 0) return read_verb(read);
  if (static_cast<SyscallVerb>(read.statement.rights) != SyscallVerb::Action)
    return read_call(read);
  if (row_named("errno\0kill\0log\0", read.word.value) != kNpos)
    return add_rule(read, {.resource = static_cast<uint32_t>(SyscallVerb::Action)});
  return read.fail("unknown action '%'\nerrno, kill or log", read.word.value);
}

bool read_metadata(const ValueReader &read) {
  if (read.word.value == "allow"_t || read.word.value == "deny"_t) return add_rule(read, {});
  return read.fail("'%' is not allow or deny\nwrite metadata allow, or metadata deny",
                   read.word.value);
}

bool read_value(const ValueReader &read) {
  const DirectiveRow &row = row_of(read.statement.directive);
  switch (row.value) {
    case Value::Path: return read_path(read, rights_granted(row.grants));
    case Value::Socket: return read_socket(read);
    case Value::Rights: return read_rights(read);
    case Value::Port: return read_port(read);
    case Value::NoHost: return read_host(read);
    case Value::Ipc: return read_ipc(read);
    case Value::Switch: return read_switch(read);
    case Value::Limit: return read_limit(read);
    case Value::Env: return read_env(read);
    case Value::Number: return read_descriptor(read);
    case Value::Cap: return read_capability(read);
    case Value::Require: return read_require(read);
    case Value::Use: return true;
    case Value::Syscall: return read_syscall(read);
    case Value::Metadata: return read_metadata(read);
  }
  return false;
}

}  // namespace

// `fs RIGHTS PATH...` and `syscall VERB NAME...`
static bool has_two_parts(Directive directive) {
  return directive == Directive::Fs || directive == Directive::Syscall;
}

bool open_statement(const Policy &policy, Statement &statement, const Word &word,
                    Diagnostic &problem) {
  const size_t row = row_named(kDirectiveNames, word.value);
  if (row == kNpos && holds_deceiving(word.value))
    return problem.fail(word.where,
                        "unknown directive '%'\nthe escaped character is not a blank: use a"
                        " space or a tab",
                        word.value);
  if (row == kNpos) {
    FixedString<64> advice;
    format(advice, "% --help lists them", policy.program.name);
    return fail_unknown(problem, word.where, "directive"_t, word.value, kDirectiveNames,
                        nearest_row(kDirectiveNames, word.value), advice.text());
  }
  statement = {.directive = static_cast<Directive>(row), .open = true, .where = word.where};
  return true;
}

bool add_value(Policy &policy, Statement &statement, const Word &word, Diagnostic &problem) {
  if (!read_value({policy, statement, word, problem})) return false;
  statement.values++;
  return true;
}

bool close_statement(Statement &statement, Diagnostic &problem) {
  const size_t needed = has_two_parts(statement.directive) ? 2 : 1;
  const bool complete = statement.values >= needed;
  const Directive directive = statement.directive;
  const SourceSpan where = statement.where;
  statement = {};
  return complete ||
         problem.fail(where, "'%' has no value\nwrite % %", name_of(directive), name_of(directive),
                      nth(kDirectiveMetavars, static_cast<size_t>(directive)));
}

ParseResult parse_more(Policy &policy, const Environment &environment, Cursor &cursor, Word &use,
                       Diagnostic &problem) {
  Statement &statement = cursor.statement;
  for (;;) {
    Word word;
    switch (next_word(policy, environment, cursor.source, cursor.offset, word, problem)) {
      case Token::Error: return ParseResult::Error;
      case Token::EndOfText: return ParseResult::End;
      case Token::EndOfLine:
        if (statement.open && !close_statement(statement, problem)) return ParseResult::Error;
        break;
      case Token::Word:
        if (!statement.open) {
          if (!open_statement(policy, statement, word, problem)) return ParseResult::Error;
          break;
        }
        if (!add_value(policy, statement, word, problem)) return ParseResult::Error;
        if (statement.directive != Directive::Use) break;
        use = word;
        return ParseResult::Use;
    }
  }
}

// An option has one value: its first word is split off.
static Word take_part(Word &word) {
  const size_t blank = find(word.value, ' ');
  Word part = word;
  part.value = word.value.first(blank);
  part.where.length = static_cast<uint32_t>(blank);
  word.value = word.value.from(blank + 1);
  word.dash = starts_with(word.value, "-"_t);
  const bool empty = word.value.empty();
  word.where.offset += static_cast<uint32_t>(empty ? blank : blank + 1);
  word.where.length = static_cast<uint32_t>(empty ? 1 : word.value.size);
  return part;
}

bool parse_option(Policy &policy, Directive directive, Word word, Diagnostic &problem) {
  Statement statement = {.directive = directive, .open = true, .where = word.where};
  // A path may contain blanks, a system call does not.
  while (has_two_parts(directive) && find(word.value, ' ') != kNpos &&
         (statement.values == 0 || directive == Directive::Syscall))
    if (!add_value(policy, statement, take_part(word), problem)) return false;
  return add_value(policy, statement, word, problem) && close_statement(statement, problem);
}

}  // namespace ll
