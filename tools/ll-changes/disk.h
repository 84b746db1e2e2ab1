// A file system in memory for a layer: what it may hold is bounded, which no directory is.
#pragma once

#include <cstdint>
#include <string>

#include "files.h"

namespace ll {

// Mounted nowhere: it is there as long as it is open, or mounted by who has it. Ends the program
// where the kernel refuses it.
Descriptor make_disk(uint64_t bytes);
// "512M", in bytes or with K, M or G.
uint64_t size_of(const std::string &value);
// Nothing more could be written to it.
bool is_full(const Descriptor &root);

}  // namespace ll
