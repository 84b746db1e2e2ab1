#include "core/request.h"

namespace ll {

namespace {

class Reader {
 public:
  Reader(Policy &policy, Request &request, Arguments &arguments, Problem &problem)
      : policy_(policy), request_(request), arguments_(arguments), problem_(problem) {}

  Step read(Word &use) {
    while (arguments_.at < policy_.argument_count) {
      const Text argument = current();
      if (arguments_.letter != 0) {
        if (!read_letter(argument, use)) return Step::Error;
      } else if (argument == "--"_t) {
        arguments_.at++;
        break;
      } else if (starts_with(argument, "--"_t)) {
        if (!read_long(argument, use)) return Step::Error;
      } else if (starts_with(argument, "-"_t) && argument.size > 1) {
        arguments_.letter = 1;
        continue;
      } else {
        break;
      }
      if (use.value.data != nullptr) return Step::Use;
    }
    if (arguments_.at < policy_.argument_count) request_.command = arguments_.at;
    return Step::End;
  }

 private:
  [[nodiscard]] Text current() const { return c_text(policy_.arguments[arguments_.at]); }

  Word word(size_t offset) const {
    const Text value = current().from(offset);
    const auto argument = static_cast<uint16_t>(arguments_.at);
    return {.value = value,
            .where = {.argument = argument,
                      .offset = static_cast<uint32_t>(offset),
                      .length = static_cast<uint32_t>(value.size > 0 ? value.size : 1)},
            .dash = starts_with(value, "-"_t)};
  }

  template <typename... Arguments>
  [[gnu::always_inline]] bool fail(const Word &at, const char *format,
                                   const Arguments &...arguments) {
    return problem_.fail(at.where, format, arguments...);
  }

  bool read_letter(Text argument, Word &use) {
    const char letter = argument[arguments_.letter];
    for (size_t row = 0; row < sizeof kOptionLetters; row++) {
      if (kOptionLetters[row] != letter) continue;
      const Text metavar = text_at(kOptionMetavars, row);
      const size_t next = arguments_.letter + 1;
      const bool attached = next < argument.size;
      const Word name = word(0);
      if (metavar.empty()) {
        arguments_.letter = attached ? next : 0;
        arguments_.at += attached ? 0 : 1;
        return set(static_cast<Option>(row));
      }
      arguments_.letter = 0;
      Word value = name;
      if (!take_value(attached, next, name, metavar, value)) return false;
      use = value;
      return true;
    }
    Word at = word(0);
    at.where.offset = static_cast<uint32_t>(arguments_.letter);
    at.where.length = 1;
    return fail(at, "unknown option '-%'\nll-exec --help lists them"_packed, Text{&letter, 1});
  }

  bool read_long(Text argument, Word &use) {
    const Text body = argument.from(2);
    const Text name = body.first(find(body, '='));
    const bool attached = name.size < body.size;
    const Word whole = word(0);
    const size_t option = row_named(kOptionNames, name);
    if (option != kNone) return read_option(option, attached, whole, use);
    const size_t directive = row_named(kDirectiveNames, name);
    if (directive != kNone) return read_directive(directive, attached, whole, use);
    return unknown(name, whole);
  }

  bool unknown(Text name, Word whole) {
    whole.where.length = static_cast<uint32_t>(name.size + 2);
    size_t least = 3;
    const size_t directive = row_nearer(kDirectiveNames, name, least);
    const size_t option = row_nearer(kOptionNames, name, least);
    if (directive == kNone && option == kNone)
      return fail(whole, "unknown option '--%'\nll-exec --help lists them"_packed, name);
    return fail(
        whole, "unknown option '--%'\ndid you mean '--%'?"_packed, name,
        option != kNone ? text_at(kOptionNames, option) : text_at(kDirectiveNames, directive));
  }

