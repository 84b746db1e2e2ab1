"""A sandbox, which runs commands as subprocess does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import tempfile
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Sequence, Union

from . import programs, tree
from .error import LLError
from .judge import Judge
from .judge import options as judge_options
from .policy import Policy, Value
from .start import Start, popen_options

Args = Sequence[Union[str, bytes, "os.PathLike[str]"]]
Path = Union[str, "os.PathLike[str]"]
_GRACE = 3.0  # seconds, from SIGTERM on: ll-ns ends the command within two


class Change(NamedTuple):
    """What a command did to a file: kind is "A" added, "M" modified, "D" deleted."""

    kind: str
    path: str
    before: Optional[Dict[str, Any]]  # type, mode and such, as `ll-changes list --json` has them
    after: Optional[Dict[str, Any]]


class Why(NamedTuple):
    """Whether a right is granted, and by which rule, as `ll-exec --why` prints it."""

    granted: bool
    text: str


class Child(subprocess.Popen):  # type: ignore[type-arg]
    """A command in a sandbox: a subprocess.Popen. Its stderr includes ll-exec's warnings."""

    def __init__(self, start: Start, two_layers: bool, given: Dict[str, Any]) -> None:
        self._start = start
        self._error: Optional[LLError] = None
        self._two_layers = two_layers
        options = popen_options(start, given)
        self._own_session = bool(options.get("start_new_session"))
        try:
            super().__init__(start.argv, **options)
        except BaseException:
            start.close()
            raise
        start.has_begun()

    def error(self) -> Optional[LLError]:
        """Why nothing was run; None if the command runs, has run, or has not started yet."""
        if self._error is None:
            self._error = self._start.error()
        return self._error

    def wait_for_start(self) -> None:
        """Waits until the command runs, or with an overlay has ended. Raises LLError if it fails to start."""
        self._start.wait()
        error = self.error()
        if error is not None:
            raise error

    def end(self) -> None:
        """Ends the command and all that it started, and waits for it.

        With one layer, a process that has left both the session and its parents is not found; with two,
        a PID namespace contains all.
        """
        if self.poll() is None and self._two_layers:
            self.send_signal(signal.SIGTERM)
            try:
                self.wait(_GRACE)
            except subprocess.TimeoutExpired:
                pass
        session = self.pid if self._own_session else 0
        tree.end(self.pid, session)
        self.wait()

    def __exit__(self, *exception: Any) -> None:
        try:
            super().__exit__(*exception)
            self.error()
        finally:
            self._start.close()


