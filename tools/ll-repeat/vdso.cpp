#include "vdso.h"

#include "core/mem.h"
#include "core/tables.h"
#include "stub.h"

namespace ll {

namespace {

// elf(5)
struct Header {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version;
  uint64_t entry, programs, sections;
  uint32_t flags;
  uint16_t size, program_size, program_count, section_size, section_count, names;
};
struct Segment {
  uint32_t type, flags;
  uint64_t offset, address, physical, file_size, memory_size, alignment;
};
struct DynamicEntry {
  uint64_t tag, value;
};
struct Symbol {
  uint32_t name;
  uint8_t info, other;
  uint16_t section;
  uint64_t value, size;
};
static_assert(sizeof(Header) == 64 && sizeof(Segment) == 56 && sizeof(Symbol) == 24);

constexpr uint32_t kLoaded = 1, kDynamic = 2;
enum Tag : uint64_t {
  kHash = 4,
  kStrings = 5,
  kSymbols = 6,
  kStringsSize = 10,
  kSymbolSize = 11,
  kGnuHash = 0x6ffffef5
};
constexpr uint8_t kObject = 1;
#if defined(__aarch64__)
constexpr uint16_t kMachine = 183;
constexpr char kPrefix[] = "__kernel_";
#else
constexpr uint16_t kMachine = 62;
constexpr char kPrefix[] = "__vdso_";
#endif

// Those to be changed come first.
constexpr char kFunctionNames[] =
    "clock_gettime\0gettimeofday\0time\0getrandom\0clock_getres\0getcpu\0rt_sigreturn\0"
    "sgx_enter_enclave\0futex_robust_list64_try_unlock\0futex_robust_list32_try_unlock\0";
enum Row : size_t { kClock, kDay, kSecond, kRandom, kChanged };

struct Function {
  uint64_t start = 0, size = 0;
};

class Image {
 public:
  Image(uint8_t *bytes, size_t size, Diagnostic &problem)
      : bytes_(bytes), size_(size), problem_(problem) {}

  bool read() {
    if (!find_tables() || !count_symbols()) return fail("its tables"_t);
    for (size_t i = 1; i < count_; i++)
      if (!look_at(i)) return false;
    return check_overlap();
  }

  // Word by word: it is put there so.
  bool hold_clock(const Settings &settings, Vdso &vdso) {
    const Function &clock = functions_[kClock];
    const Function &day = functions_[kDay];
    const Stub code = stub(settings.frozen);
    constexpr uint64_t kWord = 8;
    const uint64_t start = (day.start + kWord - 1) / kWord * kWord;
    if (clock.size == 0) return fail("clock_gettime"_t);
    if (day.start + day.size < start + code.code.size) return fail("the size of gettimeofday"_t);
    const StubData data = {settings.seconds, settings.nanoseconds,
                           static_cast<int64_t>(clock.start) - static_cast<int64_t>(start)};
    const uint64_t data_at = start + code.code.size - sizeof data;
    memcpy(bytes_ + start, code.code.data, code.code.size);
    memcpy(bytes_ + data_at, &data, sizeof data);
    vdso.moves = !settings.frozen;
    vdso.second_at = data_at;
    vdso.seconds = settings.seconds;
    lead(kClock, start);
    lead(kDay, start + code.day);
    lead(kSecond, start + code.second);
    return true;
  }

  bool hold_random() {
    const Function &random = functions_[kRandom];
    const Text code = no_random_stub();
    if (random.size == 0) return true;  // before Linux 6.11
    if (random.size < code.size) return fail("the size of getrandom"_t);
    memcpy(bytes_ + random.start, code.data, code.size);
    return true;
  }

 private:
  bool fail(Text what) {
    return problem_.fail({},
                         "this kernel's vDSO is not supported: %\n"
                         "its functions would return the machine's time: nothing was run",
                         what);
  }

  template <typename Value>
  bool get(uint64_t offset, Value &value) const {
    if (offset > size_ || size_ - offset < sizeof value) return false;
    memcpy(&value, bytes_ + offset, sizeof value);
    return true;
  }

  bool find_tables() {
    Header header;
    if (!get(0, header)) return false;
    uint64_t dynamic = 0;
    uint64_t dynamic_size = 0;
    for (size_t i = 0; i < header.program_count; i++) {
      Segment segment;
      if (!get(header.programs + i * sizeof segment, segment)) return false;
      if (segment.type != kDynamic) continue;
      dynamic = segment.offset;
      dynamic_size = segment.file_size;
    }
    for (uint64_t at = 0; at + sizeof(DynamicEntry) <= dynamic_size; at += sizeof(DynamicEntry)) {
      DynamicEntry entry;
      if (!get(dynamic + at, entry)) return false;
      switch (entry.tag) {
        case kHash: hash_ = entry.value; break;
        case kGnuHash: gnu_hash_ = entry.value; break;
        case kStrings: strings_ = entry.value; break;
        case kStringsSize: strings_size_ = entry.value; break;
        case kSymbols: symbols_ = entry.value; break;
        case kSymbolSize:
          if (entry.value != sizeof(Symbol)) return false;
          break;
        default: break;
      }
    }
    return symbols_ != 0 && strings_ != 0 && strings_ < size_ && strings_size_ <= size_ - strings_;
  }

  bool count_symbols() {
    uint32_t counts[2];
    if (hash_ != 0) {
      if (!get(hash_, counts)) return false;
      count_ = counts[1];
      return count_ < kMostSymbols;
    }
    return gnu_hash_ != 0 && count_by_gnu_hash();
  }

