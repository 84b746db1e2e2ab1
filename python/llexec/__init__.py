"""Run commands in the sandbox of ll-exec: Landlock, seccomp and, with two layers, namespaces.

>>> from llexec import Policy, Sandbox
>>> box = Sandbox(Policy("base", rx=["/usr"], ro=["in"], rw=["out"]))
>>> box.run(["sort", "in/list", "-o", "out/list"], check=True)

ll-exec, and for two layers sandbox.sh, have to be installed: on PATH, or where LL_EXEC and LL_SANDBOX point.
restrict_self and Zygote also need libllexec. The boundary is around the command, not around the calling process.
"""

from .error import LLError
from .judge import Request, Stop
from .library import restrict_self
from .pipeline import Pipeline, PipelineResult, Stage
from .policy import Policy
from .sandbox import Change, Sandbox, Why
from .zygote import Clone, Zygote

__all__ = [
    "Change",
    "Clone",
    "LLError",
    "Pipeline",
    "PipelineResult",
    "Policy",
    "Request",
    "Sandbox",
    "Stage",
    "Stop",
    "Why",
    "Zygote",
    "restrict_self",
]
