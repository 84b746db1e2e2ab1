#include "fail.h"

#include <unistd.h>
#include <cerrno>
#include <cstdio>

#include "core/diagnostic.h"
#include "core/host.h"
#include "request.h"

namespace ll {

void host_write(int descriptor, Text bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data, bytes.size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes = bytes.from(static_cast<size_t>(written));
  }
}

std::string character(uint32_t number) {
  FixedString<16> line;
  format_character(line, number);
  return {line.text().data, line.text().size};
}

std::string shown(std::string_view bytes) {
  std::string result;
  for (Text rest = {bytes.data(), bytes.size()}; !rest.empty();) {
    const size_t size = character_size(rest);
    if (const uint32_t number = deceiving_character(rest); number != 0) {
      result += character(number);
    } else if (rest[0] == '\n') {
      result += "\\n";
    } else if (rest[0] == '\\') {
      result += "\\\\";
    } else if (size == 0) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned char>(rest[0]));
      result += escape;
    } else {
      result.append(rest.data, size);
    }
    rest = rest.from(size == 0 ? 1 : size);
  }
  return result;
}

namespace {

int status_descriptor = 0;  // 0: none
bool told = false;
std::string_view own_name = kProgramName;

std::string line_of(std::string_view message) {
  return std::string(own_name) + ": " + std::string(message) + "\n";
}

}  // namespace

void take_name(std::string_view called) {
  if (called == "sandbox.sh") own_name = "sandbox.sh";
}

void tell(std::string_view message) {
  const std::string line = line_of(message);
  host_write(2, {line.data(), line.size()});
}

void report_error(std::string_view message) {
  tell(message);
  if (status_descriptor == 0) return;
  const std::string line = (told ? "" : std::to_string(kFailed) + "\n") + line_of(message);
  host_write(status_descriptor, {line.data(), line.size()});
  told = true;
}

void report_errors_on(int descriptor) { status_descriptor = descriptor; }

void fail(std::string_view message, std::string_view advice) {
  report_error(std::string(message) + "\n  " + std::string(advice));
  throw Failure{};
}

void fail_errno(std::string_view what, std::string_view path) {
  FixedString<64> error;
  format(error, "%", Error{errno});
  const Text text = error.text();
  report_error("cannot " + std::string(what) + " " + shown(path) + ": " +
               std::string(text.data, text.size));
  throw Failure{};
}

}  // namespace ll
