// What a program says about itself: from its options' table and the directives'.
#pragma once

namespace ll {

void print_help();
void print_calls();  // --list syscalls

}  // namespace ll
