// The invariants of the tables.
#include "core/tables.h"

#include <algorithm>
#include <set>

#include "check.h"
#include "host.h"

using namespace ll;

namespace {

std::vector<std::string> column(const char *texts) {
  std::vector<std::string> rows;
  for (size_t i = 0; !nth(texts, i).empty(); i++) rows.push_back(str(nth(texts, i)));
  return rows;
}

void expect_unique(const char *texts, size_t count) {
  const std::vector<std::string> rows = column(texts);
  EQUAL(rows.size(), count);
  EQUAL(std::set<std::string>(rows.begin(), rows.end()).size(), count);
  for (size_t i = 0; i < rows.size(); i++) {
    EQUAL(row_named(texts, {rows[i].data(), rows[i].size()}), i);
    EQUAL(nearest_row(texts, {rows[i].data(), rows[i].size()}), i);
  }
}

template <typename T, size_t N>
constexpr size_t count_of(const T (&)[N]) {
  return N;
}

}  // namespace

TEST("every name is unique in its table, and found in its row") {
  expect_unique(kRightNames, count_of(kRights));
  expect_unique(kDirectiveNames, count_of(kDirectives));
  std::set<std::string> options;
  const OptionTable own = program_info().options;
  for (size_t row = 0; row < own.count; row++) CHECK(options.insert(str(own.name(row))).second);
  expect_unique(kResourceNames, count_of(kResources));
  expect_unique(kReleases, count_of(kAbis));
}

TEST("no option has a directive's name") {
  const OptionTable options = program_info().options;
  for (size_t row = 0; row < options.count; row++)
    EQUAL(row_named(kDirectiveNames, options.name(row)), kNpos);
}

TEST("no two options have the same letter") {
  std::set<char> letters;
  const OptionTable options = program_info().options;
  for (size_t row = 0; row < options.count; row++)
    if (options.letters[row] != 0) CHECK(letters.insert(options.letters[row]).second);
}

TEST("every directive, option and right has a help text") {
  EQUAL(column(kDirectiveHelps).size(), count_of(kDirectives));
  EQUAL(column(kDirectiveMetavars).size(), count_of(kDirectives));
  const OptionTable options = program_info().options;
  for (size_t row = 0; row < options.count; row++) CHECK(!options.help(row).empty());
  EQUAL(column(kRightHelps).size(), count_of(kRights));
}

TEST("a name in no table is not found") {
  EQUAL(row_named(kDirectiveNames, "nothing"_t), kNpos);
  EQUAL(row_named(kDirectiveNames, ""_t), kNpos);
  EQUAL(row_named(kDirectiveNames, "r"_t), kNpos);
  EQUAL(nearest_row(kDirectiveNames, "completely different"_t), kNpos);
  EQUAL(nearest_row(kDirectiveNames, ""_t), kNpos);
}

TEST("every bit of a field is used once, from bit 0 without gaps") {
  for (const Field field : {Field::Fs, Field::Net, Field::Scope}) {
    uint64_t seen = 0;
    for (const Right &right : kRights) {
      if (right.field != field) continue;
      CHECK((seen & right.mask()) == 0);
      seen |= right.mask();
    }
    CHECK(seen != 0 && (seen & (seen + 1)) == 0);
  }
}

TEST("the rows of a field are in the order of their bits, and in fs of their ABIs") {
  for (size_t i = 1; i < count_of(kRights); i++) {
    if (kRights[i].field != kRights[i - 1].field) continue;
    CHECK(kRights[i].bit > kRights[i - 1].bit);
    if (kRights[i].field != Field::Net) CHECK(kRights[i].abi >= kRights[i - 1].abi);
  }
}

TEST("the bits equal those of the kernel's header") {
  struct {
    RightId id;
    unsigned bit, abi;
  } const rows[] = {
      {RightId::execute, 0, 1},
      {RightId::write_file, 1, 1},
      {RightId::read_file, 2, 1},
      {RightId::read_dir, 3, 1},
      {RightId::remove_dir, 4, 1},
      {RightId::remove_file, 5, 1},
      {RightId::make_char, 6, 1},
      {RightId::make_dir, 7, 1},
      {RightId::make_reg, 8, 1},
      {RightId::make_sock, 9, 1},
      {RightId::make_fifo, 10, 1},
      {RightId::make_block, 11, 1},
      {RightId::make_sym, 12, 1},
      {RightId::refer, 13, 2},
      {RightId::truncate, 14, 3},
      {RightId::ioctl_dev, 15, 5},
      {RightId::resolve_unix, 16, 9},
      {RightId::bind_tcp, 0, 4},
      {RightId::connect_tcp, 1, 4},
      {RightId::bind_udp, 2, 10},
      {RightId::connect_send_udp, 3, 10},
      {RightId::abstract_unix_socket, 0, 6},
      {RightId::signal, 1, 6},
      {RightId::log_new_exec_on, 1, 7},
  };
  for (const auto &row : rows) {
    const Right &right = kRights[static_cast<size_t>(row.id)];
    EQUAL(unsigned{right.bit}, row.bit);
    EQUAL(unsigned{right.abi}, row.abi);
  }
  EQUAL(count_of(kRights), count_of(rows));
}

