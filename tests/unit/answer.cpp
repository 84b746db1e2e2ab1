// Valid and invalid answers of a judge.
#include "ll-net/answer.h"

#include <string>

#include "check.h"
#include "core/policy/judging.h"

namespace ll {
namespace {

// "7 yes", "7 errno 13 audit"; "no answer".
std::string meaning_of(const std::string &line) {
  JudgeAnswer answer;
  if (!read_answer({line.data(), line.size()}, answer)) return "no answer";
  std::string text = std::to_string(answer.id);
  if (answer.id != 0) text += answer.error == 0 ? " yes" : " errno " + std::to_string(answer.error);
  if (answer.audit) text += " audit";
  if (answer.remember) text += " remember";
  if (answer.stop != 0) text += " stop " + std::to_string(answer.stop);
  return text;
}

TEST("a judge's answer is a verdict on one question, or a stop of further questions") {
  const struct {
    const char *line, *meaning;
  } kRows[] = {
      {R"({"id":7,"allow":true})", "7 yes"},
      {R"( { "allow" : true , "id" : 7 } )", "7 yes"},
      {R"({"id":7,"allow":false})", "7 errno 13"},
      {R"({"id":7,"errno":2})", "7 errno 2"},
      {R"({"id":7,"allow":false,"errno":2})", "7 errno 2"},
      {R"({"id":7,"audit":true})", "7 yes audit"},
      {R"({"id":7,"allow":true,"audit":true,"remember":true})", "7 yes audit remember"},
      {R"({"id":7,"allow":true,"note":"why \"\u00e9\"","more":[1,-2.5e3,{"a":null}]})", "7 yes"},
      {R"({"stop":["open"]})", "0 stop 1"},
      {R"({"id":7,"allow":false,"stop":["open","bind"]})", "7 errno 13 stop 5"},
  };
  for (const auto &row : kRows) EQUAL(meaning_of(row.line), row.meaning);
}

TEST("an invalid answer is refused") {
  const char *const kLines[] = {
      "",
      "yes",
      "{}",
      "[]",
      R"({"id":7})",
      R"({"id":7,"allow":1})",
      R"({"id":7,"allow":"true"})",
      R"({"id":7,"allow":true)",
      R"({"id":7,"allow":true}})",
      R"({"id":7,"allow":true} {})",
      R"({"id":7,"allow":true,})",
      R"({"id":7,"allow":truely})",
      R"({"id":"7","allow":true})",
      R"({"id":7.0,"allow":true})",
      R"({"id":7e0,"allow":true})",
      R"({"id":-7,"allow":true})",
      R"({"id":07,"allow":true})",
      R"({"id":0,"allow":true})",
      R"({"id":99999999999999999999,"allow":true})",
      R"({"id":7,"id":8,"allow":true})",
      R"({"id":7,"allow":false,"allow":true})",
      R"({"id":7,"allow":true,"errno":13})",
      R"({"id":7,"errno":0})",
      R"({"id":7,"errno":134})",
      R"({"id":7,"audit":false})",
      R"({"allow":true})",
      R"({"stop":[]})",
      R"({"stop":["exec"]})",
      R"({"stop":"open"})",
      R"({"audit":true,"stop":["open"]})",
      R"({"id":7,"allow":true,"a":[[[[[[[[[1]]]]]]]]]})",
      "{\"id\":7,\"allow\":true,\"a\":\"\n\"}",
      R"({"id":7,"allow":true,"a":"\x"})",
      R"({"id":7,"allow":true,"a":01})",
  };
  for (const char *line : kLines) EQUAL(meaning_of(line), "no answer");
}

TEST("a line of NULs or of any single byte is refused, and nothing beyond it is read") {
  for (int byte = 0; byte < 256; byte++) {
    const std::string line(3, static_cast<char>(byte));
    EQUAL(meaning_of(line), "no answer");
  }
  const std::string whole = R"({"id":7,"allow":true,"note":"a"})";
  for (size_t size = 0; size < whole.size(); size++)
    EQUAL(meaning_of(whole.substr(0, size)), "no answer");
}

}  // namespace
}  // namespace ll
