// A person at a terminal, which the command has as well.
#pragma once

#include <termios.h>

#include <cstdint>
#include <string>

namespace ll::asking {

uint64_t now();  // milliseconds, of a clock that only goes on

// What ends the wait for a line.
enum class End : uint8_t { Line, Interrupt, Late, Gone, NoTerminal };

class Terminal {
 public:
  // `asker`: a descriptor at whose end nobody is left who asks.
  Terminal(std::string path, int asker) : path_(std::move(path)), asker_(asker) {}

  // Shows the question and waits for a line. `process` asks; `deadline` by now(): UINT64_MAX: none.
  End ask(const std::string &question, int64_t process, uint64_t deadline, std::string &line);
  void show(const std::string &text) const;

 private:
  class Held;

  [[nodiscard]] End wait(int descriptor, const std::string &question, uint64_t deadline,
                         std::string &line) const;
  [[nodiscard]] bool is_gone() const;
  [[nodiscard]] End take_foreground(int descriptor, int64_t process, uint64_t deadline) const;

  std::string path_;
  int asker_;
};

// SIGINT and SIGQUIT, which a terminal sends to the command too, end a wait and nothing else.
void heed_interrupts();

}  // namespace ll::asking
