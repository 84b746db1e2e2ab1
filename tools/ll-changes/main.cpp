// ll-changes: run a command through ll-ns so that what it writes to a directory goes to a layer
// aside, look through the layer, and make its changes in the directory or throw them away.
#include <sys/resource.h>
#include <cstdio>
#include <new>

#include "commit.h"
#include "fail.h"
#include "files.h"
#include "report_changes.h"
#include "run.h"

namespace {

int work_on_layer(const ll::ChangesRequest &request) {
  const bool changes_it =
      request.command == ll::Command::Commit || request.command == ll::Command::Drop;
  ll::allow_many_files();
  ll::Layer layer = ll::open_layer(request.layer, changes_it);
  if (request.command == ll::Command::Commit)
    return ll::commit_layer(layer, {request.force, request.selection}) ? 0 : ll::kFailed;
  if (request.command == ll::Command::Drop)
    ll::drop_layer(layer);
  else
    ll::report_changes(
        layer, {.json = request.json, .diff = request.diff, .selection = request.selection});
  return 0;
}

// Files are compared and copied in buffers on it; without it the kernel ends the program by
// SIGSEGV.
void check_stack() {
  constexpr rlim_t kNeeded = 1024 * 1024;  // bytes; the deepest that was seen takes half of it
  rlimit limit = {};
  if (::getrlimit(RLIMIT_STACK, &limit) < 0) ll::fail_errno("read the limit of", "the stack");
  if (limit.rlim_cur >= kNeeded) return;
  ll::fail("the stack is limited to " + std::to_string(limit.rlim_cur) +
               " bytes: " + std::to_string(kNeeded) + " are needed",
           "raise the limit of the stack, as with ulimit -s 8192");
}

int act(char **arguments) {
  check_stack();
  const ll::ChangesRequest request = ll::read_request(arguments);
  if (request.help) return ll::print_usage(), 0;
  if (request.version) return std::printf("%s " LL_VERSION "\n", ll::kProgramName), 0;
  if (request.command == ll::Command::Run) return ll::run_with_layer(request);
  return work_on_layer(request);
}

}  // namespace

int main(int, char **arguments) {
  if (arguments[0] != nullptr) ll::take_name(arguments[0]);
  try {
    return act(arguments);
  } catch (const ll::Failure &) {
  } catch (const std::bad_alloc &) {
    ll::report_error("out of memory");
  }
  return ll::kFailed;
}
