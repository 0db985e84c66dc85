"""A contender's process, asked by lines on its standard input, which answers by lines of JSON on its standard output.

Processes do not disturb each other: the threads of one library, which wait for work by spinning, are asleep while
another one is measured, and the memory that a process ever used is its own.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class EndedError(RuntimeError):
    """The process ended before it answered; its own messages are on standard error."""


class Process:
    """`script` of this folder, run by this Python with `arguments` and so many threads (the machine's unless given)."""

    def __init__(self, script: str, *arguments: str, threads: int | None = None) -> None:
        threaded = {} if threads is None else dict.fromkeys(THREADS, str(threads))
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name(script)), *arguments],
            env=os.environ | threaded,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read(self) -> Any:
        """The next answer."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.end()
            raise EndedError(f"the process ended with status {self.process.returncode}; its messages are above")
        return json.loads(line)

    def ask(self, question: object) -> Any:
        """The answer to a line."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # `read` tells that it ended
            print(question, file=self.process.stdin, flush=True)
        return self.read()

    def end(self) -> list[Any]:
        """No more questions: what the process still answers before it has ended."""
        with contextlib.suppress(BrokenPipeError):
            return [json.loads(line) for line in self.process.communicate()[0].splitlines()]
        return []


def answer(value: object) -> None:
    """One line for whoever started this process."""
    print(json.dumps(value), flush=True)
