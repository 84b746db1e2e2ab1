// What the fixture prepared for the probes, as NAME=VALUE lines in a file. Not in the environment:
// some sandboxes clear that, and a probe that cannot find its target would look refused.
#pragma once

#include <sys/types.h>
#include <cstdint>
#include <string>
#include <vector>

// Every secret of the outside world, so that a probe can check that what it got is the real thing.
inline constexpr char secret[] = "a-secret-of-the-outside-world";

// Exit status of a program that a probe makes the kernel execute: no shell or sandbox answers this.
inline constexpr int executed_status = 42;
inline constexpr char executed_word[] = "--executed";

void read_targets(const char *path);

// A target that is not there means a broken fixture: exits 3.
const std::string &target(const char *name);
long target_number(const char *name);
int target_descriptor(const char *name);
pid_t target_process(const char *name);
std::vector<unsigned char> target_bytes(const char *name);
// False for what the fixture could not make on this kernel.
bool has_target(const char *name);

std::string outside(const char *name);    // a path that the policy does not grant
std::string readonly(const char *name);   // a path that it grants for reading
std::string readwrite(const char *name);  // a path that it grants for reading and writing

[[noreturn]] void broken(const char *why);
