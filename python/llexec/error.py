"""The error of a failed start, with its place in the policy."""

from __future__ import annotations

import re
from typing import Optional

_PLACE = re.compile(r"^[^:\n]+: (?:(?P<source>.+?):(?P<line>\d+):(?P<column>\d+)|argument (?P<argument>\d+)): ")


class LLError(Exception):
    """The command did not run, or what it wrote could not be committed.

    status: as of ll-exec(1): 125 the sandbox cannot be set up, 126 the command cannot be run, 127 it is not found
    source: the policy file as it was named, "argument" for an option, None if there is none
    line, column: from 1 in that file; for an option, its number and 0
    text: the whole message: the line with a caret, and advice
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text.rstrip("\n"))
        self.status = status
        self.text = text
        self.source: Optional[str] = None
        self.line = 0
        self.column = 0
        place = _PLACE.match(text)
        if place is None:
            return
        if place["argument"] is not None:
            self.source, self.line = "argument", int(place["argument"])
        else:
            self.source, self.line, self.column = place["source"], int(place["line"]), int(place["column"])

    @classmethod
    def from_report(cls, report: bytes) -> Optional["LLError"]:
        """Parses what --status-fd received, "STATUS\\nMESSAGE"; None if it is empty, since then the command ran."""
        status, _, text = report.partition(b"\n")
        return cls(int(status), text.decode(errors="surrogateescape")) if status else None
