// A policy that is compiled.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "call.h"
#include "os/enforce/sandbox.h"
#include "request.h"

namespace ll {

// Zeroed memory of which a page that is not touched is none; and behind its lower end one that
// cannot be, since a stack may begin there.
class Pages {
 public:
  explicit Pages(size_t size);
  ~Pages();
  Pages(const Pages &) = delete;
  Pages &operator=(const Pages &) = delete;
  [[nodiscard]] void *at(size_t offset) const { return static_cast<char *>(bytes_) + offset; }
  // Of a type that zeros are a value of, as those of the launcher, which are in .bss.
  template <typename Type>
  [[nodiscard]] Type &as() const {
    return *static_cast<Type *>(bytes_);
  }

 private:
  void *bytes_ = nullptr;
  size_t size_;
};

// Where nothing is written that is not needed.
struct Compiled {
  Policy policy;
  Plan plan;
  Filter filter;
  Program program;
};

struct Words {
  std::vector<std::string> texts;
  std::vector<char *> pointers;  // ends with a null pointer
};

}  // namespace ll

struct ll_policy {
  ll::Pages pages{sizeof(ll::Compiled)};
  ll::Words options;
  ll::Words environment;
  ll::ExecRequest request;
  std::string name;      // of the text
  std::string programs;  // a path of ll-exec, beside which policies are
  std::vector<int> held;
  std::vector<ll::Warning> warnings;
  int directory = -1;  // where relative paths start
  int start = -1;      // of `chdir`; -1: there is none
  int ruleset = -1;
  long process_id = 0;         // of who made it
  bool names_process = false;  // by $PID: the command has another one

  ll_policy() = default;
  ~ll_policy() { ll::close_all(held); }
  ll_policy(const ll_policy &) = delete;
  ll_policy &operator=(const ll_policy &) = delete;

  [[nodiscard]] ll::Compiled &compiled() const { return pages.as<ll::Compiled>(); }
  [[nodiscard]] ll::Process process() const {
    return {static_cast<int>(options.pointers.size() - 1),
            const_cast<char **>(options.pointers.data()),
            const_cast<char **>(environment.pointers.data()), programs.c_str()};
  }
};

namespace ll {

// A path of ll-exec where this library is installed with it, or was built.
std::string place_of_programs();
// Reads and compiles; throws Failed.
void compile(ApiCall &call, ll_policy &made, Text text, bool has_text);

}  // namespace ll