class Sandbox:
    """Runs commands under a policy.

    layers: 1: Landlock, seccomp, capabilities, limits (ll-exec); 2: also namespaces, with a root that contains
        only what the policy grants (sandbox.sh)
    timeout: seconds for each run(), after which the command and all that it started are ended
    memory: bytes or a size such as "512M"; pids: processes and threads; cpus: such as 1.5. Needs a cgroup
        and two layers
    overlay: directories. Changes there go to a layer, which is committed when the command succeeds
        (on_success, on_failure: "commit", "discard" or "keep"). Needs two layers
    quiet: no warnings of ll-exec on the command's standard error
    options: further options of ll-exec, or with two layers of sandbox.sh
    judge: a function that is called with a Request when the policy refuses something, and returns True, False,
        an errno, "audit" (True, and it is logged), "remember" (True, and that file is not asked about again) or a Stop.
        It runs in one thread per command; an exception in it is reported and the answer is False
    ask: what it is asked about: "open", "connect", "bind"; answer_in: seconds until the answer is no

    Any number of threads may use one. Raises ValueError for options that need two layers, FileNotFoundError if the
    programs are not installed.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        layers: int = 1,
        timeout: Optional[float] = None,
        memory: Union[int, str, None] = None,
        pids: Optional[int] = None,
        cpus: Optional[float] = None,
        overlay: Union[Path, Iterable[Path]] = (),
        on_success: Optional[str] = None,
        on_failure: Optional[str] = None,
        quiet: bool = False,
        options: Sequence[str] = (),
        judge: Optional[Judge] = None,
        ask: Union[str, Iterable[str], None] = None,
        answer_in: Optional[float] = None,
    ) -> None:
        if layers not in (1, 2):
            raise ValueError("layers must be 1 or 2")
        self.policy = policy
        self.layers = layers
        self.timeout = timeout
        second = {"memory": memory, "pids": pids, "cpus": cpus, "on_success": on_success, "on_failure": on_failure}
        self._options = [f"--{name.replace('_', '-')}={value}" for name, value in second.items() if value is not None]
        overlays = [overlay] if isinstance(overlay, (str, os.PathLike)) else overlay
        self._options += [f"--overlay={os.fspath(one)}" for one in overlays]
        if layers == 1 and self._options:
            raise ValueError(f"{self._options[0].partition('=')[0]} needs layers=2")
        self._options += ["--quiet"] if quiet else []
        self._options += options
        if judge is None and not (ask is None and answer_in is None):
            raise ValueError("ask and answer_in need a judge")
        self._judge = judge
        self._options += judge_options(ask, answer_in)
        self._loader = programs.find("ll-exec")
        self._program = self._loader if layers == 1 else programs.find("sandbox.sh")

    def popen(self, args: Args, **given: Any) -> Child:
        """Starts the command and returns at once. given: as for subprocess.Popen, without shell and executable.

        Raises OSError if ll-exec itself cannot be started; other errors are returned by Child.error().
        """
        return self._popen(args, [], given)

    def _popen(self, args: Args, options: Sequence[str], given: Dict[str, Any]) -> Child:
        for name in ("shell", "executable", "preexec_fn", "close_fds"):
            if name in given:
                raise TypeError(f"{name} is not supported for a sandboxed command")
        start = self._start(args, options, given)
        return Child(start, self.layers == 2, given)

    def _start(self, args: Args, options: Sequence[str], given: Dict[str, Any]) -> Start:
        if isinstance(args, (str, bytes)) or not args:
            raise TypeError("args must be a list: the command and its arguments")
        kept = [f"--fd={descriptor}" for descriptor in given.get("pass_fds", ())]
        return Start(self._program, [*self._options, *options, *kept], self.policy, args, self._judge)

    def run(
        self,
        args: Args,
        *,
        input: Any = None,  # noqa: A002: as subprocess.run has it
        capture_output: bool = False,
        timeout: Optional[float] = None,
        check: bool = False,
        **given: Any,
    ) -> "subprocess.CompletedProcess[Any]":
        """As subprocess.run. Raises LLError if nothing was run, subprocess.TimeoutExpired, CalledProcessError."""
        return self._run(args, [], input, capture_output, timeout, check, given)

    def _run(
        self,
        args: Args,
        options: Sequence[str],
        data: Any,
        capture: bool,
        timeout: Optional[float],
        check: bool,
        given: Dict[str, Any],
    ) -> "subprocess.CompletedProcess[Any]":
        if data is not None:
            given["stdin"] = subprocess.PIPE
        if capture:
            given["stdout"] = given["stderr"] = subprocess.PIPE
        with self._popen(args, options, given) as child:
            try:
                out, errors = child.communicate(data, self.timeout if timeout is None else timeout)
            except BaseException:
                child.end()
                raise
        error = child.error()
        if error is not None:
            raise error
        result: "subprocess.CompletedProcess[Any]" = subprocess.CompletedProcess(list(args), child.returncode, out, errors)
        if check:
            result.check_returncode()
        return result

    async def run_async(
        self,
        args: Args,
        *,
        input: Optional[bytes] = None,  # noqa: A002
        capture_output: bool = False,
        timeout: Optional[float] = None,
        check: bool = False,
        **given: Any,
    ) -> "subprocess.CompletedProcess[bytes]":
        """As run(), for asyncio; input and output are bytes. Cancelling it ends the command."""
        if input is not None:
            given["stdin"] = subprocess.PIPE
        if capture_output:
            given["stdout"] = given["stderr"] = subprocess.PIPE
        start = self._start(args, [], given)
        try:
            options = popen_options(start, given)
            child = await asyncio.create_subprocess_exec(*start.argv, **options)
            start.has_begun()
            seconds = self.timeout if timeout is None else timeout
            try:
                out, errors = await asyncio.wait_for(child.communicate(input), seconds)
            except BaseException as exception:
                tree.end(child.pid, child.pid if options.get("start_new_session") else 0)
                # wait() waits for the pipes, too, of which none is read while its buffer is full.
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(child.communicate(), _GRACE)
                if isinstance(exception, asyncio.TimeoutError):
                    raise subprocess.TimeoutExpired(list(args), seconds or 0) from None
                raise
            error = start.error()
            if error is not None:
                raise error
        finally:
            start.close()
        result = subprocess.CompletedProcess(list(args), child.returncode or 0, out, errors)
        if check:
            result.check_returncode()
        return result

    def dry_run(self, args: Args, *, directory: Path = ".", **given: Any) -> List[Change]:
        """Runs the command and returns the changes that it would make in the directory, which stays as it is.

        Needs two layers.

        given: as for run(). Raises as run(); with check=True also if the command fails.
        """
        if self.layers != 2:
            raise ValueError("dry_run needs layers=2")
        data, capture = given.pop("input", None), given.pop("capture_output", False)
        timeout, check = given.pop("timeout", None), given.pop("check", False)
        with tempfile.NamedTemporaryFile(prefix="llexec.", suffix=".json") as file:
            options = [f"--overlay={directory}", "--dry-run", "--json", f"--changes={file.name}"]
            self._run(args, options, data, capture, timeout, check, given)
            changes = json.load(file)["changes"]
        return [Change(one["change"], one["path"], one.get("before"), one.get("after")) for one in changes]

    def explain(self) -> Dict[str, Any]:
        """The sandbox as this kernel would enforce it: `ll-exec --explain --json`. Raises LLError."""
        explained: Dict[str, Any] = json.loads(self.explain_json())
        return explained

    def explain_json(self) -> bytes:
        """The same, as ll-exec writes it."""
        return self._ask(["--explain", "--json"]).stdout

    def why(self, right: str, target: Value) -> Why:
        """Which rule grants a right, such as read_file on a path, or connect on a port. Raises LLError."""
        answer = self._ask(["--why", right, str(target)])
        return Why(answer.returncode == 0, answer.stdout.decode(errors="surrogateescape"))

    def _ask(self, question: Sequence[str]) -> "subprocess.CompletedProcess[bytes]":
        start = Start(self._loader, question, self.policy, ())
        try:
            answer = subprocess.run(start.argv[:-1], pass_fds=start.inherited, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            error = start.error()
        finally:
            start.close()
        if error is not None:
            raise error
        return answer
