"""Policies: names, files and text, and directives as keywords. Only ll-exec parses them."""

from __future__ import annotations

import os
from typing import Iterable, List, Optional, Tuple, Union

Value = Union[str, int, "os.PathLike[str]"]
Values = Union[Value, Iterable[Value], bool, None]


def _words(value: Values) -> List[str]:
    if value is None or value is False:
        return []
    if isinstance(value, (str, int, os.PathLike)):
        return [str(value) if isinstance(value, int) else os.fspath(value)]
    return [str(one) if isinstance(one, int) else os.fspath(one) for one in value]


def _options(directive: str, value: Values) -> List[str]:
    name = "--" + directive.rstrip("_").replace("_", "-")
    if value is True:
        return [f"{name}=on"]
    return [f"{name}={word}" for word in _words(value)]


class Policy:
    """What a command may do. It is immutable, and any number of sandboxes and threads may use it.

    names: policies as for ll-exec -p: "base", "./mine.policy"
    text: lines of a policy, read after the names
    directives: each is an option of ll-exec, with _ for -: ro=["/data"], connect=[443], protect_all=True.
        A list repeats the option; True is "on"; None and False omit it. Paths are
        relative to the directory that the command starts in.

    Nothing is checked here: errors are raised as LLError where the policy is used.
    """

    def __init__(self, *names: Value, text: Optional[str] = None, **directives: Values) -> None:
        self._names = tuple(f"--policy={word}" for word in _words(names))
        self._text = text
        options: List[str] = []
        for directive, value in directives.items():
            options += _options(directive, value)
        self._directives = tuple(options)

    @property
    def is_named(self) -> bool:
        """Whether there is a name or text, and not directives alone."""
        return bool(self._names) or self._text is not None

    @property
    def text(self) -> Optional[str]:
        return self._text

    def options(self, text_path: Optional[str] = None) -> Tuple[str, ...]:
        """The policy as options of ll-exec. text_path: a file that holds the text."""
        text = () if text_path is None else (f"--policy={text_path}",)
        return self._names + text + self._directives

    def __repr__(self) -> str:
        text = () if self._text is None else (f"text={self._text!r}",)
        return f"<Policy {' '.join(self._names + text + self._directives)}>"
