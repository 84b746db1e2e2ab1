"""Pipelines of commands, each in a sandbox of its own."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import IO, Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Union

from .policy import Policy
from .sandbox import Args, Child, Sandbox

Source = Union["Stage", "Pipeline"]


class PipelineResult(NamedTuple):
    """statuses: of all stages, as subprocess's returncode; named inputs come before their stage."""

    statuses: List[int]
    stdout: bytes


class Stage:
    """A command of a pipeline: Stage(policy, args) | Stage(policy, args).

    box: a Sandbox, or a Policy for one with one layer
    inputs: named stages or pipelines that it reads besides standard input: "{name}" in args is replaced by the
        path of their output
    given: as for subprocess.Popen: env, cwd, stderr
    """

    def __init__(
        self,
        box: Union[Policy, Sandbox],
        args: Args,
        *,
        inputs: Optional[Mapping[str, Source]] = None,
        **given: Any,
    ) -> None:
        self.box = box if isinstance(box, Sandbox) else Sandbox(box)
        self.args = list(args)
        self.inputs = dict(inputs or {})
        self.given = given

    def __or__(self, after: "Stage") -> "Pipeline":
        return Pipeline([self]) | after

    def run(self, **given: Any) -> PipelineResult:
        """As Pipeline.run."""
        return Pipeline([self]).run(**given)


class Pipeline:
    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = list(stages)

    def __or__(self, after: Source) -> "Pipeline":
        more = after.stages if isinstance(after, Pipeline) else [after]
        return Pipeline([*self.stages, *more])

    def run(
        self,
        *,
        input: Optional[bytes] = None,  # noqa: A002: as subprocess.run has it
        timeout: Optional[float] = None,
        check: bool = False,
    ) -> PipelineResult:
        """Runs all stages at once; standard output is the last one's. Without input the first reads nothing.

        timeout: seconds, after which all are ended. Raises LLError if a stage did not run, subprocess.TimeoutExpired,
        and with check subprocess.CalledProcessError of the first stage that failed.
        """
        running = _Running()
        try:
            running.start(self, subprocess.DEVNULL if input is None else subprocess.PIPE)
            return running.finish(input, timeout, check)
        except BaseException:
            running.end()
            raise
        finally:
            running.close()


class _Running:
    def __init__(self) -> None:
        self._children: List[Child] = []
        self._commands: List[List[str]] = []
        self._first: Optional[Child] = None

    def start(self, pipeline: Pipeline, stdin: int) -> None:
        last = self._start_all(pipeline, stdin, is_main=True)
        assert last.stdout is not None

    def _start_all(self, pipeline: Pipeline, stdin: int, is_main: bool) -> Child:
        before: Union[int, IO[bytes]] = stdin
        child: Optional[Child] = None
        for stage in pipeline.stages:
            child = self._start(stage, before)
            if is_main and self._first is None:
                self._first = child
            if not isinstance(before, int):
                before.close()
            assert child.stdout is not None
            before = child.stdout
        assert child is not None
        return child

    def _start(self, stage: Stage, stdin: Union[int, IO[bytes]]) -> Child:
        outputs: Dict[str, IO[bytes]] = {}
        for name, source in stage.inputs.items():
            pipeline = source if isinstance(source, Pipeline) else Pipeline([source])
            output = self._start_all(pipeline, subprocess.DEVNULL, is_main=False).stdout
            assert output is not None
            outputs[name] = output
        places = {name: f"/dev/fd/{output.fileno()}" for name, output in outputs.items()}
        args = [_filled(os.fspath(word), places) for word in stage.args]
        kept = [output.fileno() for output in outputs.values()]
        child = stage.box.popen(args, stdin=stdin, stdout=subprocess.PIPE, pass_fds=kept, **stage.given)
        for output in outputs.values():
            output.close()
        self._children.append(child)
        self._commands.append([str(word) for word in args])
        return child

    def finish(self, data: Optional[bytes], timeout: Optional[float], check: bool) -> PipelineResult:
        last = self._children[-1]
        feeder = None
        if data is not None and self._first is not None and self._first is not last:
            feeder = threading.Thread(target=_feed, args=(self._first.stdin, data), daemon=True)
            feeder.start()
            data = None
        out, _ = last.communicate(data, timeout)
        for child in self._children:
            child.wait()
        if feeder is not None:
            feeder.join()
        for child in self._children:
            error = child.error()
            if error is not None:
                raise error
        statuses = [child.returncode for child in self._children]
        for status, command in zip(statuses, self._commands):
            if check and status != 0:
                raise subprocess.CalledProcessError(status, command, out)
        return PipelineResult(statuses, out)

    def end(self) -> None:
        for child in self._children:
            child.end()

    def close(self) -> None:
        for child in self._children:
            child.__exit__(None, None, None)


def _filled(word: Any, places: Mapping[str, str]) -> Any:
    for name, place in places.items():
        if isinstance(word, str):
            word = word.replace("{" + name + "}", place)
    return word


def _feed(file: Optional[IO[bytes]], data: bytes) -> None:
    assert file is not None
    try:
        with file:
            file.write(data)
    except BrokenPipeError:
        pass  # as in subprocess: the reader has closed it