  // The last chain's end, which is marked.
  bool count_by_gnu_hash() {
    uint32_t head[4];  // buckets, first symbol, words of the filter, its shift
    if (!get(gnu_hash_, head) || head[0] > kMostSymbols || head[2] > kMostSymbols) return false;
    const uint64_t buckets = gnu_hash_ + sizeof head + 8ULL * head[2];
    uint32_t last = 0;
    for (size_t i = 0; i < head[0]; i++) {
      uint32_t bucket = 0;
      if (!get(buckets + 4 * i, bucket)) return false;
      if (bucket > last) last = bucket;
    }
    for (; last >= head[1] && last < kMostSymbols; last++) {
      uint32_t link = 0;
      if (!get(buckets + 4ULL * head[0] + 4ULL * (last - head[1]), link)) return false;
      if ((link & 1) != 0) return count_ = last + 1, true;
    }
    return false;
  }

  bool look_at(size_t index) {
    Symbol symbol;
    if (!get(symbols_ + index * sizeof symbol, symbol) || symbol.name >= strings_size_)
      return fail("its symbols"_t);
    if (symbol.section == 0 || (symbol.info & 0xf) == kObject) return true;
    const Text rest = {reinterpret_cast<const char *>(bytes_) + strings_ + symbol.name,
                       static_cast<size_t>(strings_size_ - symbol.name)};
    const size_t end = find(rest, '\0');
    if (end == kNpos) return fail("its names"_t);
    const Text name = rest.first(end);
    const size_t row = row_named(
        kFunctionNames, starts_with(name, c_text(kPrefix)) ? name.from(sizeof kPrefix - 1) : name);
    if (row == kNpos) return fail(name);
    if (symbol.value > size_ || symbol.size > size_ - symbol.value || symbol.size == 0)
      return row >= kChanged || fail(name);
    Function &function = functions_[row];
    if (function.size != 0 && (function.start != symbol.value || function.size != symbol.size))
      return fail(name);
    function = {symbol.value, symbol.size};
    rows_[index] = static_cast<uint8_t>(row + 1);
    return true;
  }

  // What is written over is of that function alone.
  bool check_overlap() {
    for (size_t i = 0; i < kRows; i++)
      for (size_t j = 0; j < kRows; j++) {
        const Function &one = functions_[i];
        const Function &other = functions_[j];
        if (i != j && one.size != 0 && other.size != 0 && one.start < other.start + other.size &&
            other.start < one.start + one.size)
          return fail("functions that share their code"_t);
      }
    return true;
  }

  // The function of that name is found there from now on.
  void lead(size_t row, uint64_t start) {
    for (size_t i = 1; i < count_; i++) {
      if (rows_[i] != row + 1) continue;
      memcpy(bytes_ + symbols_ + i * sizeof(Symbol) + offsetof(Symbol, value), &start,
             sizeof start);
    }
  }

  static constexpr size_t kMostSymbols = 256;
  static constexpr size_t kRows = 10;

  uint8_t *bytes_;
  size_t size_;
  Diagnostic &problem_;
  uint64_t hash_ = 0, gnu_hash_ = 0, strings_ = 0, strings_size_ = 0, symbols_ = 0;
  size_t count_ = 0;
  Function functions_[kRows];
  uint8_t rows_[kMostSymbols] = {};
};

}  // namespace

size_t size_of_image(const uint8_t *bytes) {
  Header header;
  memcpy(&header, bytes, sizeof header);
  constexpr uint8_t kIdent[] = {0x7f, 'E', 'L', 'F', 2, 1};  // of 64 bits, little-endian
  for (size_t i = 0; i < sizeof kIdent; i++)
    if (header.ident[i] != kIdent[i]) return 0;
  constexpr size_t kHead = 4096;
  if (header.machine != kMachine || header.program_size != sizeof(Segment) ||
      header.programs > kHead || header.program_count > (kHead - header.programs) / sizeof(Segment))
    return 0;
  size_t size = 0;
  for (size_t i = 0; i < header.program_count; i++) {
    Segment segment;
    memcpy(&segment, bytes + header.programs + i * sizeof segment, sizeof segment);
    if (segment.type != kLoaded) continue;
    if (size != 0 || segment.offset != 0 || segment.address != 0 || segment.file_size > kMostImage)
      return 0;
    size = segment.file_size;
  }
  return size < sizeof header ? 0 : size;
}

bool change_vdso(uint8_t *image, size_t size, const Settings &settings, Vdso &vdso,
                 Diagnostic &problem) {
  static uint8_t before[kMostImage];
  memcpy(before, image, size);
  vdso.size = size;
  memcpy(vdso.head, image, sizeof vdso.head);
  Image functions(image, size, problem);
  if (!functions.read() || (settings.has_clock && !functions.hold_clock(settings, vdso)) ||
      (settings.seeded && !functions.hold_random()))
    return false;
  for (size_t at = 0; at + 8 <= size; at += 8) {
    Change change = {at, 0};
    memcpy(&change.word, image + at, sizeof change.word);
    uint64_t was = 0;
    memcpy(&was, before + at, sizeof was);
    if (change.word == was) continue;
    if (vdso.change_count == kMostChanges) return problem.fail({}, "too many changes of the vDSO");
    vdso.changes[vdso.change_count++] = change;
  }
  return true;
}

}  // namespace ll
