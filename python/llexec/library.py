"""libllexec, where it is installed: what a program cannot do for its caller."""

from __future__ import annotations

import ctypes
import os
import pathlib
import shutil
from typing import List, Optional

from .error import LLError
from .policy import Policy

_NAME = "libllexec.so.1"
THIS_THREAD = 1
ALL_THREADS = 2


class _Error(ctypes.Structure):
    _fields_ = [
        ("size", ctypes.c_uint32),
        ("status", ctypes.c_int32),
        ("line", ctypes.c_uint32),
        ("column", ctypes.c_uint32),
        ("source", ctypes.c_char * 256),
        ("text", ctypes.c_char * 4096),
    ]


def _candidates() -> List[str]:
    named = os.environ.get("LL_LIBRARY")
    if named is not None:
        return [named]
    program = shutil.which(os.environ.get("LL_EXEC") or "ll-exec")
    folder = pathlib.Path(program).resolve().parent if program is not None else None
    beside = [] if folder is None else [str(folder / _NAME), str(folder.parent / "lib" / _NAME)]
    return [*beside, _NAME]


def _open() -> ctypes.CDLL:
    for name in _candidates():
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.ll_policy_new.restype = ctypes.c_void_p
        library.ll_policy_new.argtypes = [
            ctypes.POINTER(ctypes.c_char_p),
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_char_p,
            ctypes.POINTER(_Error),
        ]
        library.ll_policy_free.restype = None
        library.ll_policy_free.argtypes = [ctypes.c_void_p]
        library.ll_restrict_self.restype = ctypes.c_int
        library.ll_restrict_self.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.POINTER(_Error)]
        return library
    raise FileNotFoundError(f"{_NAME} not found: install it, or set LL_LIBRARY")


_library: Optional[ctypes.CDLL] = None


def library() -> ctypes.CDLL:
    """Raises FileNotFoundError."""
    global _library
    if _library is None:
        _library = _open()
    return _library


def _error_of(error: _Error) -> LLError:
    return LLError(error.status, error.text.decode(errors="surrogateescape"))


class Compiled:
    """A policy whose paths are opened, once. Raises LLError, and FileNotFoundError without the library."""

    def __init__(self, policy: Policy) -> None:
        self._policy: Optional[int] = None
        self._library = library()
        text = None if policy.text is None else policy.text.encode(errors="surrogateescape")
        words = [os.fsencode(word) for word in policy.options("-" if text is not None else None)]
        if any(b"\0" in word for word in words):
            raise ValueError("an option contains a NUL")
        options = (ctypes.c_char_p * (len(words) + 1))(*words, None)
        error = _Error(size=ctypes.sizeof(_Error))
        size = 0 if text is None else len(text)
        self._policy = self._library.ll_policy_new(options, text, size, b"policy text", ctypes.byref(error))
        if self._policy is None:
            raise _error_of(error)

    def restrict_self(self, threads: int = ALL_THREADS) -> None:
        error = _Error(size=ctypes.sizeof(_Error))
        if self._library.ll_restrict_self(self._policy, threads, ctypes.byref(error)) != 0:
            raise _error_of(error)

    def close(self) -> None:
        if self._policy is not None:
            self._library.ll_policy_free(self._policy)
            self._policy = None

    def __enter__(self) -> "Compiled":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def restrict_self(policy: Policy, *, this_thread: bool = False) -> None:
    """Restricts this process from now on; this cannot be undone. What is open stays open.

    this_thread: only the calling thread, and what it starts. Otherwise all threads; with more than one that
    needs Landlock ABI 8. On an older kernel it is an error, and nothing is restricted: call it before threads
    start, which numpy and OpenBLAS do when they are imported.

    `env`, `chdir` and `fd` of the policy apply to commands, and have no effect. Raises LLError, and
    FileNotFoundError where libllexec is not installed.
    """
    with Compiled(policy) as compiled:
        compiled.restrict_self(THIS_THREAD if this_thread else ALL_THREADS)
