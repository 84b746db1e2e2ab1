"""The command line and descriptors for a command in a sandbox."""

from __future__ import annotations

import os
import select
from typing import Any, Dict, List, Optional, Sequence

from .error import LLError
from .judge import Court, Judge
from .policy import Policy

_TEXT_NAME = "policy text"


class Start:
    """Owns the pipe for --status-fd, the memory that holds a policy's text and the thread of a judge, until close().

    inherited: the descriptors that the child needs, until has_begun()
    """

    def __init__(
        self, program: str, options: Sequence[str], policy: Policy, args: Sequence[Any], judge: Optional[Judge] = None
    ) -> None:
        self._text_path: Optional[str] = None
        self._court: Optional[Court] = None
        self._report = b""
        reader, writer = os.pipe()
        self._reader = os.fdopen(reader, "rb", buffering=0)  # closed with this object, as those of Popen are
        self.inherited = [writer]
        try:
            text = policy.text
            if text is None and not policy.is_named:
                text = ""  # sandbox.sh has one of its own otherwise
            if text is not None:
                self._text_path = f"/proc/self/fd/{self._store(text)}"
            self.argv = [program, f"--status-fd={writer}", *policy.options(self._text_path), *options]
            if judge is not None:
                self._court = Court(judge)
                self.inherited.append(self._court.inherited)
                self.argv.append(self._court.option)
            self.argv.append("--")
            self.argv += [os.fspath(word) for word in args]
        except BaseException:
            self.close()
            raise

    def _store(self, text: str) -> int:
        memory = os.memfd_create("policy")
        self.inherited.append(memory)
        data = memoryview(text.encode(errors="surrogateescape"))
        while data:
            data = data[os.write(memory, data) :]
        os.lseek(memory, 0, os.SEEK_SET)
        return memory

    def has_begun(self) -> None:
        """Called when the child has its descriptors: only our ends stay open here."""
        self._close_inherited()
        if self._court is not None:
            self._court.begin()

    def _close_inherited(self) -> None:
        while self.inherited:
            os.close(self.inherited.pop())

    def error(self) -> Optional[LLError]:
        """Why nothing was run; None if the command ran or has not started yet."""
        self._read(0)
        report = self._report
        if self._text_path is not None:
            report = report.replace(self._text_path.encode(), _TEXT_NAME.encode())
        return LLError.from_report(report)

    def wait(self) -> None:
        """Waits until the command has started or failed to."""
        self._read(None)

    def _read(self, milliseconds: Optional[int]) -> None:
        """Reads what is there by then, or all of it; nothing after close()."""
        if self._reader.closed:
            return
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        while poll.poll(milliseconds):
            part = self._reader.read(65536)
            if not part:
                return
            self._report += part

    def close(self) -> None:
        self._close_inherited()
        self._reader.close()
        if self._court is not None:
            self._court.close()


def popen_options(start: Start, given: Dict[str, Any]) -> Dict[str, Any]:
    """The options for subprocess.Popen: descriptors to inherit, and without a terminal a new session."""
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
