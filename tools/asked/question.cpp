#include "asked/question.h"

#include <array>

#include "asked/json.h"

namespace ll::asked {

namespace {

using mcp::Document;
using mcp::member;
using mcp::Value;

struct Name {
  std::string_view name;
  Call call;
};
constexpr std::array<Name, 4> kCalls = {{{"open", Call::Open},
                                         {"connect", Call::Connect},
                                         {"lookup", Call::Lookup},
                                         {"bind", Call::Bind}}};

bool is_hexadecimal(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// "\\udXXX", with a lower case d as it is written: half of a pair at least.
bool is_half(std::string_view text, std::string_view thirds) {
  return text.size() >= 6 && text.substr(0, 3) == "\\ud" &&
         thirds.find(text[3]) != std::string_view::npos && is_hexadecimal(text[4]) &&
         is_hexadecimal(text[5]);
}

// A byte that is no UTF-8 stands as half of a pair, which is no character.
std::string without_halves(std::string_view line, bool &mangled) {
  std::string text(line);
  for (size_t i = 0; i + 1 < text.size(); i++) {
    if (text[i] != '\\') continue;
    const std::string_view rest = std::string_view(text).substr(i);
    if (is_half(rest, "89ab") && is_half(rest.substr(6), "cdef")) {
      i += 11;
    } else if (is_half(rest, "89abcdef")) {
      text.replace(i + 2, 4, "fffd");
      mangled = true;
      i += 5;
    } else {
      i++;
    }
  }
  return text;
}

std::string text_member(const Value &object, const char *name) {
  const Value *value = member(&object, name);
  return value != nullptr && value->IsString() ? std::string(mcp::text_of(*value)) : std::string();
}

bool is_true(const Value &object, const char *name) {
  const Value *value = member(&object, name);
  return value != nullptr && value->IsTrue();
}

uint64_t number_member(const Value &object, const char *name) {
  const Value *value = member(&object, name);
  return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
}

bool find_call(const std::string &name, Call &call) {
  for (const Name &row : kCalls) {
    if (row.name != name) continue;
    call = row.call;
    return true;
  }
  return false;
}

bool is_whole(const Question &question) {
  switch (question.call) {
    case Call::Open: return !question.path.empty();
    case Call::Lookup: return !question.host.empty();
    case Call::Connect:
    case Call::Bind: return !question.address.empty();
  }
  return false;
}

Kind read_question(const Document &line, Question &question) {
  const Value *id = member(&line, "id");
  const std::string call = text_member(line, "call");
  if (id == nullptr) return call.empty() ? Kind::Wrong : Kind::Told;
  if (!id->IsUint64() || !find_call(call, question.call)) return Kind::Wrong;
  question.id = id->GetUint64();
  question.path = text_member(line, "path");
  question.writes = is_true(line, "write");
  question.creates = is_true(line, "create");
  question.lists = is_true(line, "directory");
  question.host = text_member(line, "host");
  question.address = text_member(line, "address");
  question.port = static_cast<uint16_t>(number_member(line, "port"));
  question.protocol = text_member(line, "protocol");
  question.process = static_cast<int64_t>(number_member(line, "pid"));
  question.program = text_member(line, "exe");
  const Value *arguments = member(&line, "argv");
  if (arguments != nullptr && arguments->IsArray())
    for (const Value &argument : arguments->GetArray())
      if (argument.IsString()) question.arguments.emplace_back(mcp::text_of(argument));
  return is_whole(question) ? Kind::Question : Kind::Wrong;
}

}  // namespace

Kind read_line(std::string_view line, Greeting &greeting, Question &question) {
  question = {};
  Document document;
  std::string problem;
  const std::string text = without_halves(line, question.mangled);
  if (!mcp::parse(text, document, problem) || !document.IsObject()) return Kind::Wrong;
  if (member(&document, "judge") == nullptr) return read_question(document, question);
  greeting.answer_in = number_member(document, "answer_in");
  return number_member(document, "judge") == 1 ? Kind::Greeting : Kind::Wrong;
}

std::string answer(const Question &question, bool allow) {
  const bool remember = allow && question.call == Call::Open;
  return "{\"id\":" + std::to_string(question.id) +
         (allow ? ",\"allow\":true" : ",\"allow\":false") +
         (remember ? ",\"remember\":true}\n" : "}\n");
}

std::string stop_asking(const Question &question) {
  return "{\"id\":" + std::to_string(question.id) +
         ",\"allow\":false,\"stop\":[\"open\",\"connect\",\"bind\"]}\n";
}

}  // namespace ll::asked
