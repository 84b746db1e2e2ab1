// A rule serialized as an option, and parsed again.
#include "check.h"
#include "core/policy/serialize.h"
#include "host.h"

using namespace ll;

namespace {

std::string option_of(Parsed &parsed, size_t i) {
  Text option;
  CHECK(write_option(parsed.policy->arena, parsed.rule(i), option));
  return str(option);
}

// The options of a policy's rules, and the options of the policy that these make.
std::vector<std::string> options_of(Parsed &parsed) {
  std::vector<std::string> options;
  for (size_t i = 0; i < parsed.policy->rule_count; i++) options.push_back(option_of(parsed, i));
  return options;
}

std::string joined(const std::vector<std::string> &options) {
  std::string all;
  for (const std::string &option : options) all += (all.empty() ? "" : "|") + option;
  return all;
}

// Serialized, parsed and serialized again.
std::string twice(const std::string &policy) {
  Parsed first = parse_text(policy, {"HOME=/home/u"});
  CHECK(first.valid);
  std::vector<std::string> options = options_of(first);
  options.insert(options.end(), {"--", "command"});
  Parsed second = parse_arguments(options);
  CHECK(second.valid);
  EQUAL(second.policy->rule_count, first.policy->rule_count);
  for (size_t i = 0; i < first.policy->rule_count && i < second.policy->rule_count; i++) {
    const Rule &a = first.rule(i);
    const Rule &b = second.rule(i);
    CHECK(a.directive == b.directive && a.optional == b.optional && a.any == b.any);
    CHECK(a.rights == b.rights && a.low == b.low && a.high == b.high && a.udp == b.udp);
    CHECK(a.number == b.number && a.resource == b.resource && a.value == b.value);
  }
  return joined(options_of(second));
}

}  // namespace

TEST("a serialized path is parsed to the same path, whatever characters it has") {
  EQUAL(twice("ro /a -/b '/c d' ~/x \"/q\"\nrw '/=' '/$A'\n"),
        "--ro=/a|--ro=-/b|--ro=/c d|--ro=/home/u/x|--ro=/q|--rw=/=|--rw=/$A");
}

TEST("every kind of value is serialized to text that is parsed the same") {
  EQUAL(twice("fs read_file,make_reg -/a '/b c'\nunix any /s\nconnect 443 80-90/udp any\n"
              "bind 8080\nipc signal sysv\nlimit nproc=64 as=1G\nenv A B* C=d=e -\nfd 5\n"
              "cap net_raw\nrequire landlock=4\nmetadata deny\naudit on\nchdir /x\n"),
        "--fs=read_file,make_reg -/a|--fs=read_file,make_reg /b c|--unix=any|--unix=/s|"
        "--connect=443|--connect=80-90/udp|--connect=any|--bind=8080|--ipc=signal|--ipc=sysv|"
        "--limit=nproc=64|--limit=as=1G|--env=A|--env=B*|--env=C=d=e|--env=-|--fd=5|"
        "--cap=net_raw|--require=landlock=4|--metadata=deny|--audit=on|--chdir=/x");
}

TEST("system calls are serialized with their verb") {
  EQUAL(twice("syscall allow ptrace @mount\nsyscall deny kill\nsyscall action kill\n"),
        "--syscall=allow ptrace|--syscall=allow @mount|--syscall=deny kill|--syscall=action kill");
}

TEST("an option that does not fit the buffer is not written") {
  Parsed parsed = parse_text("ro /a\n");
  parsed.policy->arena.used = kMaxText - 6;
  Text option;
  CHECK(!write_option(parsed.policy->arena, parsed.rule(0), option));
}