  // The value behind '=', or the next argument; `at` moves on behind it. What looks like an option
  // is none: a file of such a name is ./--name.
  bool take_value(bool attached, size_t offset, const Word &name, Text metavar, Word &value) {
    if (attached) {
      value = word(offset);
      arguments_.at++;
      return true;
    }
    arguments_.at++;
    if (arguments_.at == policy_.argument_count || starts_with(current(), "--"_t))
      return fail(name, "'%' has no value\nwrite % %"_packed, name.value, name.value, metavar);
    value = word(0);
    arguments_.at++;
    return true;
  }

  static size_t behind_equals(const Word &whole) { return find(whole.value, '=') + 1; }

  bool read_directive(size_t row, bool attached, const Word &whole, Word &use) {
    Statement statement;
    const Word name = {.value = text_at(kDirectiveNames, row), .where = whole.where};
    const Text metavar = text_at(kDirectiveMetavars, row);
    if (!open_statement(statement, name, problem_)) return false;
    Word value;
    if (!take_value(attached, behind_equals(whole), whole, metavar, value)) return false;
    if (kDirectives[row].value == Value::Use) use = value;
    return parse_option(policy_, statement.directive, value, problem_);
  }

  bool read_option(size_t row, bool attached, const Word &whole, Word &use) {
    const auto option = static_cast<Option>(row);
    const Text metavar = text_at(kOptionMetavars, row);
    if (metavar.empty()) {
      if (attached) return fail(whole, "'--%' takes no value"_packed, text_at(kOptionNames, row));
      arguments_.at++;
      return set(option);
    }
    Word value;
    if (!take_value(attached, behind_equals(whole), whole, metavar, value)) return false;
    switch (option) {
      case Option::Policy: use = value; return true;
      case Option::Abi: return set_abi(value);
      case Option::List: return set_list(value);
      case Option::Why: return set_why(whole, value, metavar);
      default: return false;
    }
  }

  bool set_abi(const Word &value) {
    uint64_t abi = 0;
    if (!parse_number(value.value, kNewestAbi, abi) || abi == 0)
      return fail(value, "'%' is not a Landlock ABI\na number from 1 to %"_packed, value.value,
                  uint64_t{kNewestAbi});
    request_.abi = static_cast<int>(abi);
    return true;
  }

  bool set_list(const Word &value) {
    request_.list = true;
    return value.value == "syscalls"_t ||
           fail(value, "'%' cannot be listed\nwrite --list syscalls"_packed, value.value);
  }

  bool set_why(const Word &whole, const Word &right, Text metavar) {
    if (arguments_.at == policy_.argument_count || starts_with(current(), "--"_t))
      return fail(whole, "'%' has no value\nwrite % %"_packed, whole.value, whole.value, metavar);
    const Word target = word(0);
    arguments_.at++;
    request_.why_right = right.value;
    request_.why_target = target.value;
    request_.why = right.where;
    return true;
  }

  bool set(Option option) {
    switch (option) {
      case Option::Explain: request_.explain = true; break;
      case Option::Check: request_.check = true; break;
      case Option::Json: request_.json = true; break;
      case Option::Ldd: request_.ldd = true; break;
      case Option::BestEffort: request_.best_effort = true; break;
      case Option::NoLandlock: request_.no_landlock = true; break;
      case Option::Quiet: request_.quiet = true; break;
      case Option::Verbose: request_.verbose = true; break;
      case Option::Help: request_.help = true; break;
      case Option::Version: request_.version = true; break;
      case Option::Policy:
      case Option::List:
      case Option::Abi:
      case Option::Why: return false;
    }
    return true;
  }

  Policy &policy_;
  Request &request_;
  Arguments &arguments_;
  Problem &problem_;
};

}  // namespace

Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem) {
  use = {};
  return Reader(policy, request, arguments, problem).read(use);
}

bool check_request(const Request &request, Problem &problem) {
  const bool asks = request.explain || request.check || request.help || request.list ||
                    request.version || !request.why_right.empty();
  if (request.json && !request.explain && !request.check)
    return problem.fail({}, "--json belongs to --explain or --check"_packed);
  if (request.command == 0 && (request.ldd || !asks))
    return problem.fail(
        {},
        "no command to run\n"
        "ll-exec [options] [--] command [argument...]; ll-exec --help says more"_packed);
  return true;
}

}  // namespace ll
