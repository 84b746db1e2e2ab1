// --why RIGHT PATH.
#include "core/host.h"
#include "os/enforce/deny.h"
#include "os/input/load.h"
#include "os/kernel/process.h"
#include "os/query/access_check.h"

namespace ll {

namespace {

constexpr size_t kFs = static_cast<size_t>(Field::Fs);

// "read_file", or a directive that stands for several.
uint64_t rights_named(Text name) {
  const Right *right = fs_right_named(name);
  if (right != nullptr) return right->mask();
  const size_t row = row_named(kDirectiveNames, name);
  return row != kNpos ? rights_granted(kDirectives[row].grants) : 0;
}

[[noreturn]] void fail_right(const Policy &policy, const Question &question) {
  const size_t like = nearest_row(kRightNames, question.right);
  if (like != kNpos && kRights[like].field == Field::Fs)
    die_at(policy, question.where, "unknown right '%'\ndid you mean '%'?", question.right,
           nth(kRightNames, like));
  die_at(policy, question.where,
         "unknown right '%'\nro, rx, rw, rwx or one of the kernel's names, such as read_file",
         question.right);
}

void format_obstacle(Builder &out, const Policy &policy, const Rule &rule) {
  format(out,
         "  blocked by %  %\n"
         "  Landlock cannot exclude it from a directory: nothing can be created, deleted or moved"
         " beside it\n",
         rule, Location{policy, rule.where});
  format(out, "  %\n", way_on(rule));
}

void describe_verdict(Builder &out, const Policy &policy, const Plan &plan, uint64_t asked,
                      const Verdict &verdict) {
  const uint64_t refused = asked & ~verdict.granted & ~verdict.unhandled;
  const Text path = {verdict.path, verdict.path_size};
  out << (refused == 0 ? "granted "_t : "refused "_t);
  list_rights(out, refused == 0 ? asked : refused);
  format(out, " %\n", path);
  const Rule *rule = refused == 0 ? verdict.granting : verdict.nearest;
  if (refused != 0 && verdict.obstacle != nullptr)
    format_obstacle(out, policy, *verdict.obstacle);
  else if (rule != nullptr)
    format(out, refused == 0 ? "  by %  %\n" : "  the nearest rule is %  %\n", *rule,
           Location{policy, rule->where});
  else if (refused != 0)
    format(out, "  no rule covers it or a directory above it\n");
  for (const Right &right : kRights)
    if (right.field == Field::Fs && (right.mask() & asked & plan.gaps[kFs]) != 0)
      format(out, "  %: this kernel cannot restrict it\n", name_of(right));
}

}  // namespace

[[gnu::noinline]] int answer_why(const Policy &policy, const Plan &plan, const Question &question) {
  uint64_t asked = rights_named(question.right);
  if (asked == 0) {
    const int answered = answer_why_connect(policy, question);
    if (answered < 0) fail_right(policy, question);
    return answered;
  }
  Verdict verdict;
  // A directive is about what is beneath a directory; a right about the file itself.
  const bool by_name = fs_right_named(question.right) != nullptr;
  check_access(policy, plan, policy.directory, question.target, asked, by_name ? kOfEntry : 0,
               verdict);
  if (verdict.error < 0)
    die_at(policy, kNoLocation, "cannot stat %: %", question.target, Error{verdict.error});
  const bool of_file = !by_name && verdict.kind == Kind::File;
  if (of_file) asked &= rights_of_files();
  verdict.unhandled &= asked;
  Builder answer = output_line();
  describe_verdict(answer, policy, plan, asked, verdict);
  host_write(1, answer.text());
  return (asked & ~verdict.granted & ~verdict.unhandled) == 0 ? 0 : 1;
}

}  // namespace ll
