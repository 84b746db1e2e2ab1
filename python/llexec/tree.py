"""Ends a command and all that it started, where no PID namespace does that."""

from __future__ import annotations

import os
import signal
import time
from typing import Dict, Iterator, Set, Tuple

Stat = Tuple[int, int, str]  # parent, session, start time: a reused PID has another


def _stat(pid: int) -> Stat:
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return int(fields[1]), int(fields[3]), fields[19].decode()


def _processes() -> Iterator[Tuple[int, Stat]]:
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            yield int(name), _stat(int(name))
        except (OSError, IndexError, ValueError):
            continue  # it has ended


def _family(root: int, session: int, known: Dict[int, str]) -> Dict[int, str]:
    """The root, its descendants, the processes of its session, and descendants of those already known."""
    now = dict(_processes())
    found: Set[int] = {pid for pid, start in known.items() if pid in now and now[pid][2] == start}
    found |= {pid for pid, (_, its, _) in now.items() if pid == root or (session and its == session)}
    grown = True
    while grown:
        children = {pid for pid, (parent, _, _) in now.items() if parent in found} - found
        grown = bool(children)
        found |= children
    return {pid: now[pid][2] for pid in found if pid in now and pid != os.getpid()}


def _send(pid: int, start: str, number: signal.Signals) -> None:
    try:
        process = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if _stat(pid)[2] == start:
            signal.pidfd_send_signal(process, number)
    except OSError:
        pass
    finally:
        os.close(process)


def end(root: int, session: int) -> None:
    """Stops all that belongs to the root, which has not been waited for, until no more appear; then kills it.

    session: its session, if it has its own; else 0. A process that has left both the session and its parents stays.
    """
    known: Dict[int, str] = {}
    while True:
        found = _family(root, session, known)
        new = {pid: start for pid, start in found.items() if known.get(pid) != start}
        if not new:
            break
        for pid, start in new.items():
            _send(pid, start, signal.SIGSTOP)
        known.update(new)
    for pid, start in known.items():
        _send(pid, start, signal.SIGKILL)
    _wait_for_threads(root)


def _wait_for_threads(root: int) -> None:
    """Threads that are traced by this process, their parent, delay the end of theirs: ptrace(2)."""
    any_thread = os.WNOHANG | 0x40000000  # __WALL
    while True:
        try:
            threads = [int(name) for name in os.listdir(f"/proc/{root}/task") if int(name) != root]
        except OSError:
            return
        if not threads:
            return
        for thread in threads:
            try:
                os.waitpid(thread, any_thread)
            except ChildProcessError:
                pass
        time.sleep(0.001)
