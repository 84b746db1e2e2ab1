// The rows of *.def as arrays. Names are char arrays, not pointers: a pointer in a constant is a
// relocation, and this program has none.
#pragma once

#include "core/text.h"

namespace ll {

// What a directive grants; rights.def maps it to Landlock's rights.
enum Grant : uint32_t {
  Nothing = 0,
  Read = 1,
  Run = 2,
  Write = 4,
  Delete = 8,
  Device = 16,
  Socket = 32,
};

enum class Field : uint8_t { Fs, Net, Scope, Flags };
constexpr size_t kFields = 4;
constexpr size_t index_of(Field field) { return static_cast<size_t>(field); }
enum class Target : uint8_t { Any, Directory };

struct Right {
  Field field;
  uint8_t bit;
  uint8_t abi;
  Target target;
  uint8_t grants;
  char letter;

  [[nodiscard]] constexpr uint64_t mask() const { return uint64_t{1} << bit; }
};

inline constexpr Right kRights[] = {
#define LANDLOCK_RIGHT(field, bit, name, abi, target, grants, letter, help) \
  {Field::field, bit, abi, Target::target, grants, letter},
#include "core/landlock/rights.def"
};
alignas(char) inline constexpr char kRightNames[] =
#define LANDLOCK_RIGHT(field, bit, name, abi, target, grants, letter, help) #name "\0"
#include "core/landlock/rights.def"
    ;
alignas(char) inline constexpr char kRightHelps[] =
#define LANDLOCK_RIGHT(field, bit, name, abi, target, grants, letter, help) help "\0"
#include "core/landlock/rights.def"
    ;
enum class RightId : uint8_t {
#define LANDLOCK_RIGHT(field, bit, name, abi, target, grants, letter, help) name,
#include "core/landlock/rights.def"
};
constexpr uint64_t mask_of(RightId id) { return kRights[static_cast<size_t>(id)].mask(); }

alignas(uint8_t) inline constexpr uint8_t kAbis[] = {
#define LANDLOCK_ABI(abi, release) abi,
#include "core/landlock/rights.def"
};
alignas(char) inline constexpr char kReleases[] =
#define LANDLOCK_ABI(abi, release) release "\0"
#include "core/landlock/rights.def"
    ;
constexpr int kNewestAbi = kAbis[sizeof kAbis - 1];

enum class Value : uint8_t {
  Path,
  Socket,
  Rights,
  Port,
  NoHost,
  Ipc,
  Switch,
  Limit,
  Env,
  Number,
  Cap,
  Require,
  Use,
  Syscall,
  Metadata
};
enum class Directive : uint8_t {
#define DIRECTIVE(id, name, value, grants, metavar, help) id,
#include "core/policy/directives.def"
};
struct DirectiveRow {
  Value value;
  uint8_t grants;
};
inline constexpr DirectiveRow kDirectives[] = {
#define DIRECTIVE(id, name, value, grants, metavar, help) {Value::value, grants},
#include "core/policy/directives.def"
};
alignas(char) inline constexpr char kDirectiveNames[] =
#define DIRECTIVE(id, name, value, grants, metavar, help) name "\0"
#include "core/policy/directives.def"
    ;
alignas(char) inline constexpr char kDirectiveMetavars[] =
#define DIRECTIVE(id, name, value, grants, metavar, help) metavar "\0"
#include "core/policy/directives.def"
    ;
alignas(char) inline constexpr char kDirectiveHelps[] =
#define DIRECTIVE(id, name, value, grants, metavar, help) help "\0"
#include "core/policy/directives.def"
    ;
constexpr const DirectiveRow &row_of(Directive directive) {
  return kDirectives[static_cast<size_t>(directive)];
}

enum class Unit : uint8_t { Bytes, Count, Seconds };
struct Resource {
  uint8_t number;
  Unit unit;
};
inline constexpr Resource kResources[] = {
#define RESOURCE(number, name, unit) {number, Unit::unit},
#include "core/policy/limits.def"
};
inline constexpr uint32_t kCoreLimit = 4;  // RLIMIT_CORE
alignas(char) inline constexpr char kResourceNames[] =
#define RESOURCE(number, name, unit) name "\0"
#include "core/policy/limits.def"
    ;

// In the order of their numbers, from 0.
alignas(char) inline constexpr char kCapabilityNames[] =
#define CAPABILITY(number, name) name "\0"
#include "core/policy/capabilities.def"
    ;

alignas(uint8_t) inline constexpr uint8_t kErrnos[] = {
#define ERRNO(number, name, meaning) number,
#include "core/errnos.def"
};
alignas(char) inline constexpr char kErrnoTexts[] =
#define ERRNO(number, name, meaning) name " (" meaning ")\0"
#include "core/errnos.def"
    ;

// The row with that text, or the one nearest to a mistyped text; kNpos if there is none.
size_t row_named(const char *column, Text name);
size_t nearest_row(const char *column, Text name);
// Whether the edit distance is less than `least`, which is set to it.
bool is_nearer(Text text, Text name, size_t &least);
// The nearest row, if its edit distance is less than `least`.
size_t row_nearer(const char *column, Text name, size_t &least);

Text name_of(const Right &right);
// Those of files, by name: "read_file,write_file".
void list_rights(Builder &out, uint64_t rights);
Text help_of(const Right &right);
inline Text name_of(Directive directive) {
  return nth(kDirectiveNames, static_cast<size_t>(directive));
}

const Right *fs_right_named(Text name);
// The next right of a field that is in `rights`, after `behind` if it is given; null at the end.
const Right *next_right(Field field, uint64_t rights, const Right *behind = nullptr);
// The rights of a field that come with these grants.
uint64_t rights_granted(uint32_t grants);
// The rights that apply to a file that is not a directory.
uint64_t rights_of_files();
// All rows of a field whose ABI is at most `abi`: what a kernel of that ABI handles.
uint64_t rights_of_abi(Field field, int abi);
Text linux_with_abi(int abi);
// "EACCES (permission denied)".
Text errno_text(int number);

}  // namespace ll
