// Shared by all fuzz targets.
#pragma once

#include <cstddef>

// libFuzzer's entry; each target defines it.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

// Ends the program if it does not hold: that is a finding.
void require(bool holds, const char *what);
