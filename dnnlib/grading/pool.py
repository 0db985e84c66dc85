"""Judges side by side: processes on this machine, or the workers of a Dask scheduler."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, ClassVar

from dnnlib.grading.limits import GradingError

Verdict = dict[str, Any]
_mine = threading.local()


@contextlib.contextmanager
def pool(workers: int, scheduler: str | None) -> Iterator[Executor]:
    """Where jobs are done: judges on this machine, or the workers of a Dask scheduler.

    Raises:
        GradingError: Dask is not installed, or its scheduler does not answer.
    """
    if scheduler is None:
        executor = ThreadPoolExecutor(workers or os.cpu_count() or 1)
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            Judge.end_all()
            raise
        executor.shutdown()
        Judge.end_all()
        return
    try:
        from distributed import Client
    except ImportError:
        raise GradingError("--scheduler needs Dask: pip install 'dnnlib[exercises]'") from None
    try:
        client = Client(scheduler, timeout=20)
    except (OSError, TimeoutError) as error:
        raise GradingError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        yield client.get_executor(pure=False, retries=3)


class Judge:
    """A process of `dnnlib.grading.judge`, started again when it ends."""

    running: ClassVar[list["Judge"]] = []

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.asked = 0
        Judge.running.append(self)

    def ask(self, work: dict[str, Any]) -> Verdict:
        """The verdict on a job; one that says why, if the process ends."""
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-m", "dnnlib.grading.judge"]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.asked += 1
        try:
            self.process.stdin.write(json.dumps(work | {"job": self.asked}) + "\n")
            self.process.stdin.flush()
            wait = work["limits"]["total_seconds"] + 120
            ready, _, _ = select.select([self.process.stdout], [], [], wait)
            line = self.process.stdout.readline() if ready else ""
            verdict: Verdict = json.loads(line)
            if verdict.pop("job") != self.asked:
                raise ValueError("a verdict on another job")
        except (OSError, ValueError, KeyError):
            self.end()
            return {"reason": "the judge ended without a verdict"}
        return verdict

    def end(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    @classmethod
    def end_all(cls) -> None:
        """End the judges of all threads."""
        while cls.running:
            cls.running.pop().end()


def judge_here(work: dict[str, Any]) -> Verdict:
    """Do a job with the judge of this thread. A judge that could not make a box, or ended, is asked once more."""
    if not hasattr(_mine, "judge") or _mine.judge not in Judge.running:
        _mine.judge = Judge()
    verdict: Verdict = _mine.judge.ask(work)
    if "broken" in verdict or verdict == {"reason": "the judge ended without a verdict"}:
        time.sleep(0.5)
        verdict = _mine.judge.ask(work)
    return verdict
