// Partial writes of ll-mcp: nothing is lost, and little is copied.
#include "ll-mcp/outbox.h"

#include <string>

#include "check.h"

using ll::mcp::Outbox;

TEST("data taken in pieces is complete, and in order") {
  std::string all;
  for (int i = 0; i < 1000; i++) all += std::to_string(i) + ",";
  Outbox outbox;
  outbox.add(all);
  outbox.add(all);
  std::string read;
  for (size_t piece = 1; !outbox.waiting().empty(); piece = piece % 97 + 1) {
    const std::string_view bytes = outbox.waiting().substr(0, piece);
    read += bytes;
    outbox.take(bytes.size());
  }
  CHECK(read == all + all);
}

TEST("a large message is not copied for each piece") {
  constexpr size_t kSize = size_t{16} << 20;
  constexpr size_t kPiece = 4096;
  Outbox outbox;
  outbox.add(std::string(kSize, 'x'));
  size_t moved = 0;
  while (!outbox.waiting().empty()) {
    const char *next = outbox.waiting().data() + kPiece;
    outbox.take(kPiece);
    if (outbox.waiting().data() != next) moved += outbox.waiting().size();
  }
  CHECK(moved <= kSize);
}
