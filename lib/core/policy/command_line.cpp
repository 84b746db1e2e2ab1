#include "core/policy/command_line.h"

namespace ll {

namespace {

constexpr const char *kUnknownOption = "unknown option '%%'\n% --help lists them";

// Options of sandbox.sh and ll-ns. The program's own options are matched first.
alignas(char) constexpr char kOptionsOfSandbox[] =
    "memory\0pids\0cpus\0timeout\0overlay\0dry-run\0on-success\0on-failure\0keep-in\0changes\0"
    "diff\0rootfs\0host-root\0net\0share\0hostname\0root\0init\0ro-bind\0tmpfs\0proc\0"
    "private-dev\0";

class ValueReader {
 public:
  ValueReader(Policy &policy, Arguments &arguments, ParsedOption &taken, Diagnostic &problem)
      : policy_(policy), arguments_(arguments), taken_(taken), problem_(problem) {}

  OptionResult read() {
    while (arguments_.at < policy_.argument_count) {
      const Text argument = current();
      if (arguments_.letter != 0) return read_letter(argument);
      if (argument == "--"_t) {
        arguments_.at++;
        break;
      }
      if (starts_with(argument, "--"_t)) {
        const OptionResult item = read_long(argument);
        if (item != OptionResult::End) return item;
      } else if (starts_with(argument, "-"_t) && argument.size > 1) {
        arguments_.letter = 1;
      } else {
        break;
      }
    }
    return OptionResult::End;
  }

  // The next argument; advances `at`. A value must not look like an option: such a file is named
  // ./--name.
  OptionResult take_next(Text metavar, OptionResult item) {
    const Text name = taken_.name.value;
    if (arguments_.at == policy_.argument_count || starts_with(current(), "--"_t))
      return fail(taken_.name, "'%' has no value\nwrite % %", name, name, metavar);
    taken_.value = word(0);
    arguments_.at++;
    return item;
  }

 private:
  [[nodiscard]] Text current() const { return c_text(policy_.arguments[arguments_.at]); }

  [[nodiscard]] Word word(size_t offset) const {
    const Text value = current().from(offset);
    const auto argument = static_cast<uint16_t>(arguments_.at);
    return {.value = value,
            .where = {.argument = argument,
                      .offset = static_cast<uint32_t>(offset),
                      .length = static_cast<uint32_t>(value.size > 0 ? value.size : 1)},
            .dash = starts_with(value, "-"_t)};
  }

  template <typename... Texts>
  [[gnu::always_inline]] OptionResult fail(const Word &at, const char *pattern,
                                           const Texts &...texts) {
    problem_.fail(at.where, pattern, texts...);
    return OptionResult::Error;
  }

  // The value after '=' or the letter, or the next argument.
  OptionResult take_value(bool attached, size_t offset, Text metavar, OptionResult item) {
    if (attached) taken_.value = word(offset);
    arguments_.at++;
    return attached ? item : take_next(metavar, item);
  }

  OptionResult read_letter(Text argument) {
    const char letter = argument[arguments_.letter];
    taken_.name = word(0);
    const OptionTable &options = policy_.program.options;
    for (size_t row = 0; row < options.count; row++) {
      if (options.letters[row] != letter) continue;
      taken_.option = row;
      const Text metavar = options.metavar(row);
      const size_t next = arguments_.letter + 1;
      const bool attached = next < argument.size;
      arguments_.letter = attached && metavar.empty() ? next : 0;
      if (!metavar.empty()) return take_value(attached, next, metavar, OptionResult::Option);
      arguments_.at += attached ? 0 : 1;
      return OptionResult::Option;
    }
    taken_.name.where.offset = static_cast<uint32_t>(arguments_.letter);
    taken_.name.where.length = 1;
    return fail(taken_.name, kUnknownOption, "-"_t, Text{&letter, 1}, speaker(policy_));
  }

