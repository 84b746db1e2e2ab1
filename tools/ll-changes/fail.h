// How the program ends when it cannot go on: what it did until then can be done again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ll {

constexpr int kFailed = 125;

// sandbox.sh starts it under its own name, and is then who speaks.
void take_name(std::string_view called);

// Thrown when it cannot go on, after the reason was told.
struct Failure {};

// As a terminal may see it: a control character or a byte that is not UTF-8 is written \n or \xNN.
// And one that makes a name look like another <U+202E>.
std::string shown(std::string_view bytes);
std::string character(uint32_t number);
void tell(std::string_view message);
// Also on the descriptor of --status-fd, behind the status of this program and a newline.
void report_error(std::string_view message);
void report_errors_on(int descriptor);
[[noreturn]] void fail(std::string_view message, std::string_view advice);
// "cannot WHAT PATH: EPERM (not permitted)", of errno.
[[noreturn]] void fail_errno(std::string_view what, std::string_view path);

}  // namespace ll
