#include "utf8.h"

namespace ll::mcp {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// What the lead byte promises; 0: it leads none.
size_t promised(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

// RFC 3629: no surrogates, nothing longer than needed, nothing above U+10FFFF.
bool is_allowed(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xe0: return second >= 0xa0;
    case 0xed: return second < 0xa0;
    case 0xf0: return second >= 0x90;
    case 0xf4: return second < 0x90;
    default: return true;
  }
}

// The bytes of the character that the text begins with; 0: there is none.
size_t size_of_first(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t size = promised(lead);
  if (size < 2) return size;
  if (size > text.size() || !is_allowed(lead, static_cast<unsigned char>(text[1]))) return 0;
  for (size_t i = 1; i < size; i++)
    if (!continues(text[i])) return 0;
  return size;
}

}  // namespace

std::string repaired(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const size_t size = size_of_first(bytes);
    text += size == 0 ? kReplacement : bytes.substr(0, size);
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return text;
}

size_t unfinished(std::string_view bytes) {
  for (size_t back = 1; back <= 3 && back <= bytes.size(); back++) {
    const char byte = bytes[bytes.size() - back];
    if (continues(byte)) continue;
    return promised(static_cast<unsigned char>(byte)) > back ? back : 0;
  }
  return 0;
}

}  // namespace ll::mcp
