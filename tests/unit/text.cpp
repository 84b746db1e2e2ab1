// Text, numbers and edit distance.
#include "check.h"
#include "core/tables.h"
#include "host.h"

using namespace ll;

namespace {

Text of(const std::string &text) { return {text.data(), text.size()}; }

std::string number_of(const std::string &text, uint64_t most) {
  uint64_t number = 77;
  if (!parse_number(of(text), most, number)) return number == 77 ? "no" : "no, but changed";
  return std::to_string(number);
}

}  // namespace

TEST("a number has only digits and does not exceed its maximum") {
  EQUAL(number_of("0", 0), "0");
  EQUAL(number_of("1", 0), "no");
  EQUAL(number_of("65535", 65535), "65535");
  EQUAL(number_of("65536", 65535), "no");
  EQUAL(number_of("99999", 65535), "no");
  EQUAL(number_of("00080", 65535), "80");
  EQUAL(number_of("7", 7), "7");
  EQUAL(number_of("8", 7), "no");
  EQUAL(number_of("12", 7), "no");
  EQUAL(number_of("", 9), "no");
  EQUAL(number_of("-1", 9), "no");
  EQUAL(number_of("+1", 9), "no");
  EQUAL(number_of(" 1", 9), "no");
  EQUAL(number_of("1 ", 9), "no");
  EQUAL(number_of("0x1", 9), "no");
  EQUAL(number_of("1.0", 9), "no");
}

TEST("a number that overflows is refused") {
  EQUAL(number_of("18446744073709551615", UINT64_MAX), "18446744073709551615");
  EQUAL(number_of("18446744073709551616", UINT64_MAX), "no");
  EQUAL(number_of("99999999999999999999", UINT64_MAX), "no");
  EQUAL(number_of("184467440737095516150", UINT64_MAX), "no");
  EQUAL(number_of("18446744073709551614", UINT64_MAX - 1), "18446744073709551614");
  EQUAL(number_of("18446744073709551615", UINT64_MAX - 1), "no");
}

TEST("every number up to a limit is accepted and no other") {
  for (uint64_t most : {uint64_t{0}, uint64_t{9}, uint64_t{10}, uint64_t{99}, uint64_t{105}})
    for (uint64_t i = 0; i < 200; i++)
      EQUAL(number_of(std::to_string(i), most), i <= most ? std::to_string(i) : "no");
}

TEST("decimal writes every number of digits") {
  for (uint64_t number = 1, i = 0; i < 20; i++, number *= 10) {
    for (const uint64_t n : {number, number - 1, number + 7}) {
      const Digits digits = decimal(n);
      EQUAL(std::string(digits.bytes, digits.size), std::to_string(n));
    }
  }
  const Digits most = decimal(UINT64_MAX);
  EQUAL(std::string(most.bytes, most.size), "18446744073709551615");
}

TEST("a glob's star matches any sequence, and no other character is special") {
  struct {
    const char *text, *pattern;
    bool matches;
  } const rows[] = {
      {"", "", true},
      {"", "*", true},
      {"a", "", false},
      {"a", "*", true},
      {"abc", "abc", true},
      {"abc", "ab", false},
      {"abc", "abcd", false},
      {"abc", "a*", true},
      {"abc", "*c", true},
      {"abc", "*b*", true},
      {"abc", "a*c", true},
      {"abc", "a*b", false},
      {"aab", "*ab", true},
      {"abab", "*ab", true},
      {"ababx", "*ab", false},
      {"LC_ALL", "LC_*", true},
      {"LANG", "LC_*", false},
      {"a", "?", false},
      {"?", "?", true},
      {"a", "[a]", false},
      {"abc", "**", true},
      {"abc", "a**c", true},
      {"mississippi", "m*iss*pi", true},
      {"mississippi", "m*iss*pix", false},
      {"aaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*b", true},
      {"aaaaaaaaaaaaaaaaaaaaaaaa", "*a*a*a*a*b", false},
  };
  for (const auto &row : rows)
    EQUAL(std::string(row.text) + " " + row.pattern +
              (matches_glob(c_text(row.text), c_text(row.pattern)) ? " yes" : " no"),
          std::string(row.text) + " " + row.pattern + (row.matches ? " yes" : " no"));
}

