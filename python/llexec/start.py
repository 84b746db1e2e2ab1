"""One command line, with the descriptors that it needs, from a sandbox and a command."""

from __future__ import annotations

import os
import select
from typing import Any, Dict, List, Optional, Sequence

from .error import LLError
from .policy import Policy

_TEXT_NAME = "policy text"


class Start:
    """Owns the pipe for --status-fd and the memory that holds a policy's text, until close()."""

    def __init__(self, program: str, options: Sequence[str], policy: Policy, args: Sequence[Any]) -> None:
        self._open: List[int] = []
        self._text_path: Optional[str] = None
        self._report = b""
        try:
            self._reader, writer = self._keep(*os.pipe())
            self.inherited = [writer]
            text = policy.text
            if text is None and not policy.is_named:
                text = ""  # sandbox.sh has one of its own otherwise
            if text is not None:
                self._text_path = f"/proc/self/fd/{self._store(text)}"
            self.argv = [program, f"--status-fd={writer}", *policy.options(self._text_path), *options, "--"]
            self.argv += [os.fspath(word) for word in args]
        except BaseException:
            self.close()
            raise

    def _keep(self, *descriptors: int) -> Sequence[int]:
        self._open += descriptors
        return descriptors

    def _store(self, text: str) -> int:
        memory = os.memfd_create("policy")
        self._keep(memory)
        self.inherited.append(memory)
        data = memoryview(text.encode(errors="surrogateescape"))
        while data:
            data = data[os.write(memory, data) :]
        os.lseek(memory, 0, os.SEEK_SET)
        return memory

    def has_begun(self) -> None:
        """The child has what it inherits: only the end to read stays open here."""
        for descriptor in self.inherited:
            os.close(descriptor)
            self._open.remove(descriptor)

    def error(self) -> Optional[LLError]:
        """Why nothing was run; None if something was, or if that is not known yet."""
        self._read(0)
        report = self._report
        if self._text_path is not None:
            report = report.replace(self._text_path.encode(), _TEXT_NAME.encode())
        return LLError.told(report)

    def wait(self) -> None:
        """Until it is known whether something is run."""
        while self._read(None):
            pass

    def _read(self, milliseconds: Optional[int]) -> bool:
        """What is there by then; False at the end."""
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        while self._open and poll.poll(milliseconds):
            part = os.read(self._reader, 65536)
            if not part:
                return False
            self._report += part
        return bool(self._open)

    def close(self) -> None:
        while self._open:
            os.close(self._open.pop())


def popen_options(start: Start, given: Dict[str, Any]) -> Dict[str, Any]:
    """Those of subprocess.Popen: descriptors to inherit, and a session of its own away from a terminal."""
    options = dict(given)
    options["pass_fds"] = [*options.get("pass_fds", ()), *start.inherited]
    if "start_new_session" not in options and "process_group" not in options:
        options["start_new_session"] = options.get("stdin") is not None or not _has_terminal()
    return options


def _has_terminal() -> bool:
    try:
        return os.isatty(0)
    except OSError:
        return False
