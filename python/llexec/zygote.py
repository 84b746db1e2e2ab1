"""Clones of an initialized process: slow initialization runs once, in the sandbox, and is copied by fork."""

from __future__ import annotations

import collections
import ctypes
import gc
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import traceback
from typing import IO, Any, Callable, Deque, Dict, Iterable, Iterator, List, NamedTuple, NoReturn, Optional

from . import library
from .error import LLError
from .pipeline import PipelineResult
from .policy import Policy
from .sandbox import Args, Sandbox

_REQUEST = struct.Struct("=qi")  # the clone's id, and 0; descriptors come with it
_ANSWER = struct.Struct("=ciq")  # what it is about, a number, the clone's id
_COLLAPSE = 25  # MADV_COLLAPSE, Linux 6.1
_HUGE = 2 << 20  # bytes
_MOST = 65536  # bytes of an answer
_ENDED = "the process that the clones are copied from has ended"


class Clone(NamedTuple):
    """id; status as subprocess's returncode; what it wrote."""

    id: int
    status: int
    stdout: bytes
    stderr: bytes


class Zygote:
    """Calls init() once under the policy, then work(id) in a copy of that process for each id.

    work: its output goes to Clone.stdout; its return value is the status, None is 0; an exception is 1
    clone_policy: each clone also restricts itself to this policy
    collapse: memory of init() becomes huge pages before the first copy (Linux 6.1), which makes copying cheaper

    Clones share the memory of init() and of the caller at the time of creation, including secrets. Without
    a clone_policy a clone can signal the others. Threads that init() starts are an error, since fork does not
    copy them. Raises LLError, FileNotFoundError without libllexec, and RuntimeError with the traceback
    of init(). Create it before the caller has threads.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        init: Optional[Callable[[], Any]] = None,
        work: Callable[[int], Optional[int]],
        clone_policy: Optional[Policy] = None,
        collapse: bool = True,
    ) -> None:
        library.library()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            ours.close()
            _Server(theirs, init, work).serve_and_exit(policy, clone_policy, collapse)
        theirs.close()
        self._socket = ours
        self._running: Dict[int, _Running] = {}
        try:
            self._wait_for_init()
        except BaseException:
            self.close()
            raise

    def _wait_for_init(self) -> None:
        answer = self._receive()
        kind, status, _ = _ANSWER.unpack(answer[: _ANSWER.size]) if answer else (b"", 0, 0)
        text = answer[_ANSWER.size :].decode(errors="surrogateescape")
        if kind == b"L":
            raise LLError(status, text)
        if kind != b"R":
            raise RuntimeError(text or "the process ended before it was ready")

    def map(self, ids: Iterable[int], *, parallel: Optional[int] = None) -> Iterator[Clone]:
        """Yields a Clone for each id, in order. parallel: how many run at once; None: one per processor.

        Closing the iterator ends those that run.
        """
        waiting: Deque[int] = collections.deque(ids)
        order = list(waiting)
        if len(set(order)) != len(order):
            raise ValueError("duplicate id")
        limit = parallel or len(os.sched_getaffinity(0))
        done: Dict[int, Clone] = {}
        if self._running:
            raise RuntimeError("another map of this Zygote is still running")
        try:
            for wanted in order:
                while wanted not in done:
                    while waiting and len(self._running) < limit:
                        self._start(waiting.popleft())
                    self._wait(done)
                yield done.pop(wanted)
        finally:
            self._abandon()

    def _start(self, clone: int) -> None:
        ends = [os.pipe() for _ in range(2)]
        try:
            socket.send_fds(self._socket, [_REQUEST.pack(clone, 0)], [write for _, write in ends])
        except (BrokenPipeError, ConnectionResetError):
            for read, _ in ends:
                os.close(read)
            raise RuntimeError(_ENDED) from None
        finally:
            for _, write in ends:
                os.close(write)
        self._running[clone] = _Running([os.fdopen(read, "rb", buffering=0) for read, _ in ends])

    def _wait(self, done: Dict[int, Clone]) -> None:
        """Waits for output or a status."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        for one in self._running.values():
            for file in one.open_files():
                poll.register(file, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        for clone, one in list(self._running.items()):
            one.read(ready)
        if self._socket.fileno() in ready:
            self._heed(self._receive())
        for clone in [clone for clone, one in self._running.items() if one.is_done()]:
            one = self._running.pop(clone)
            assert one.status is not None
            done[clone] = Clone(clone, one.status, bytes(one.parts[0]), bytes(one.parts[1]))

    def _receive(self) -> bytes:
        """Empty if the process has ended."""
        try:
            return self._socket.recv(_MOST)
        except ConnectionResetError:
            return b""

    def _heed(self, answer: bytes) -> None:
        if not answer:
            raise RuntimeError(_ENDED)
        kind, number, clone = _ANSWER.unpack(answer[: _ANSWER.size])
        if kind == b"E":
            raise OSError(number, os.strerror(number))
        if clone in self._running:
            self._running[clone].status = number

    def _abandon(self) -> None:
        """Ends the running clones, and waits for them."""
        try:
            if self._running:
                self._socket.send(_REQUEST.pack(0, 1))
            while any(one.status is None for one in self._running.values()):
                answer = self._receive()
                if not answer:
                    break
                _, number, clone = _ANSWER.unpack(answer[: _ANSWER.size])
                if clone in self._running:
                    self._running[clone].status = number
        except OSError:
            pass  # it has ended, and what it started with it or by itself
        for one in self._running.values():
            one.close()
        self._running.clear()

    def reduce(
        self,
        args: Args,
        *,
        over: Iterable[int],
        policy: Policy,
        parallel: Optional[int] = None,
        check: bool = False,
    ) -> PipelineResult:
        """Runs a command under a policy of its own, with the output of the clones, in order, as its input.

        The statuses are those of the clones, then the command's. With check the first failure raises
        subprocess.CalledProcessError.
        """
        clones = list(self.map(over, parallel=parallel))
        data = b"".join(clone.stdout for clone in clones)
        ended = Sandbox(policy).run(args, input=data, stdout=subprocess.PIPE)
        statuses = [*(clone.status for clone in clones), ended.returncode]
        for status in statuses:
            if check and status != 0:
                raise subprocess.CalledProcessError(status, list(args), ended.stdout)
        return PipelineResult(statuses, ended.stdout)

    def close(self) -> None:
        """Ends the process and the running clones."""
        for one in self._running.values():
            one.close()
        self._running.clear()
        self._socket.close()
        if self._pid > 0:
            os.waitpid(self._pid, 0)
            self._pid = 0

    def __enter__(self) -> "Zygote":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()


class _Running:
    """The output of one clone."""

    def __init__(self, files: List[IO[bytes]]) -> None:
        self.files = files
        self.parts = [bytearray(), bytearray()]
        self.status: Optional[int] = None

    def open_files(self) -> List[IO[bytes]]:
        return [file for file in self.files if not file.closed]

    def read(self, ready: Iterable[int]) -> None:
        for file, part in zip(self.files, self.parts):
            if file.closed or file.fileno() not in ready:
                continue
            data = file.read(65536)
            if data:
                part += data
            else:
                file.close()

    def is_done(self) -> bool:
        return self.status is not None and not self.open_files()

    def close(self) -> None:
        for file in self.files:
            file.close()


class _Server:
    """The process that the clones are copied from."""

    def __init__(self, requests: socket.socket, init: Optional[Callable[[], Any]], work: Callable[[int], Optional[int]]) -> None:
        self._socket = requests
        self._init = init
        self._work = work
        self._clones: Dict[int, int] = {}  # by process
        self._clone_policy: Optional[library.Compiled] = None

    def serve_and_exit(self, policy: Policy, clone_policy: Optional[Policy], collapse: bool) -> NoReturn:
        try:
            self._begin(policy, clone_policy, collapse)
        except LLError as error:
            self._answer(b"L", error.status, 0, error.text)
            os._exit(1)
        except BaseException:
            self._answer(b"X", 0, 0, traceback.format_exc())
            os._exit(1)
        status = 0
        try:
            self._answer(b"R", 0, 0)
            self._serve()
        except BaseException:
            status = 1
        finally:
            self._end_clones()
            os._exit(status)

    def _begin(self, policy: Policy, clone_policy: Optional[Policy], collapse: bool) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        self._close_inherited()
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        os.dup2(null, 0)
        os.close(null)
        # Read when the sandbox may refuse to open it.
        maps = open("/proc/self/maps", "rb", buffering=0) if collapse else None
        tasks = os.open("/proc/self/task", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if clone_policy is not None:
            self._clone_policy = library.Compiled(clone_policy)
        library.restrict_self(policy)
        if self._init is not None:
            self._init()
        if len(os.listdir(tasks)) > 1:
            raise RuntimeError("init() started threads, which fork does not copy: stop them, or limit libraries to one (OMP_NUM_THREADS=1)")
        os.close(tasks)
        gc.collect()
        gc.freeze()
        if maps is not None:
            _collapse(maps)
            maps.close()

    def _close_inherited(self) -> None:
        """Closes the caller's files: neither init() nor the clones get them."""
        kept = self._socket.fileno()
        os.closerange(3, kept)
        os.closerange(kept + 1, max(int(name) for name in os.listdir("/proc/self/fd")) + 1)

    def _answer(self, kind: bytes, number: int, clone: int, text: str = "") -> None:
        data = text.encode(errors="surrogateescape")[: _MOST - _ANSWER.size]
        try:
            self._socket.send(_ANSWER.pack(kind, number, clone) + data)
        except OSError:
            pass  # the caller has ended; the next read notices

    def _serve(self) -> None:
        """Runs until the caller closes its end."""
        wake, woken = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        self._wake = (wake, woken)
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        poll.register(wake, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if wake in ready:
                os.read(wake, 4096)
                self._reap()
            if self._socket.fileno() in ready and not self._heed():
                return

    def _heed(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._socket, _REQUEST.size, 2)
        if not data:
            return False
        clone, ends = _REQUEST.unpack(data)
        if ends != 0:
            for pid in self._clones:
                os.kill(pid, signal.SIGKILL)
            return True
        try:
            pid = os.fork()
        except OSError as error:
            self._answer(b"E", error.errno or 0, clone)
            pid = -1
        if pid == 0:
            self._become(clone, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        if pid > 0:
            self._clones[pid] = clone
        return True

    def _reap(self) -> None:
        while self._clones:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            clone = self._clones.pop(pid, None)
            if clone is not None:
                self._answer(b"S", os.waitstatus_to_exitcode(status), clone)

    def _end_clones(self) -> None:
        for pid in self._clones:
            os.kill(pid, signal.SIGKILL)

    def _become(self, clone: int, descriptors: List[int]) -> NoReturn:
        status = 1
        try:
            # Before anything else: neither the socket nor another clone's pipes are this one's.
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._socket.close()
            for descriptor in self._wake:
                os.close(descriptor)
            for number, descriptor in enumerate(descriptors, 1):
                os.dup2(descriptor, number)
                os.close(descriptor)
            os.environ["CLONE_ID"] = str(clone)
            if self._clone_policy is not None:
                self._clone_policy.restrict_self()
            _seed(clone)
            result = self._work(clone)
            status = 0 if result is None else int(result)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException:
            traceback.print_exc()
        finally:
            try:
                sys.stdout.flush()
                sys.stderr.flush()
            except (OSError, ValueError):
                status = status or 1
            os._exit(status & 0xFF)


def _seed(clone: int) -> None:
    """Python's own generator is seeded anew by fork; numpy's is not."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed((int.from_bytes(os.urandom(4), "little") + clone) % (1 << 32))


_MAPPING = re.compile(rb"^([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0 +(\[heap\])?$", re.MULTILINE)


def _collapse(maps: IO[bytes]) -> None:
    """Makes huge pages of private memory, as far as possible: fork then copies one entry instead of 512."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    parts = []
    while True:
        part = maps.read(65536)
        if not part:
            break
        parts.append(part)
    for mapping in _MAPPING.finditer(b"".join(parts)):
        start = -(-int(mapping[1], 16) // _HUGE) * _HUGE
        end = int(mapping[2], 16) // _HUGE * _HUGE
        if start < end:
            libc.madvise(start, end - start, _COLLAPSE)