TEST("the edit distance counts inserted, deleted, replaced and swapped characters") {
  struct {
    const char *a, *b;
    size_t distance;
  } const rows[] = {
      {"", "", 0},
      {"a", "", 1},
      {"", "abc", 3},
      {"connect", "connect", 0},
      {"conect", "connect", 1},
      {"connectt", "connect", 1},
      {"cannect", "connect", 1},
      {"protcet", "protect", 1},
      {"RO", "ro", 0},
      {"rwz", "rw", 1},
      {"ca", "ac", 1},
      {"abcd", "badc", 2},
  };
  for (const auto &row : rows) {
    EQUAL(edit_distance(c_text(row.a), c_text(row.b), 5), row.distance);
    EQUAL(edit_distance(c_text(row.b), c_text(row.a), 5), row.distance);
  }
}

TEST("a distance above the limit and a text that is too long return limit + 1") {
  EQUAL(edit_distance("abcdef"_t, ""_t, 2), size_t{3});
  EQUAL(edit_distance("abcdef"_t, "uvwxyz"_t, 2), size_t{3});
  const std::string longest(32, 'a');
  const std::string too_long(33, 'a');
  EQUAL(edit_distance(of(longest), of(longest), 2), size_t{0});
  EQUAL(edit_distance(of(too_long), of(too_long), 2), size_t{3});
  EQUAL(edit_distance(of(std::string(100000, 'x')), "ro"_t, 2), size_t{3});
}

TEST("substrings stay within their text") {
  const Text text = "abc"_t;
  EQUAL(text.first(2), "ab");
  EQUAL(text.first(9), "abc");
  EQUAL(text.first(kNpos), "abc");
  EQUAL(text.from(1), "bc");
  EQUAL(text.from(3), "");
  EQUAL(text.from(9), "");
  EQUAL(text.from(kNpos), "");
  EQUAL(Text{}.from(1), "");
  EQUAL(Text{}.first(1), "");
}

TEST("find and find_last return the first and the last position") {
  EQUAL(find("a/b/c"_t, '/'), size_t{1});
  EQUAL(find_last("a/b/c"_t, '/'), size_t{3});
  EQUAL(find("abc"_t, '/'), kNpos);
  EQUAL(find_last("abc"_t, '/'), kNpos);
  EQUAL(find(Text{}, 'a'), kNpos);
  EQUAL(find_last(Text{}, 'a'), kNpos);
  EQUAL(find("/"_t, '/'), size_t{0});
  EQUAL(find_last("/"_t, '/'), size_t{0});
}

TEST("texts, prefixes and suffixes are compared by bytes") {
  CHECK("abc"_t == "abc"_t);
  CHECK(!("abc"_t == "abd"_t));
  CHECK(!("abc"_t == "ab"_t));
  CHECK(Text{} == ""_t);
  CHECK(starts_with("abc"_t, "ab"_t) && starts_with("abc"_t, ""_t));
  CHECK(!starts_with("ab"_t, "abc"_t) && !starts_with("abc"_t, "b"_t));
  CHECK(ends_with("abc"_t, "bc"_t) && ends_with("abc"_t, ""_t));
  CHECK(!ends_with("bc"_t, "abc"_t) && !ends_with("abc"_t, "b"_t));
  CHECK(same_but_case("Cap_Chown"_t, "CAP_CHOWN"_t) && !same_but_case("cap"_t, "caps"_t));
}

TEST("a full builder keeps what fits and marks the truncation") {
  FixedString<8> line;
  line << "12345678"_t;
  EQUAL(line.text(), "12345678");
  line << "9"_t;
  EQUAL(line.text(), "12345...");
  line << "more"_t << uint64_t{123456789} << 'x';
  EQUAL(line.text(), "12345...");
  line.clear();
  EQUAL(line.text(), "");
  line << uint64_t{42} << '-' << uint32_t{7};
  EQUAL(line.text(), "42-7");
}

TEST("a builder truncated by a single append marks the truncation") {
  FixedString<8> line;
  line << "0123456789"_t;
  EQUAL(line.text(), "01234...");
}

TEST("a plain path is absolute, and has no dots, no empty names and no slash at its end") {
  for (const Text path : {"/a"_t, "/a/b"_t, "/a/.b"_t, "/a/b.."_t, "/..."_t})
    CHECK(is_plain_path(path));
  for (const Text path :
       {""_t, "/"_t, "a"_t, "/a/"_t, "//a"_t, "/a//b"_t, "/."_t, "/a/.."_t, "/./a"_t, "/a/../b"_t})
    CHECK(!is_plain_path(path));
}
