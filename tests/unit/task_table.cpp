#include "core/task_table.h"

#include "check.h"

using namespace ll;

namespace {

struct Counted {
  int tid = 0;
  int value = 0;
};

constexpr int kPlaces = 1 << 15;  // thread IDs this far apart want the same place

TaskTable<Counted> &empty_table() {
  static TaskTable<Counted> table;
  return table = {};
}

}  // namespace

TEST("removing a thread keeps colliding threads in the table reachable") {
  TaskTable<Counted> &table = empty_table();
  for (int i = 0; i < 4; i++) table.find(7 + i * kPlaces)->value = i;
  table.find(8)->value = 8;
  table.forget(7 + kPlaces);
  CHECK(!table.has(7 + kPlaces));
  CHECK(table.find(7)->value == 0);
  CHECK(table.find(7 + 2 * kPlaces)->value == 2);
  CHECK(table.find(7 + 3 * kPlaces)->value == 3);
  CHECK(table.find(8)->value == 8);
  CHECK(table.find(7 + kPlaces)->value == 0);
}

TEST("a full table of threads is an error, and has room again after a removal") {
  TaskTable<Counted> &table = empty_table();
  int added = 0;
  while (table.find(added + 1) != nullptr) added++;
  CHECK(added == kPlaces - 1);
  CHECK(table.find(5) != nullptr);
  table.forget(5);
  CHECK(table.find(kPlaces + 5) != nullptr);
  CHECK(table.find(kPlaces + 6) == nullptr);
}

TEST("no thread is found for an ID below 1") {
  CHECK(!empty_table().has(0));
  CHECK(!empty_table().has(-1));
}
