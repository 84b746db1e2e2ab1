// A test is a function with a sentence for its name; a check that fails says where, and the rest
// of the test goes on. The output is TAP, as that of the bats files.
#pragma once

#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "core/text.h"

namespace test {

struct Test {
  const char *title;
  void (*body)();
};
inline std::vector<Test> &all() {
  static std::vector<Test> tests;
  return tests;
}
struct Registered {
  Registered(const char *title, void (*body)()) { all().push_back({title, body}); }
};
inline std::string failures;

inline std::string shown(const std::string &value) { return '"' + value + '"'; }
inline std::string shown(const char *value) { return shown(std::string(value)); }
inline std::string shown(ll::Text value) { return shown(std::string(value.data, value.size)); }
template <typename T>
requires(requires(std::ostream &out, T value) { out << value; } &&
         !std::is_convertible_v<T, std::string>) std::string shown(T value) {
  std::ostringstream out;
  out << +value;
  return out.str();
}

template <typename A, typename B>
void equal(const A &got, const B &wanted, const char *what, const char *file, int line) {
  if (shown(got) == shown(wanted)) return;
  std::ostringstream out;
  out << "# " << file << ':' << line << ": " << what << "\n#   wanted " << shown(wanted)
      << "\n#   got    " << shown(got) << '\n';
  failures += out.str();
}
inline void that(bool holds, const char *what, const char *file, int line) {
  if (holds) return;
  failures += "# " + std::string(file) + ':' + std::to_string(line) + ": " + what + '\n';
}

}  // namespace test

#define TEST_JOIN2(name, line) name##line
#define TEST_JOIN(name, line) TEST_JOIN2(name, line)
#define TEST(title)                                                  \
  static void TEST_JOIN(test_at_, __LINE__)();                       \
  static const test::Registered TEST_JOIN(registered_at_, __LINE__)( \
      title, TEST_JOIN(test_at_, __LINE__));                         \
  static void TEST_JOIN(test_at_, __LINE__)()
#define CHECK(holds) test::that(holds, #holds, __FILE__, __LINE__)
#define EQUAL(got, wanted) test::equal(got, wanted, #got, __FILE__, __LINE__)
