// A DNS message, as a query of the command and as an answer of a
// server.
#include "core/dns.h"
#include "ll-net/judge.h"
#include "require.h"

using namespace ll;

namespace {

void check_question(const unsigned char *bytes, size_t size) {
  NameQuestion question;
  if (!read_question(bytes, size, question)) return;
  require(question.name_size <= kMaxName, "a name has at most 253 letters");
  require(question.size <= sizeof question.bytes,
          "a question is what a name, a type and a class take");
  char folded_bytes[kMaxName];
  Builder folded(folded_bytes, sizeof folded_bytes);
  if (fold_name(question.asked(), folded)) {
    uint8_t query[kMaxPlain];
    const size_t written = write_query(question.id, folded.text(), kTypeA, query);
    NameQuestion again;
    require(read_question(query, written, again), "what is asked of a server is a question");
    require(again.asked() == folded.text(), "and of the same name");
  }
  Addresses addresses = {};
  addresses.count = bytes[0] % (kMaxAddresses + 1);
  uint8_t answer[kMaxPlain];
  const size_t written = write_answer(question, Result::NoError, addresses, answer, sizeof answer);
  require(written <= sizeof answer, "an answer has room");
  Result result = Result::ServFail;
  Addresses read = {};
  const bool of_addresses = question.type == kTypeA || question.type == kTypeAaaa;
  if (!of_addresses || question.name_size == 0) return;
  require(read_answer(answer, written, question.id, question.asked(), question.type, result,
                      read) == Reading::Answer,
          "an answer is one");
  require(result == Result::NoError && read.count <= addresses.count,
          "with no more than was written");
}

// Of an answer that somebody else asked for: --learn of ll-trace.
void check_question_of_answer(const unsigned char *bytes, size_t size) {
  NameQuestion question;
  if (!read_question_of_answer(bytes, size, question)) return;
  require(question.name_size <= kMaxName, "a name has at most 253 letters");
  Result result = Result::ServFail;
  Addresses addresses = {};
  require(read_answer(bytes, size, question.id, question.asked(), question.type, result,
                      addresses) != Reading::Foreign,
          "an answer is one to the question that it has");
}

void check_answer(const unsigned char *bytes, size_t size, uint16_t type) {
  const uint16_t id = size < 2 ? 0 : static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
  Result result = Result::ServFail;
  Addresses addresses = {};
  read_answer(bytes, size, id, "a.test"_t, type, result, addresses);
  require(addresses.count <= kMaxAddresses, "there are no more addresses than there is room for");
  for (size_t i = 0; i < addresses.count; i++)
    require(type == kTypeAaaa || is_ipv4(addresses.rows[i]),
            "an address is of the kind that was asked for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size) {
  if (size > kMaxMessage) return 0;
  check_question(bytes, size);
  check_question_of_answer(bytes, size);
  check_answer(bytes, size, kTypeA);
  check_answer(bytes, size, kTypeAaaa);
  return 0;
}