TEST("the handled rights grow with the ABI, and each ABI has a kernel release") {
  EQUAL(kNewestAbi, 11);
  for (const Field field : {Field::Fs, Field::Net, Field::Scope, Field::Flags}) {
    EQUAL(rights_of_abi(field, 0), uint64_t{0});
    for (int abi = 1; abi <= kNewestAbi; abi++) {
      const uint64_t before = rights_of_abi(field, abi - 1);
      EQUAL(rights_of_abi(field, abi) & before, before);
    }
  }
  for (int abi = 1; abi <= kNewestAbi; abi++) CHECK(!(linux_with_abi(abi) == "?"_t));
  EQUAL(linux_with_abi(0), "?");
  EQUAL(linux_with_abi(12), "?");
}

TEST("each right is in its ABI and all later ones, and in no earlier one") {
  for (const Right &right : kRights)
    for (int abi = 0; abi <= kNewestAbi; abi++)
      EQUAL((rights_of_abi(right.field, abi) & right.mask()) != 0, abi >= right.abi);
}

TEST("more grants never result in fewer rights") {
  for (uint32_t grants = 0; grants < 64; grants++)
    for (uint32_t more = 0; more < 64; more++) {
      const uint64_t rights = rights_granted(grants);
      EQUAL(rights_granted(grants | more) & rights, rights);
    }
  EQUAL(rights_granted(Nothing), uint64_t{0});
}

TEST("rwx is rx and rw, ro is in all, and protect is rw without deleting") {
  const auto of = [](Directive directive) { return rights_granted(row_of(directive).grants); };
  EQUAL(of(Directive::Rwx), of(Directive::Rx) | of(Directive::Rw));
  for (const Directive directive : {Directive::Rx, Directive::Rw, Directive::Protect})
    EQUAL(of(directive) & of(Directive::Ro), of(Directive::Ro));
  const uint64_t deleting = mask_of(RightId::remove_dir) | mask_of(RightId::remove_file);
  EQUAL(of(Directive::Protect), of(Directive::Rw) & ~deleting);
  EQUAL(of(Directive::Ro), mask_of(RightId::read_file) | mask_of(RightId::read_dir));
}

TEST("no directive but fs grants device nodes") {
  const uint64_t nodes = mask_of(RightId::make_char) | mask_of(RightId::make_block);
  for (const DirectiveRow &row : kDirectives)
    EQUAL(rights_granted(row.grants) & nodes, uint64_t{0});
}

TEST("fs accepts the name of every file right, and no other right") {
  for (const Right &right : kRights) {
    const Right *found = fs_right_named(name_of(right));
    CHECK(found == (right.field == Field::Fs ? &right : nullptr));
  }
}

TEST("a file's rights are those that the kernel accepts for files") {
  EQUAL(rights_of_files(), mask_of(RightId::execute) | mask_of(RightId::write_file) |
                               mask_of(RightId::read_file) | mask_of(RightId::truncate) |
                               mask_of(RightId::ioctl_dev) | mask_of(RightId::resolve_unix));
}

TEST("capabilities are in the order of their numbers") {
  const std::vector<std::string> names = column(kCapabilityNames);
  EQUAL(names.size(), size_t{41});
  EQUAL(names[0], "chown");
  EQUAL(names[10], "net_bind_service");
  EQUAL(names[21], "sys_admin");
  EQUAL(names[40], "checkpoint_restore");
}

TEST("every errno has a text, unknown ones as well") {
  EQUAL(errno_text(13), "EACCES (permission denied)");
  EQUAL(errno_text(2), "ENOENT (no such file or directory)");
  EQUAL(errno_text(9999), "an unknown error");
  EQUAL(column(kErrnoTexts).size(), count_of(kErrnos));
}

TEST("for a mistyped name the nearest is found") {
  const auto like = [](const char *typed) {
    const size_t row = nearest_row(kDirectiveNames, c_text(typed));
    return row == kNpos ? std::string("none") : str(nth(kDirectiveNames, row));
  };
  EQUAL(like("conect"), "connect");
  EQUAL(like("conenct"), "connect");
  EQUAL(like("protcet"), "protect");
  EQUAL(like("rwz"), "rw");
  EQUAL(like("RWX"), "rwx");
  EQUAL(like("limits"), "limit");
  EQUAL(like("x"), "none");
}
