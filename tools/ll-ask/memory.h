// What was answered: in this run, and in the lines of a policy file.
#pragma once

#include <map>
#include <set>
#include <string>

#include "asked/question.h"

namespace ll::asking {

class Memory {
 public:
  Memory() = default;
  Memory(const Memory &) = delete;
  Memory &operator=(const Memory &) = delete;
  ~Memory();

  // Opened now, before any command could put something else in its place. Ends the program where
  // that fails.
  void open(const std::string &path);
  [[nodiscard]] bool has_file() const { return file_ >= 0; }

  enum class Known : uint8_t { Nothing, Yes, No };
  [[nodiscard]] Known find(const asked::Question &question) const;
  void keep(const asked::Question &question, bool allowed);
  // Also as that line. False, with errno, where it cannot be written; EFBIG: no policy may be so
  // large.
  bool write(const std::string &line);

 private:
  int file_ = -1;
  std::set<std::string> lines_;
  std::map<std::string, bool> answers_;
};

}  // namespace ll::asking
