// The directory that ll-exec works in while its calls fail: granted paths and others.
#pragma once

#include <string>

// Also listens on the unix sockets there. The programs are copied to it, so that any user can run
// them.
std::string make_fixture(const std::string &loader, const std::string &report,
                         const std::string &moving);
void remove_fixture(const std::string &folder);
