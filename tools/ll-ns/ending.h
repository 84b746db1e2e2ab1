// Without a PID namespace: the end of all that a command has started, however it left its parent.
#pragma once

namespace ll {

// Whether /proc says what this process has started.
bool sees_descendants();
// From here on what loses its parent becomes this process's own child: prctl(2),
// PR_SET_CHILD_SUBREAPER. Minus an errno.
long adopt_orphans();
// Again and again, until there are no more: what is forked meanwhile is found the next time, for
// its parent is gone by then. `spared`: a child that stays; 0: none. False: one cannot be ended.
bool end_descendants(long spared);

}  // namespace ll
