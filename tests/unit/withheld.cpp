#include "core/policy/withheld.h"

#include "check.h"

using namespace ll;

namespace {

bool is(Text variable, Withheld wanted) { return is_withheld(variable) == wanted; }

}  // namespace

TEST("a variable is withheld by its name, in upper or lower case") {
  CHECK(is("GITHUB_TOKEN=1"_t, Withheld::Secret));
  CHECK(is("db_password"_t, Withheld::Secret));
  CHECK(is("GPG_AGENT_INFO=/s"_t, Withheld::Agent));
  CHECK(is("LD_PRELOAD=/l"_t, Withheld::Preload));
  CHECK(is("PATH=/bin"_t, Withheld::No));
  CHECK(is("LD_LIBRARY_PATH=/l"_t, Withheld::No));
  CHECK(is("KEYBOARD=de"_t, Withheld::No));
  CHECK(is("DB_PASSWORD_FILE=/run/secrets/db"_t, Withheld::No));
}

TEST("a variable is withheld for a password in a URL, or a value as long as a token") {
  CHECK(is("U=postgres://me:word@db/x"_t, Withheld::Secret));
  CHECK(is("U=https://ghp_0123456789abcdefghij@example.org/x"_t, Withheld::Secret));
  CHECK(is("U=ssh://git@example.org/x"_t, Withheld::No));
  CHECK(is("U=https://a@b/c:d@e"_t, Withheld::No));
  CHECK(is("U=https://example.org:80/a-long-path-that-has-an@in-it"_t, Withheld::No));
  CHECK(is("U="_t, Withheld::No));
}
