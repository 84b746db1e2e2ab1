// What a program says about itself: from its options' table and the directives'.
#pragma once

#include "core/rows.h"

namespace ll {

void print_help();
// Its parts, for a program that says more.
void list_options(Rows &rows);
void list_directives(Rows &rows);
void print_calls();  // --list syscalls

}  // namespace ll
