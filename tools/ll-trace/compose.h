// What was learnt as lines of a policy: few, and none that opens more than it must.
#pragma once

#include "learn.h"

namespace ll {

struct Teacher {
  Text file;           // the policy that is written
  bool exists;         // lines are added to it
  Text home;           // $HOME; empty: there is none
  Text directory;      // where the command was started
  char **environment;  // null: not asked for
  int outcome;         // where the attempts that came to nothing are written: one byte
};

// The policy is written before whoever waits for the command learns of its end.
void write_lessons(const Sandbox &sandbox, const Teacher &teacher);

bool contains(Text whole, Text part);
// Lines at the end of a policy, under a comment with the date. False: it cannot be written.
bool append_lines(Text file, Text lines, long &error);

}  // namespace ll
