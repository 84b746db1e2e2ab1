#include "os/query/access_check.h"

#include "commands.h"
#include "core/table_writer.h"
#include "os/enforce/sandbox.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"
#include "reading.h"

namespace ll {

namespace {

bool is_at(const FileId &found, const uapi::Statx &stat) {
  return found.inode == stat.ino && found.device == uapi::device_of(stat);
}

// All rules about the path or a directory above it, the nearest first, by the same inodes as the
// answer.
void list_rules(const Policy &policy, const Plan &plan, Text path) {
  char here[kMaxPath];
  const long size = resolve(policy.directory, path, here, sizeof here);
  if (size < 0) return;
  TableWriter rows;
  bool any = false;
  for (auto end = static_cast<size_t>(size);;) {
    here[end] = '\0';
    uapi::Statx stat;
    const bool exists = sys::stat_at(uapi::kAT_FDCWD, here, 0, stat) == 0;
    for (size_t i = 0; exists && i < policy.rule_count; i++) {
      const Entry &entry = plan.entries[i];
      const bool denies = policy.rules[i].directive == Directive::Deny;
      if (!is_at(entry.found, stat) || (entry.access == 0 && !denies && !entry.replaced)) continue;
      if (!any) format(rows.line(), "rules that cover it, nearest first:");
      any = true;
      rows.format("%  %", policy.rules[i], Location{policy, policy.rules[i].where});
    }
    if (end <= 1) break;
    while (end > 1 && here[end - 1] != '/') end--;
    if (end > 1) end--;
  }
  rows.end();
}

}  // namespace

int explain_why(const Process &process, Policy &policy, PolicyRequest &request) {
  const Question question = {request.operands[0].value, request.operands[1].value,
                             request.operands[0].where};
  read_into(process, request.uses, policy);
  remember_directory(policy);
  const auto plan = std::make_unique<Plan>();
  const auto filter = std::make_unique<Filter>();
  const auto workspace = std::make_unique<Workspace>();
  request.best_effort = true;  // it only asks
  Sandbox sandbox = {process, policy, request, *plan, *filter, *workspace};
  prepare(sandbox, Purpose::Survey);
  const int status = answer_why(policy, *plan, question);
  if (!(question.right == "connect"_t)) list_rules(policy, *plan, question.target);
  return status;
}

}  // namespace ll
