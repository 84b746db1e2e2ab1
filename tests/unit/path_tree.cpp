// Paths as a tree, and rows in a window.
#include "core/path_tree.h"

#include <algorithm>

#include "check.h"
#include "core/table_writer.h"
#include "host.h"

using namespace ll;

namespace {

std::string drawn(const std::vector<std::string> &paths, bool utf8 = false) {
  const auto path_tree = std::make_unique<PathTree>();
  for (size_t i = 0; i < paths.size(); i++) path_tree->add({paths[i].data(), paths[i].size()}, i);
  std::string all;
  for (PathTree::Row row; path_tree->next(row);) {
    FixedString<4096> lines;
    FixedString<4096> name;
    path_tree->draw(row, utf8, lines, name);
    all += str(lines.text()) + str(name.text());
    all += row.own ? " " + std::to_string(path_tree->id_of(row)) + "\n" : "/\n";
  }
  return all;
}

std::string in_window(size_t width, size_t column, const std::string &words) {
  const Screen screen = {.width = width};
  TableWriter rows(screen);
  rows.format("name");
  rows.pad_to(column);
  rows.line() << Text{words.data(), words.size()};
  rows.end();
  return take_written();
}

}  // namespace

TEST("a parent shared by several paths has a row, and a parent of one path has none") {
  EQUAL(drawn({}), "");
  EQUAL(drawn({"/a/b/c"}), "/a/b/c 0\n");
  EQUAL(drawn({"/"}), " 0\n");
  EQUAL(drawn({"/usr/lib", "/etc", "/usr/bin/env"}),
        "/\n|- etc 1\n`- usr/\n   |- bin/env 2\n   `- lib 0\n");
  EQUAL(drawn({"/usr/lib", "/usr"}), "/usr 1\n`- lib 0\n");
  EQUAL(drawn({"/usr/lib", "/usr"}, true), "/usr 1\n└─ lib 0\n");
  EQUAL(drawn({"/a/b", "/a/c/d/e", "/a/c/d/f", "/g"}),
        "/\n|- a/\n|  |- b 0\n|  `- c/d/\n|     |- e 1\n|     `- f 2\n`- g 3\n");
}

TEST("a directory comes before its contents, whatever its siblings are called") {
  EQUAL(drawn({"/lib-x", "/lib/y", "/lib64", "/lib"}),
        "/\n|- lib 3\n|  `- y 1\n|- lib-x 0\n`- lib64 2\n");
}

TEST("the same path twice has two rows, and redundant slashes and dots are ignored") {
  EQUAL(drawn({"/a/b", "/a/b", "/a/b/c"}), "/a/b 0\n/a/b 1\n`- c 2\n");
  EQUAL(drawn({"/a//b", "/a/./b/c", "/a/b/"}), "/a/b 0\n/a/b 2\n`- c 1\n");
}

TEST("relative paths have no common root") {
  EQUAL(drawn({"data", "/data", "../x"}), "/data 1\n../x 2\ndata 0\n");
}

TEST("control characters of paths are escaped in the tree") {
  EQUAL(drawn({"/a\x1b[31m/b", "/a\x1b[31m/\xff"}), "/a?[31m/\n|- b 0\n`- ? 1\n");
}

TEST("the tree holds the maximum number of paths") {
  std::vector<std::string> paths;
  for (size_t i = 0; i < PathTree::kMax; i++)
    paths.push_back("/" + std::to_string(i * 7919 % PathTree::kMax));
  const std::string all = drawn(paths);
  EQUAL(std::count(all.begin(), all.end(), '\n'), long{PathTree::kMax} + 1);
}

TEST("a row is wrapped at blanks, and continues in its column") {
  EQUAL(in_window(40, 10, "one two"), "  name     one two\n");
  EQUAL(in_window(20, 8, "one two three four"), "  name   one two\n         three four\n");
  EQUAL(in_window(20, 8, "0123456789012345"), "  name   01234567890\n         12345\n");
  EQUAL(in_window(kNpos, 8, std::string(200, 'x')), "  name   " + std::string(200, 'x') + "\n");
}

TEST("columns count characters, and colour escapes have no width") {
  EQUAL(columns_of("abc"_t), size_t{3});
  EQUAL(columns_of("aüb"_t), size_t{3});
  EQUAL(columns_of("\033[0;1ma\033[0;mb"_t), size_t{2});
  EQUAL(fit("aüb"_t, 2), "aü");
  EQUAL(fit("a\033[0;1mb"_t, 1), "a\033[0;1m");
  EQUAL(fit("abc"_t, 0), "");
}
