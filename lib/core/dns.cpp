#include "core/dns.h"

#include "core/mem.h"

namespace ll {

namespace {

constexpr size_t kHead = 12;
constexpr uint8_t kIsAnswer = 0x80, kTruncated = 0x02, kRecursive = 0x01;  // of the third byte
constexpr uint8_t kOperation = 0x78;                                       // the same
constexpr uint8_t kCanRecurse = 0x80, kCode = 0x0f;                        // of the fourth
constexpr uint16_t kInternet = 1, kAlias = 5;
constexpr size_t kMaxAliases = 16;
constexpr size_t kMaxJumps = 32;  // of a compressed name

struct DnsReader {
  const uint8_t *bytes;
  size_t size;
  size_t at = 0;

  bool number(uint16_t &value) {
    if (size - at < 2) return false;
    value = static_cast<uint16_t>(bytes[at] << 8 | bytes[at + 1]);
    at += 2;
    return true;
  }
  bool number(uint32_t &value) {
    uint16_t high = 0;
    uint16_t low = 0;
    if (!number(high) || !number(low)) return false;
    value = uint32_t{high} << 16 | low;
    return true;
  }
  bool skip(size_t count) {
    if (size - at < count) return false;
    at += count;
    return true;
  }
};

struct Name {
  char bytes[kMaxName];
  size_t size = 0;

  [[nodiscard]] Text text() const { return {bytes, size}; }
};

char folded(uint8_t byte) {
  return static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
}

// RFC 1035, 4.1.4. A label that contains a dot would look like two labels.
bool read_name(DnsReader &reader, bool compressed, Name &name) {
  size_t at = reader.at;
  size_t jumps = 0;
  name.size = 0;
  for (;;) {
    if (at >= reader.size) return false;
    const uint8_t length = reader.bytes[at];
    if ((length & 0xc0) == 0xc0) {
      if (!compressed || at + 1 >= reader.size || ++jumps > kMaxJumps) return false;
      if (jumps == 1) reader.at = at + 2;
      at = size_t{length & 0x3fU} << 8 | reader.bytes[at + 1];
      continue;
    }
    if ((length & 0xc0) != 0) return false;
    at++;
    if (length == 0) break;
    if (length > reader.size - at) return false;
    if (name.size + length + 1 > kMaxName + (name.size == 0 ? 1 : 0)) return false;
    if (name.size != 0) name.bytes[name.size++] = '.';
    for (size_t i = 0; i < length; i++) {
      if (reader.bytes[at + i] == '.' || reader.bytes[at + i] == 0) return false;
      name.bytes[name.size++] = folded(reader.bytes[at + i]);
    }
    at += length;
  }
  if (jumps == 0) reader.at = at;
  return true;
}

class Writer {
 public:
  Writer(uint8_t *bytes, size_t capacity) : bytes_(bytes), capacity_(capacity) {}

