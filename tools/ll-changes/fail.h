// How the program ends when it cannot go on: nothing that it does is half done then.
#pragma once

#include <string>
#include <string_view>

namespace ll {

constexpr int kFailed = 125;

// As a terminal may see it: a control character or a byte that is not UTF-8 is written \n or \xNN.
std::string shown(std::string_view bytes);
void tell_error(std::string_view message);
[[noreturn]] void fail(std::string_view message, std::string_view advice);
// "cannot WHAT PATH: EPERM (not permitted)", of errno.
[[noreturn]] void fail_of(std::string_view what, std::string_view path);

}  // namespace ll
