// The DNS messages that ll-net parses and writes.
#include "core/dns.h"

#include <string>

#include "check.h"

namespace ll {
namespace {

std::string name_of(const std::string &text) {
  std::string wire;
  for (size_t at = 0; at < text.size();) {
    const size_t dot = std::min(text.find('.', at), text.size());
    wire += static_cast<char>(dot - at);
    wire += text.substr(at, dot - at);
    at = dot + 1;
  }
  return wire + '\0';
}

std::string number(unsigned value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string head(unsigned id, unsigned flags, unsigned questions, unsigned answers) {
  return number(id) + number(flags) + number(questions) + number(answers) + number(0) + number(0);
}

std::string asked(const std::string &name, unsigned type) {
  return name_of(name) + number(type) + number(1);
}

std::string row(const std::string &owner, unsigned type, const std::string &data,
                unsigned seconds = 30) {
  return owner + number(type) + number(1) + number(0) + number(seconds) +
         number(static_cast<unsigned>(data.size())) + data;
}

const uint8_t *bytes(const std::string &text) {
  return reinterpret_cast<const uint8_t *>(text.data());
}

struct Read {
  Result result = Result::ServFail;
  Addresses addresses = {};
  Reading reading;

  explicit Read(const std::string &message, const char *name = "a.test", uint16_t type = kTypeA)
      : reading(read_answer(bytes(message), message.size(), 7, {name, std::string(name).size()},
                            type, result, addresses)) {}
};

TEST("a query is parsed in lower case, and written back with its original case") {
  const std::string message = head(9, 0x0100, 1, 0) + asked("API.Test", kTypeA);
  NameQuestion question;
  CHECK(read_question(bytes(message), message.size(), question));
  CHECK(question.asked() == "api.test"_t);
  Addresses addresses = {.count = 1,
                         .seconds = 60,
                         .rows = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4}}}};
  uint8_t answer[kMaxPlain];
  const size_t size = write_answer(question, Result::NoError, addresses, answer, sizeof answer);
  const std::string written(reinterpret_cast<char *>(answer), size);
  CHECK(written ==
        head(9, 0x8180, 1, 1) + asked("API.Test", kTypeA) + row("\xc0\x0c", 1, "\1\2\3\4", 60));
}

TEST("a query of another form is refused") {
  NameQuestion question;
  const std::string good = head(9, 0x0100, 1, 0) + asked("a.test", kTypeA);
  for (size_t size = 0; size < good.size(); size++)
    CHECK(!read_question(bytes(good), size, question));
  for (const std::string &message :
       {head(9, 0x8100, 1, 0) + asked("a.test", 1), head(9, 0x2800, 1, 0) + asked("a.test", 1),
        head(9, 0x0100, 2, 0) + asked("a.test", 1) + asked("b.test", 1),
        head(9, 0x0100, 1, 0) + "\xc0\x0c" + number(1) + number(1),
        head(9, 0x0100, 1, 0) + name_of("a.test") + number(1) + number(3),
        head(9, 0x0100, 1, 0) + "\3a.b" + '\0' + number(1) + number(1)})
    CHECK(!read_question(bytes(message), message.size(), question));
}

TEST("a name of 253 characters is accepted, and one of 254 refused") {
  std::string name;
  for (int i = 0; i < 3; i++) name += std::string(63, 'a') + '.';
  NameQuestion question;
  const std::string longest = name + std::string(61, 'b');
  CHECK(longest.size() == kMaxName);
  std::string message = head(9, 0x0100, 1, 0) + asked(longest, kTypeA);
  CHECK(read_question(bytes(message), message.size(), question));
  message = head(9, 0x0100, 1, 0) + asked(longest + 'b', kTypeA);
  CHECK(!read_question(bytes(message), message.size(), question));
}

TEST("a written query is parsed with the same meaning") {
  uint8_t message[kMaxPlain];
  const size_t size = write_query(7, "api.test"_t, kTypeAaaa, message);
  NameQuestion question;
  CHECK(read_question(message, size, question));
  CHECK(question.id == 7 && question.type == kTypeAaaa && question.asked() == "api.test"_t &&
        question.recursive);
}

TEST("addresses of the name and of its aliases are found, and no others") {
  const std::string start = head(7, 0x8180, 1, 3) + asked("a.test", kTypeA);
  const Read found(start + row("\xc0\x0c", 5, name_of("b.test")) +
                   row(name_of("c.test"), 1, "\1\1\1\1") +
                   row(name_of("B.test"), 1, "\1\2\3\4", 5));
  CHECK(found.reading == Reading::Answer && found.result == Result::NoError);
  CHECK(found.addresses.count == 1 && found.addresses.rows[0].bytes[15] == 4);
}

TEST("an answer to another query is ignored") {
  const std::string rows = row("\xc0\x0c", 1, "\1\2\3\4");
  CHECK(Read(head(8, 0x8180, 1, 1) + asked("a.test", 1) + rows).reading == Reading::Foreign);
  CHECK(Read(head(7, 0x0180, 1, 1) + asked("a.test", 1) + rows).reading == Reading::Foreign);
  CHECK(Read(head(7, 0x8180, 1, 1) + asked("b.test", 1) + rows).reading == Reading::Foreign);
  CHECK(Read(head(7, 0x8180, 1, 1) + asked("a.test", 28) + rows).reading == Reading::Foreign);
  CHECK(Read(head(7, 0x8180, 0, 1) + rows).reading == Reading::Foreign);
}

TEST("loops and truncated records are errors, and a truncated answer is marked") {
  const std::string start = head(7, 0x8180, 1, 1) + asked("a.test", 1);
  CHECK(Read(start + row("\xc0\x18", 1, "\1\2\3\4")).result == Result::ServFail);
  CHECK(Read(start + row("\xc0\x0c", 1, "\1\2\3")).result == Result::ServFail);
  CHECK(Read(start + row("\xc0\x0c", 5, name_of("b.test") + "x")).result == Result::ServFail);
  const std::string whole = start + row("\xc0\x0c", 1, "\1\2\3\4");
  for (size_t size = start.size(); size < whole.size(); size++)
    CHECK(Read(whole.substr(0, size)).result == Result::ServFail);
  CHECK(Read(head(7, 0x8380, 1, 0) + asked("a.test", 1)).reading == Reading::Truncated);
  const Read loop(head(7, 0x8180, 1, 2) + asked("a.test", 1) +
                  row("\xc0\x0c", 5, name_of("b.test")) +
                  row(name_of("b.test"), 5, name_of("a.test")));
  CHECK(loop.result == Result::NoError && loop.addresses.count == 0);
}

TEST("only the question section of an answer is parsed as its question") {
  const std::string whole =
      head(7, 0x8180, 1, 1) + asked("A.test", 28) + row("\xc0\x0c", 28, "0123456789abcdef");
  NameQuestion question;
  const auto reads = [&](const std::string &message) {
    return read_question_of_answer(reinterpret_cast<const uint8_t *>(message.data()),
                                   message.size(), question);
  };
  CHECK(reads(whole));
  CHECK(question.asked() == "a.test"_t && question.type == 28 && question.id == 7);
  CHECK(!reads(head(7, 0x0100, 1, 0) + asked("a.test", 1)));
  CHECK(!reads(head(7, 0x8180, 0, 0)));
  const std::string start = head(7, 0x8180, 1, 1) + asked("a.test", 1);
  for (size_t size = 0; size < start.size(); size++) CHECK(!reads(start.substr(0, size)));
}

}  // namespace
}  // namespace ll