  void byte(uint8_t value) { bytes_[size_++] = value; }
  void number(uint16_t value) {
    byte(static_cast<uint8_t>(value >> 8));
    byte(static_cast<uint8_t>(value));
  }
  void bytes(const uint8_t *from, size_t count) {
    memcpy(bytes_ + size_, from, count);
    size_ += count;
  }
  void name(Text text) {
    while (!text.empty()) {
      const Text label = text.first(find(text, '.'));
      byte(static_cast<uint8_t>(label.size));
      for (size_t i = 0; i < label.size; i++) byte(static_cast<uint8_t>(label[i]));
      text = text.from(label.size + 1);
    }
    byte(0);
  }
  [[nodiscard]] size_t room() const { return capacity_ - size_; }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  uint8_t *bytes_;
  size_t capacity_;
  size_t size_ = 0;
};

constexpr size_t address_size(uint16_t type) { return type == kTypeA ? 4 : 16; }

// The fields of a record after its name.
struct Record {
  uint16_t type, kind, size;
  uint32_t seconds;
};

bool read_record(DnsReader &reader, Record &record) {
  return reader.number(record.type) && reader.number(record.kind) &&
         reader.number(record.seconds) && reader.number(record.size) &&
         reader.size - reader.at >= record.size;
}

void add_address(const uint8_t *bytes, uint16_t type, uint32_t seconds, Addresses &addresses) {
  if (addresses.count == kMaxAddresses) return;
  IpAddress &address = addresses.rows[addresses.count++];
  address = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
  memcpy(address.bytes + kAddressSize - address_size(type), bytes, address_size(type));
  if (addresses.count == 1 || seconds < addresses.seconds) addresses.seconds = seconds;
}

// One pass over all records: the addresses of `owner`, and its CNAME. False: malformed.
bool collect(DnsReader reader, uint16_t count, uint16_t type, const Name &owner,
             Addresses &addresses, Name &alias) {
  alias.size = 0;
  for (uint16_t i = 0; i < count; i++) {
    Name name;
    Record record;
    if (!read_name(reader, true, name) || !read_record(reader, record)) return false;
    const bool own = name.text() == owner.text() && record.kind == kInternet;
    if (own && record.type == type) {
      if (record.size != address_size(type)) return false;
      add_address(reader.bytes + reader.at, type, record.seconds, addresses);
    }
    if (own && record.type == kAlias) {
      DnsReader inner = reader;
      if (!read_name(inner, true, alias) || inner.at != reader.at + record.size) return false;
    }
    reader.skip(record.size);
  }
  return true;
}

}  // namespace

bool read_question(const uint8_t *message, size_t size, NameQuestion &question) {
  DnsReader reader{message, size};
  uint16_t flags = 0;
  uint16_t questions = 0;
  uint16_t answers = 0;
  uint16_t authorities = 0;
  uint16_t more = 0;
  if (!reader.number(question.id) || !reader.number(flags) || !reader.number(questions) ||
      !reader.number(answers) || !reader.number(authorities) || !reader.number(more))
    return false;
  const auto first = static_cast<uint8_t>(flags >> 8);
  if ((first & (kIsAnswer | kOperation)) != 0 || questions != 1 || answers != 0 || authorities != 0)
    return false;
  question.recursive = (first & kRecursive) != 0;
  const size_t start = reader.at;
  Name name;
  uint16_t kind = 0;
  if (!read_name(reader, false, name) || !reader.number(question.type) || !reader.number(kind) ||
      kind != kInternet)
    return false;
  question.size = reader.at - start;
  memcpy(question.bytes, message + start, question.size);
  memcpy(question.name, name.bytes, name.size);
  question.name_size = name.size;
  return true;
}

bool read_question_of_answer(const uint8_t *message, size_t size, NameQuestion &question) {
  constexpr size_t kMostQuestion = kHead + kMaxName + 2 + 4;
  uint8_t asked[kMostQuestion];
  if (size < kHead || (message[2] & kIsAnswer) == 0) return false;
  const size_t count = size < kMostQuestion ? size : kMostQuestion;
  memcpy(asked, message, count);
  asked[2] = static_cast<uint8_t>(asked[2] & ~kIsAnswer);
  for (size_t i = 6; i < kHead; i++) asked[i] = 0;  // how many answers there are, and what else
  return read_question(asked, count, question);
}

size_t write_answer(const NameQuestion &question, Result result, const Addresses &addresses,
                    uint8_t *message, size_t capacity) {
  const size_t each = 12 + address_size(question.type);
  size_t count = result == Result::NoError ? addresses.count : 0;
  const size_t room = (capacity - kHead - question.size) / each;
  if (count > room) count = room;
  Writer out(message, capacity);
  out.number(question.id);
  out.byte(static_cast<uint8_t>(kIsAnswer | (question.recursive ? kRecursive : 0)));
  out.byte(static_cast<uint8_t>(kCanRecurse | static_cast<uint8_t>(result)));
  out.number(1);
  out.number(static_cast<uint16_t>(count));
  out.number(0);
  out.number(0);
  out.bytes(question.bytes, question.size);
  for (size_t i = 0; i < count; i++) {
    out.number(0xc000 | kHead);
    out.number(question.type);
    out.number(kInternet);
    out.number(static_cast<uint16_t>(addresses.seconds >> 16));
    out.number(static_cast<uint16_t>(addresses.seconds));
    const size_t bytes = address_size(question.type);
    out.number(static_cast<uint16_t>(bytes));
    out.bytes(addresses.rows[i].bytes + kAddressSize - bytes, bytes);
  }
  return out.size();
}

size_t write_query(uint16_t id, Text name, uint16_t type, uint8_t *message) {
  Writer out(message, kMaxPlain);
  out.number(id);
  out.byte(kRecursive);
  out.byte(0);
  out.number(1);
  out.number(0);
  out.number(0);
  out.number(0);
  out.name(name);
  out.number(type);
  out.number(kInternet);
  return out.size();
}

Reading read_answer(const uint8_t *message, size_t size, uint16_t id, Text name, uint16_t type,
                    Result &result, Addresses &addresses) {
  DnsReader reader{message, size};
  uint16_t answered = 0;
  uint16_t flags = 0;
  uint16_t questions = 0;
  uint16_t count = 0;
  Name owner;
  uint16_t asked = 0;
  uint16_t kind = 0;
  const bool ours = reader.number(answered) && reader.number(flags) && reader.number(questions) &&
                    reader.number(count) && reader.skip(4) && answered == id && questions == 1 &&
                    (flags >> 8 & (kIsAnswer | kOperation)) == kIsAnswer &&
                    read_name(reader, true, owner) && reader.number(asked) && reader.number(kind) &&
                    owner.text() == name && asked == type && kind == kInternet;
  if (!ours) return Reading::Foreign;
  addresses.count = 0;
  addresses.seconds = 0;
  result = static_cast<Result>(flags & kCode);
  if ((flags >> 8 & kTruncated) != 0) return Reading::Truncated;
  if (result != Result::NoError && result != Result::NxDomain) result = Result::ServFail;
  if (result != Result::NoError) return Reading::Answer;
  for (size_t i = 0; i < kMaxAliases; i++) {
    Name alias;
    if (!collect(reader, count, type, owner, addresses, alias)) {
      addresses.count = 0;
      result = Result::ServFail;
      return Reading::Answer;
    }
    if (addresses.count != 0 || alias.size == 0) return Reading::Answer;
    owner = alias;
  }
  return Reading::Answer;
}

}  // namespace ll
