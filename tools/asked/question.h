// What ll-net asks a judge, a JSON object a line, and what it is answered. docs/judge.md has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ll::asked {

constexpr size_t kMaxLine = size_t{1} << 20;  // bytes; ll-net's are shorter by far

enum class Call : uint8_t { Open, Connect, Lookup, Bind };

struct Question {
  uint64_t id = 0;
  Call call = Call::Open;
  // open
  std::string path;  // as the kernel found it: no links
  bool writes = false;
  bool creates = false;
  bool lists = false;  // it is a directory
  // connect, lookup, bind
  std::string host;  // that was looked up; empty: none was
  std::string address;
  uint16_t port = 0;
  std::string protocol;
  // What /proc said of who asks. Anything, but for `program`, can be of its own making.
  int64_t process = 0;
  std::string program;
  std::vector<std::string> arguments;
  // Some bytes were no UTF-8, and stand as U+FFFD: two paths may look the same here.
  bool mangled = false;
};

struct Greeting {
  uint64_t answer_in = 0;  // milliseconds; 0: not said
};

// Told: there is nothing to answer. Wrong: it is no line of this protocol.
enum class Kind : uint8_t { Greeting, Question, Told, Wrong };
Kind read_line(std::string_view line, Greeting &greeting, Question &question);

// Whole lines. A yes to a file is one for the rest of the run: ll-net asks no more about it.
std::string answer(const Question &question, bool allow);
// A no, and the end of all questions, in one: the next one could come between them.
std::string stop_asking(const Question &question);

}  // namespace ll::asked
