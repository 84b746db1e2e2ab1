"""Finds the programs of ll-exec."""

from __future__ import annotations

import os
import shutil

_VARIABLES = {"ll-exec": "LL_EXEC", "sandbox.sh": "LL_SANDBOX"}


def find(name: str) -> str:
    """The absolute path: what the environment variable names, else the first on PATH.

    Raises FileNotFoundError.
    """
    named = os.environ.get(_VARIABLES[name])
    found = shutil.which(named or name)
    if found is None:
        raise FileNotFoundError(f"{named or name} not found: install it, or set {_VARIABLES[name]}")
    return os.path.abspath(found)
