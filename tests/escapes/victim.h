// The user's other process: it holds one of everything that a probe can go for.
#pragma once

#include <string>

// Writes what it holds as NAME=VALUE lines to standard output, then "ready", and serves until it is
// killed. With namespaces: a second process, in namespaces of its own.
[[noreturn]] void be_victim(const std::string &outside, const std::string &readwrite,
                            bool namespaces);