  OptionResult read_long(Text argument) {
    const Text body = argument.from(2);
    const Text name = body.first(find(body, '='));
    const bool attached = name.size < body.size;
    taken_.name = word(0);
    const size_t option = row_named(policy_.program.options.names, name);
    if (option != kNpos) return read_option(option, attached, name.size + 3);
    const size_t directive = row_named(kDirectiveNames, name);
    if (directive != kNpos) return read_directive(directive, attached, name.size + 3);
    return unknown(name);
  }

  OptionResult unknown(Text name) {
    taken_.name.where.length = static_cast<uint32_t>(name.size + 2);
    if (row_named(kOptionsOfSandbox, name) != kNpos)
      return fail(taken_.name,
                  "unknown option '--%'\nsandbox.sh has it: it runs a command under the same policy"
                  " in private namespaces",
                  name);
    size_t least = 3;
    const size_t directive = row_nearer(kDirectiveNames, name, least);
    Text nearest = directive == kNpos ? Text{} : nth(kDirectiveNames, directive);
    const OptionTable &options = policy_.program.options;
    for (size_t row = 0; row < options.count; row++)
      if (is_nearer(options.name(row), name, least)) nearest = options.name(row);
    if (nearest.empty()) return fail(taken_.name, kUnknownOption, "--"_t, name, speaker(policy_));
    return fail(taken_.name, "unknown option '--%'\ndid you mean '--%'?", name, nearest);
  }

  OptionResult read_directive(size_t row, bool attached, size_t offset) {
    Statement statement;
    const Word name = {.value = nth(kDirectiveNames, row), .where = taken_.name.where};
    if (!open_statement(policy_, statement, name, problem_)) return OptionResult::Error;
    const OptionResult item =
        take_value(attached, offset, nth(kDirectiveMetavars, row), OptionResult::End);
    if (item == OptionResult::Error ||
        !parse_option(policy_, statement.directive, taken_.value, problem_))
      return OptionResult::Error;
    return kDirectives[row].value == Value::Use ? OptionResult::Use : OptionResult::End;
  }

  OptionResult read_option(size_t row, bool attached, size_t offset) {
    const OptionTable &options = policy_.program.options;
    const Text metavar = options.metavar(row);
    taken_.option = row;
    if (!metavar.empty()) return take_value(attached, offset, metavar, OptionResult::Option);
    if (attached) return fail(taken_.name, "'--%' takes no value", options.name(row));
    arguments_.at++;
    return OptionResult::Option;
  }

  Policy &policy_;
  Arguments &arguments_;
  ParsedOption &taken_;
  Diagnostic &problem_;
};

}  // namespace

OptionResult next_argument(Policy &policy, Arguments &arguments, ParsedOption &taken,
                           Diagnostic &problem) {
  return ValueReader(policy, arguments, taken, problem).read();
}

bool read_abi(const Word &value, int &abi, Diagnostic &problem) {
  uint64_t number = 0;
  if (!parse_number(value.value, kNewestAbi, number) || number == 0)
    return problem.fail(value.where, "'%' is not a Landlock ABI\na number from 1 to %", value.value,
                        uint64_t{kNewestAbi});
  abi = static_cast<int>(number);
  return true;
}

bool read_descriptor_option(const Word &value, int &descriptor, Diagnostic &problem) {
  constexpr uint64_t kFirst = 3;  // those before are the command's
  uint64_t number = 0;
  if (!parse_number(value.value, INT32_MAX, number) || number < kFirst)
    return problem.fail(value.where, "'%' is not a descriptor from 3 up", value.value);
  descriptor = static_cast<int>(number);
  return true;
}

bool take_another(Policy &policy, Arguments &arguments, ParsedOption &taken, Diagnostic &problem) {
  const Text metavar = policy.program.options.metavar(taken.option);
  return ValueReader(policy, arguments, taken, problem).take_next(metavar, OptionResult::Option) !=
         OptionResult::Error;
}

}  // namespace ll
