// Other programs' ways to say what a command may do.
#pragma once

#include "draft.h"
#include "os/kernel/process.h"
#include "request.h"

namespace ll {

constexpr Dialect kSandboxec = {.tilde = true, .escapes = false};
constexpr Dialect kLightbox = {.tilde = false, .escapes = false};
constexpr Dialect kLandrun = {.tilde = false, .escapes = true};
constexpr Dialect kSandlock = {.tilde = false, .escapes = true};

void convert_sandboxec(const Policy &policy, uint16_t source, Draft &draft);
void convert_lightbox(Policy &policy, uint16_t source, Draft &draft);
void convert_landrun(const Process &process, const std::vector<SourceText> &words, Draft &draft);

// Its profile, or its command line in a file.
void convert_sandlock(Policy &policy, uint16_t source, Draft &draft);
void convert_sandlock_words(Policy &policy, const std::vector<SourceText> &words, Draft &draft);

// A shell's words: quotes, backslashes and $NAME; what else a shell does is an error.
std::vector<SourceText> words_of_shell(const Policy &policy, uint16_t source);

}  // namespace ll
