// JSON as RFC 8259 has it, by RapidJSON.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace ll::mcp {

using Value = rapidjson::Value;
using Document = rapidjson::Document;

// Strict: one value, in UTF-8, not nested deeper than any message of the protocol. The parser keeps
// no stack of its own calls. Of what is wrong with the text, `problem` is said.
bool parse(std::string_view text, Document &document, std::string &problem);

// ll-trace writes a byte that is no UTF-8 as half of a surrogate pair, which is no character.
std::string without_surrogates(std::string json);

// nullptr where there is none, or `object` is no object.
const Value *member(const Value *object, const char *name);
inline std::string_view text_of(const Value &value) {
  return {value.GetString(), value.GetStringLength()};
}
// As it was read: "7", "\"a\"".
std::string written(const Value &value);

// What is written. Text has to be UTF-8.
class Json {
 public:
  Json &begin() { return writer_.StartObject(), *this; }
  Json &end() { return writer_.EndObject(), *this; }
  Json &begin_list() { return writer_.StartArray(), *this; }
  Json &end_list() { return writer_.EndArray(), *this; }
  Json &key(std::string_view name);
  Json &text(std::string_view value);
  Json &number(int64_t value) { return writer_.Int64(value), *this; }
  Json &real(double value) { return writer_.Double(value), *this; }
  Json &truth(bool value) { return writer_.Bool(value), *this; }
  Json &null() { return writer_.Null(), *this; }
  // JSON as it is.
  Json &raw(std::string_view json);

  [[nodiscard]] std::string result() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace ll::mcp
