#include "core/policy/withheld.h"

#include <string>
#include "check.h"

using namespace ll;

namespace {

bool is(Text variable, Withheld wanted) { return is_withheld(variable) == wanted; }

Text text_of(const std::string &text) { return {text.data(), text.size()}; }

bool is_passed(const std::string &name) { return is(text_of(name), Withheld::No); }

// The pattern with `other` instead of its stars.
std::string name_of(Text pattern, const char *other) {
  std::string name;
  for (size_t i = 0; i < pattern.size; i++) {
    if (pattern[i] == '*')
      name += other;
    else
      name += pattern[i];
  }
  return name;
}

bool matches_any(const std::string &name) {
  for (size_t row = 0; !withheld_pattern(row).empty(); row++)
    if (matches_glob(text_of(name), withheld_pattern(row))) return true;
  return false;
}

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

TEST("names are withheld by each pattern, and one letter less or more is as matches_glob says") {
  size_t passed = 0, withheld = 0;
  for (size_t row = 0; !withheld_pattern(row).empty(); row++)
    for (const char *other : {"", "X", "A_B"}) {
      const std::string name = name_of(withheld_pattern(row), other);
      CHECK(!is_passed(name));
      for (size_t i = 0; i < name.size(); i++)
        for (const char *instead : {"", "Q", "_", "QT"}) {
          std::string changed = name;
          changed.replace(i, 1, instead);
          CHECK(is_passed(changed) == !matches_any(changed));
          (is_passed(changed) ? passed : withheld)++;
        }
    }
  CHECK(passed > 500 && withheld > 500);
}

TEST("a variable is withheld for a password in a URL, or a value as long as a token") {
  CHECK(is("U=postgres://me:word@db/x"_t, Withheld::Secret));
  CHECK(is("U=https://ghp_0123456789abcdefghij@example.org/x"_t, Withheld::Secret));
  CHECK(is("U=ssh://git@example.org/x"_t, Withheld::No));
  CHECK(is("U=https://a@b/c:d@e"_t, Withheld::No));
  CHECK(is("U=https://example.org:80/a-long-path-that-has-an@in-it"_t, Withheld::No));
  CHECK(is("U=https://a.example,https://me:word@b.example"_t, Withheld::Secret));
  CHECK(is("U=https://a.example,https://b.example"_t, Withheld::No));
  CHECK(is("U=:/"_t, Withheld::No));
  CHECK(is("U=://"_t, Withheld::No));
  CHECK(is("U="_t, Withheld::No));
}
