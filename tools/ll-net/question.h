// What a judge is asked: a line of JSON, in ASCII.
#pragma once

#include "core/text.h"

namespace ll {

// `"NAME":"TEXT"`, with what JSON and a terminal would obey escaped. Bytes that are no UTF-8 stand
// as U+DC80 to U+DCFF, as Python's surrogateescape has them.
void add_text(Builder &out, Text name, Text text);
void add_number(Builder &out, Text name, uint64_t number);
void add_truth(Builder &out, Text name, bool truth);
// `"pid":…,"ppid":…,"exe":…,"argv":[…]` of a thread, as /proc tells; advice. `argv` empty: /proc's.
void add_process(Builder &out, uint32_t task, Text argv = {});

// An array of what stands one behind the other, each with its NUL.
void add_list(Builder &out, Text name, Text list);

constexpr size_t kMostArguments = 2048;  // bytes of argv

}  // namespace ll
