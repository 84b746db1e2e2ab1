// Without a PID namespace: kills all descendants of the command, even those that left their parent.
#pragma once

namespace ll {

// Whether /proc lists the descendants of this process.
bool sees_descendants();
// PR_SET_CHILD_SUBREAPER, prctl(2): orphaned descendants become children of this process. Minus an
// errno.
long adopt_orphans();
// Repeated until there are none: a process forked meanwhile is found the next time, since its
// parent is gone by then. `spared`: a child to keep; 0: none. False if one cannot be killed.
bool end_descendants(long spared);

}  // namespace ll
