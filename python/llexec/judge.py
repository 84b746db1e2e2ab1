"""A caller's function that decides, while a command runs, on what its policy refuses."""

from __future__ import annotations

import errno
import json
import math
import socket
import sys
import threading
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple, Union

CALLS = ("open", "connect", "bind")
_MOST = 1 << 20  # bytes of a question: a path and some arguments
_FAREWELL = 3.0  # seconds for a function that has not returned


class Request(NamedTuple):
    """What a process in the sandbox requests. call: "open", "connect", "bind"; "lookup" of a name that no line grants,
    if connect is asked about; "exec" is only reported: its answer is ignored.

    path, write: for open: the file, with links resolved, and whether it is opened for writing
    host: for connect: the name that was looked up for the address, or ""; address, port, protocol
    pid, ppid, exe, argv: the process. exe is from the kernel, argv from the process itself, which can forge it
    fields: all fields of the request
    """

    call: str
    path: Optional[str] = None
    write: bool = False
    host: Optional[str] = None
    address: Optional[str] = None
    port: Optional[int] = None
    protocol: Optional[str] = None
    pid: int = 0
    ppid: int = 0
    exe: Optional[str] = None
    argv: Tuple[str, ...] = ()
    fields: Dict[str, Any] = {}


class Stop:
    """As an answer: no, and these calls are not asked about any more; without names, none is."""

    def __init__(self, *calls: str) -> None:
        self.calls = calls or CALLS
        for call in self.calls:
            if call not in CALLS:
                raise ValueError(f"{call!r} is not one of {', '.join(CALLS)}")


# True, False, an errno, "audit" (allow and log), "remember" (for open: allow, and do not ask again), a Stop.
Verdict = Union[bool, int, str, Stop]
Judge = Callable[[Request], Verdict]


def options(ask: Union[str, Iterable[str], None], answer_in: Optional[float]) -> List[str]:
    """The options for ll-exec. Raises ValueError for a call that cannot be asked about, and for an invalid time."""
    found = []
    if ask is not None:
        calls = ask.split(",") if isinstance(ask, str) else list(ask)
        Stop(*calls)
        if not calls:
            raise ValueError("ask is empty")
        found.append(f"--ask={','.join(calls)}")
    if answer_in is not None:
        if not (math.isfinite(answer_in) and answer_in > 0):
            raise ValueError("answer_in must be a positive number of seconds")
        found.append(f"--answer-in={math.ceil(answer_in * 1000)}ms")
    return found


class Court:
    """Calls the function in a thread of its own, until the sandbox has ended, or close().

    option: for ll-exec; inherited: the descriptor that the child needs
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._ours, theirs = socket.socketpair()
        self.inherited = theirs.detach()
        self.option = f"--judge-fd={self.inherited}"
        self._thread = threading.Thread(target=self._serve, name="llexec judge", daemon=True)

    def begin(self) -> None:
        """Called when the child has its end."""
        self._thread.start()

    def close(self) -> None:
        """From now on every answer is no."""
        if not self._thread.ident:
            self._ours.close()
            return
        try:
            self._ours.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if self._thread is not threading.current_thread():
            self._thread.join(_FAREWELL)

    def _serve(self) -> None:
        with self._ours, self._ours.makefile("rb") as lines:
            try:
                while True:
                    line = lines.readline(_MOST)
                    if not line.endswith(b"\n"):
                        return
                    answer = self._answer(json.loads(line))
                    if answer:
                        self._ours.sendall(json.dumps(answer).encode() + b"\n")
            except OSError:
                return  # the sandbox has ended
            except Exception:
                _report()

    def _answer(self, asked: Dict[str, Any]) -> Dict[str, Any]:
        """The whole answer, which is sent in one line. Empty: no answer is needed."""
        if "call" not in asked:
            return {}  # the first line: the protocol's version
        verdict = self._verdict(_request_of(asked))
        stop = {"stop": list(verdict.calls)} if isinstance(verdict, Stop) else {}
        return {"id": asked["id"], **_meaning_of(verdict), **stop} if "id" in asked else stop

    def _verdict(self, request: Request) -> Verdict:
        """No, if the function raises or returns an invalid answer; that is reported."""
        try:
            verdict = self._judge(request)
            if "id" in request.fields:
                _meaning_of(verdict)
        except Exception:
            _report()
            return False
        return verdict


def _report() -> None:
    """As for any unhandled exception of a thread."""
    kind, value, trace = sys.exc_info()
    threading.excepthook(threading.ExceptHookArgs((kind, value, trace, threading.current_thread())))


def _request_of(asked: Dict[str, Any]) -> Request:
    known = {name: asked[name] for name in Request._fields if name in asked and name != "fields"}
    known["argv"] = tuple(asked.get("argv", ()))
    return Request(**known, fields=asked)


def _meaning_of(verdict: Verdict) -> Dict[str, Any]:
    if verdict is True:
        return {"allow": True}
    if verdict is False or isinstance(verdict, Stop):
        return {"errno": errno.EACCES}
    if verdict in ("audit", "remember"):
        return {"allow": True, str(verdict): True}
    if isinstance(verdict, int) and verdict in errno.errorcode:
        return {"errno": int(verdict)}
    raise TypeError(f"a judge returns True, False, an errno, 'audit', 'remember' or a Stop, not {verdict!r}")
