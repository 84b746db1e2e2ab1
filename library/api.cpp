// llexec.h but for what starts and restricts.
#include <llexec.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "handle.h"
#include "json.h"

extern char **environ;

namespace ll {

namespace {

constexpr size_t kMostWords = 60000;  // SourceSpan::argument counts to 65535

bool copy_words(Words &to, const char *const *from) {
  for (; from != nullptr && *from != nullptr; from++) {
    if (to.texts.size() > kMostWords) return false;
    to.texts.emplace_back(*from);
  }
  for (std::string &text : to.texts) to.pointers.push_back(text.data());
  to.pointers.push_back(nullptr);
  return true;
}

}  // namespace
}  // namespace ll

const char *ll_version(void) { return LL_VERSION; }

ll_policy *ll_policy_new(const char *const *options, const char *text, size_t text_size,
                         const char *name, ll_error *error) {
  std::unique_ptr<ll_policy> made;
  const int status = ll::guarded(error, [&](ll::ApiCall &call) {
    made = std::make_unique<ll_policy>();
    made->options.texts.emplace_back(ll::kProgramName);
    const ll::Policy &policy = made->compiled().policy;
    if (!ll::copy_words(made->options, options) || !ll::copy_words(made->environment, environ))
      ll::die_at(policy, ll::kNoLocation, "more than % options or variables", ll::kMostWords);
    made->name = name != nullptr ? name : "policy text";
    made->programs = ll::place_of_programs();
    ll::compile(call, *made, {text, text != nullptr ? text_size : 0}, text != nullptr);
  });
  return status == 0 ? made.release() : nullptr;
}

void ll_policy_free(ll_policy *policy) {
  const ll::KeptErrno kept;
  delete policy;
}

char *ll_policy_json(const ll_policy *policy, const char *what, ll_error *error) {
  char *copy = nullptr;
  ll::guarded(error, [&](ll::ApiCall &call) {
    const std::string json = ll::json_of(call, *policy, what);
    copy = static_cast<char *>(malloc(json.size() + 1));
    if (copy == nullptr) throw std::bad_alloc();
    memcpy(copy, json.c_str(), json.size() + 1);
  });
  return copy;
}

void ll_free(void *string) { free(string); }
