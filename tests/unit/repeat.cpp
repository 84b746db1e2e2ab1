// Parsing of --clock, and patching of the vDSO.
#include <sys/auxv.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "check.h"
#include "ll-repeat/settings.h"
#include "ll-repeat/stream.h"
#include "ll-repeat/vdso.h"

namespace ll {
namespace {

struct Time {
  bool valid = false;
  Settings settings;

  explicit Time(const std::string &text) {
    Diagnostic problem;
    Word word;
    word.value = {text.data(), text.size()};
    valid = read_clock(word, settings, problem);
  }
};

TEST("a clock is a time in UTC, a date, or seconds since 1970") {
  const struct {
    const char *text;
    int64_t seconds, nanoseconds;
    bool frozen;
  } kValid[] = {
      {"2000-01-01T00:00:00Z", 946684800, 0, false},
      {"2000-01-01", 946684800, 0, false},
      {"@946684800,frozen", 946684800, 0, true},
      {"@0", 0, 0, false},
      {"1970-01-01T00:00:01.5Z", 1, 500000000, false},
      {"1970-01-01T00:00:00.000000001Z,frozen", 0, 1, true},
      {"2000-02-29T23:59:59Z", 951868799, 0, false},
      {"2100-03-01", 4107542400, 0, false},
      {"9999-12-31T23:59:59Z", 253402300799, 0, false},
  };
  for (const auto &row : kValid) {
    const Time time(row.text);
    CHECK(time.valid);
    CHECK(time.settings.seconds == row.seconds);
    CHECK(time.settings.nanoseconds == row.nanoseconds);
    CHECK(time.settings.frozen == row.frozen);
  }
  for (const char *text : {"",
                           "2000",
                           "2000-1-1",
                           "2000-13-01",
                           "2000-00-01",
                           "2001-02-29",
                           "1900-01-01",
                           "2000-01-32",
                           "2000-01-01T24:00:00Z",
                           "2000-01-01T00:60:00Z",
                           "2000-01-01T00:00:60Z",
                           "2000-01-01T00:00:00",
                           "2000-01-01T00:00:00+01:00",
                           "2000-01-01T00:00:00.Z",
                           "2000-01-01T00:00:00.1234567890Z",
                           "2000-01-01 00:00:00Z",
                           "2000-01-01Z",
                           "@",
                           "@-1",
                           "@1.5",
                           "@253402300800",
                           "now",
                           "2000-01-01,",
                           "2000-01-01,Frozen",
                           "2000-01-01,frozen,frozen",
                           ",frozen"})
    CHECK(!Time(text).valid);
}

// The vDSO of this process.
std::vector<uint8_t> own_image() {
  const auto *bytes = reinterpret_cast<const uint8_t *>(getauxval(AT_SYSINFO_EHDR));
  if (bytes == nullptr) return {};
  return {bytes, bytes + size_of_image(bytes)};
}

Settings both(bool frozen) {
  Settings settings;
  settings.has_clock = true;
  settings.frozen = frozen;
  settings.seeded = true;
  return settings;
}

bool is_changed(std::vector<uint8_t> image, bool frozen = true) {
  static Vdso vdso;
  vdso = {};
  Diagnostic problem;
  return change_vdso(image.data(), image.size(), both(frozen), vdso, problem) &&
         vdso.change_count > 0;
}

TEST("the vDSO of the running kernel is recognised, and patched for both kinds of clock") {
  const std::vector<uint8_t> image = own_image();
  if (image.empty()) return;
  CHECK(is_changed(image, true));
  CHECK(is_changed(image, false));
}

// Replaces a name by one of the same length.
std::vector<uint8_t> with_name(std::vector<uint8_t> image, const std::string &from,
                               const std::string &to) {
  size_t count = 0;
  for (size_t at = 0; at + from.size() < image.size(); at++) {
    if (std::memcmp(image.data() + at, from.c_str(), from.size() + 1) != 0) continue;
    std::memcpy(image.data() + at, to.data(), to.size());
    count++;
  }
  CHECK(count == 1);
  return image;
}

#if defined(__aarch64__)
const std::string kPrefix = "__kernel_";
#else
const std::string kPrefix = "__vdso_";
#endif

TEST("an unknown vDSO is refused, and none is read out of bounds") {
  const std::vector<uint8_t> image = own_image();
  if (image.empty()) return;
  // An unknown function, and a missing one.
  CHECK(!is_changed(with_name(image, kPrefix + "clock_getres", kPrefix + "clock_gettim2")));
  CHECK(!is_changed(with_name(image, kPrefix + "gettimeofday", kPrefix + "getsomething")));
  // Truncated anywhere, or with a changed byte in its tables: refused, or patched in full.
  for (size_t size = 64; size < image.size(); size += 24) {
    std::vector<uint8_t> part(image.begin(), image.begin() + static_cast<long>(size));
    is_changed(part);
  }
  for (size_t at = 0; at < 0x800 && at < image.size(); at++) {
    std::vector<uint8_t> other = image;
    other[at] ^= 0xff;
    if (at < 64 && size_of_image(other.data()) != image.size()) continue;
    is_changed(other);
  }
  std::vector<uint8_t> of_32_bits = image;
  of_32_bits[4] = 1;
  CHECK(size_of_image(of_32_bits.data()) == 0);
}

TEST("each process has its own random stream, which depends on the seed and its ancestry") {
  std::set<std::string> seen;
  const auto draw = [&](Stream stream) {
    std::string bytes(16, '\0');
    stream.fill(reinterpret_cast<uint8_t *>(bytes.data()), bytes.size());
    return seen.insert(bytes).second;
  };
  for (uint64_t seed = 0; seed < 50; seed++) {
    Stream root(seed);
    CHECK(draw(root));
    for (int child = 0; child < 20; child++) {
      Stream stream = root.next_child();
      CHECK(draw(stream));
      CHECK(draw(stream.next_child()));
    }
  }
  // A child's stream does not depend on what its parent has drawn before.
  Stream one(42);
  Stream other(42);
  uint8_t bytes[2][7];
  one.fill(bytes[0], 7);
  other.fill(bytes[1], 7);
  CHECK(std::memcmp(bytes[0], bytes[1], 7) == 0);
  one.fill(bytes[0], 7);
  one.next_child().fill(bytes[0], 7);
  other.next_child().fill(bytes[1], 7);
  CHECK(std::memcmp(bytes[0], bytes[1], 7) == 0);
}

}  // namespace
}  // namespace ll
