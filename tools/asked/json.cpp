#include "asked/json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>

namespace ll::mcp {

namespace {

constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

// Passes on to the document what is not nested too deeply.
class Limited {
 public:
  using Ch = char;
  explicit Limited(Document &document) : to_(document) {}

  bool Null() { return to_.Null(); }
  bool Bool(bool value) { return to_.Bool(value); }
  bool Int(int value) { return to_.Int(value); }
  bool Uint(unsigned value) { return to_.Uint(value); }
  bool Int64(int64_t value) { return to_.Int64(value); }
  bool Uint64(uint64_t value) { return to_.Uint64(value); }
  bool Double(double value) { return to_.Double(value); }
  // The reader's own exact conversion counts the leading zeros of 0, which is undefined.
  bool RawNumber(const char *text, rapidjson::SizeType size, bool /*copy*/) {
    const char *const end = text + size;
    int64_t whole = 0;
    const auto as_whole = std::from_chars(text, end, whole);
    if (as_whole.ptr == end && as_whole.ec == std::errc()) return to_.Int64(whole);
    uint64_t large = 0;
    const auto as_large = std::from_chars(text, end, large);
    if (as_large.ptr == end && as_large.ec == std::errc()) return to_.Uint64(large);
    double real = 0;
    return std::from_chars(text, end, real).ec == std::errc() && to_.Double(real);
  }
  bool String(const char *text, rapidjson::SizeType size, bool copy) {
    return to_.String(text, size, copy);
  }
  bool Key(const char *text, rapidjson::SizeType size, bool copy) {
    return to_.Key(text, size, copy);
  }
  bool StartObject() { return enter() && to_.StartObject(); }
  bool EndObject(rapidjson::SizeType count) { return depth_--, to_.EndObject(count); }
  bool StartArray() { return enter() && to_.StartArray(); }
  bool EndArray(rapidjson::SizeType count) { return depth_--, to_.EndArray(count); }

 private:
  static constexpr size_t kDeepest = 64;

  bool enter() { return ++depth_ <= kDeepest; }

  Document &to_;
  size_t depth_ = 0;
};

}  // namespace

bool parse(std::string_view text, Document &document, std::string &problem) {
  // RapidJSON takes it for the end.
  if (text.find('\0') != std::string_view::npos) {
    problem = "a NUL byte";
    return false;
  }
  rapidjson::ParseResult result;
  const auto read = [&](Document &target) {
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    Limited limited(target);
    result = reader.Parse<kFlags>(stream, limited);
    return !result.IsError();
  };
  document.Populate(read);
  if (!result.IsError()) return true;
  problem = result.Code() == rapidjson::kParseErrorTermination
                ? "it is nested too deeply, or a number is too large"
                : rapidjson::GetParseError_En(result.Code());
  problem += " (byte " + std::to_string(result.Offset()) + ")";
  return false;
}

std::string without_surrogates(std::string json) {
  for (size_t i = 0; i + 1 < json.size(); i++) {
    if (json[i] != '\\') continue;
    if (json.compare(i + 1, 3, "udc") == 0) json.replace(i + 2, 4, "fffd");
    i++;
  }
  return json;
}

const Value *member(const Value *object, const char *name) {
  if (object == nullptr || !object->IsObject()) return nullptr;
  const auto found = object->FindMember(name);
  return found == object->MemberEnd() ? nullptr : &found->value;
}

std::string written(const Value &value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Json &Json::key(std::string_view name) {
  writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  return *this;
}

Json &Json::text(std::string_view value) {
  writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  return *this;
}

Json &Json::raw(std::string_view json) {
  writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

}  // namespace ll::mcp
