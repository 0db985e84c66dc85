"""The trusted side: runs a submission's cells in a box, and the tests outside of it.

    python -m dnnlib.grading.judge

It reads one job a line from stdin and writes one verdict a line to stdout. Every job is done by a fork of this process,
which has imported what the tests import, and which is ended when its time is over.

A job is `{"job": number, "items": […], "limits": {…}, "trusted": bool}`. An item is a cell to run:
`{"kind": "student" | "given", "key": n, "source": …}`; or a test:
`{"kind": "test", "key": n, "visible": …, "source": …, "names": […]}`. A given cell runs on both sides.

All cells run first. Then each test meets the student's functions as they were at its place in the notebook: first the
visible part of all tests, then the whole of each, so that nothing that is seen of the hidden parts can be shown
anywhere. The names that solutions define are proxies: a call goes into the box and comes back as data.
"""

import ast
import ctypes
import importlib
import io
import json
import os
import resource
import select
import signal
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from dnnlib.grading.box import Box, BoxFault
from dnnlib.grading.limits import GradingError, Limits
from dnnlib.grading.outputs import TEXT, clean, error_output, plain
from dnnlib.grading.wire import Broken, Closed, Late, WireError

PR_SET_CHILD_SUBREAPER = 36


class Session:
    """The cells of a submission, run in a box that is started again without the cell that ended it."""

    def __init__(self, items: list[dict[str, Any]], limits: Limits, trusted: bool) -> None:
        self.items, self.limits, self.trusted = items, limits, trusted
        self.outputs: dict[int, list[dict[str, Any]]] = {}
        self.kept: dict[int, dict[str, Any]] = {}
        self.faults: dict[int, str] = {}
        self.starts = 0
        self.left = 4 * limits.output
        self.box: Box | None = None

    def run(self) -> None:
        """Run all cells. Outputs are those of the first time that a cell runs to its end.

        Raises:
            BoxFault: the box was started again too often.
        """
        while self.box is None:
            if self.starts > self.limits.restarts:
                raise BoxFault(f"its code ended the process {self.starts} times")
            self.starts += 1
            self.box = Box(self.limits, trusted=self.trusted)
            self.box.channel.remote = self.call  # type: ignore[method-assign]
            for item in self.items:
                try:
                    self._run(item)
                except BoxFault as fault:
                    self.box = None
                    self.faults[item["key"]] = str(fault)
                    self.outputs[item["key"]] = [error_output("Stopped", str(fault))]
                    break

    def _run(self, item: dict[str, Any]) -> None:
        assert self.box is not None
        key = item["key"]
        if item["kind"] == "test" and key in self.faults:
            self.kept[key] = {}
        elif item["kind"] == "test":
            reply = self.box.ask({"keep": item["names"]}, self.limits.call_seconds)
            kept = reply.get("kept") if isinstance(reply, dict) else None
            self.kept[key] = kept if isinstance(kept, dict) else {}
        elif key not in self.faults:
            reply = self.box.ask({"cell": item["source"]}, self.limits.cell_seconds + 5)
            if key not in self.outputs:
                self.outputs[key] = clean(reply, min(2 * self.limits.output, self.left))
                self.left -= len(json.dumps(self.outputs[key]))

    def call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function in the box."""
        if self.box is None:
            raise BoxFault("the process has ended")
        seconds = self.limits.call_seconds
        try:
            return self.box.channel.call(number, args, kwargs, seconds + 2)
        except (Broken, Closed, Late) as error:
            box, self.box = self.box, None
            raise box.failed(error, seconds) from None

    def close(self) -> None:
        """End the box."""
        if self.box is not None:
            self.box.close()


def judge(job: dict[str, Any]) -> dict[str, Any]:
    """The verdict on one submission: outputs by cell, the result of every test, and why the rest has none."""
    limits = Limits(**job["limits"])
    session = Session(job["items"], limits, job["trusted"])
    tests = [item for item in job["items"] if item["kind"] == "test"]
    results: dict[int, dict[str, Any]] = {}
    reason = ""
    try:
        session.run()
        given = _given(job["items"])
        for hidden in (False, True):
            for test in tests:
                if results.get(test["key"], {"passed": True})["passed"]:
                    session.run()
                    results[test["key"]] = _test(test, hidden, given, session)
    except BoxFault as fault:
        reason = str(fault)
        for test in tests:
            if not results.get(test["key"], {"hidden": False})["hidden"] and results.get(test["key"], {}).get("passed"):
                del results[test["key"]]  # its hidden part has not been run
    finally:
        session.close()
    faults = [f"cell {key}: {fault}" for key, fault in session.faults.items()]
    return {"outputs": session.outputs, "tests": results, "reason": reason, "faults": faults}


def _given(items: list[dict[str, Any]]) -> dict[str, Any]:
    """What the given cells define, run on this side."""
    namespace: dict[str, Any] = {"__name__": "__tests__"}
    for item in items:
        if item["kind"] == "given":
            exec(compile(item["source"], "<given>", "exec"), namespace)
    return namespace


def _test(item: dict[str, Any], hidden: bool, given: dict[str, Any], session: Session) -> dict[str, Any]:
    """Run the visible part of a test cell, or the whole of it."""
    assert session.box is not None
    namespace = dict(given)
    for name in item["names"]:
        namespace[name] = _absent(name)
        if name in session.kept[item["key"]]:
            try:
                namespace[name] = session.box.channel.decode(session.kept[item["key"]][name])
            except WireError as error:
                namespace[name] = _absent(name, str(error))
    faults = _faults(item, hidden)
    try:
        with time_limit(session.limits.cell_seconds), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(item["source"] if hidden else item["visible"], "<test>", "exec"), namespace)
    except Exception as error:
        if isinstance(error, TimeoutError) and session.box is not None:
            session.box.close()  # an answer may still be under way, and would be taken for the next one
            session.box = None
        return {"passed": False, "hidden": hidden, **faults(error)}
    except SystemExit:
        return {"passed": False, "hidden": hidden, "name": "SystemExit", "message": ""}
    return {"passed": True, "hidden": hidden, "name": "", "message": ""}


def _faults(item: dict[str, Any], hidden: bool) -> Callable[[Exception], dict[str, str]]:
    """How an error of a test is told to the student: that of a hidden part only that there was one."""

    def told(error: Exception) -> dict[str, str]:
        if hidden:
            return {"name": "AssertionError", "message": "a hidden test failed"}
        name, message = type(error).__name__, plain(error)[:TEXT]
        if name in ("BoxFault", "RuntimeError", "TimeoutError"):
            name, _, message = message.partition(": ") if message.startswith("OutOfTime") else (name, "", message)
        if isinstance(error, NotImplementedError) and not message:
            message = "the function is not written yet"
        if isinstance(error, BoxFault):
            name = "Stopped"
        return {"name": name, "message": message}

    return told


def _absent(name: str, why: str = "") -> Callable[..., Any]:
    """What stands for a name that the submission does not define, or whose value is no data."""

    def function(*_: Any, **__: Any) -> Any:
        raise NameError(why or f"name '{name}' is not defined in the cells above")

    return function


class time_limit:
    """Raise TimeoutError in the code below when the time is over."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._stop)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _stop(self, *_: object) -> None:
        raise TimeoutError(f"the test took more than {self.seconds:g} seconds")


def prepare(job: dict[str, Any]) -> None:
    """Import what the tests import, once for all forks."""
    for item in job["items"]:
        if item["kind"] != "student":
            for node in ast.walk(ast.parse(item["source"])):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
                for name in names:
                    importlib.import_module(name)


def in_a_fork(job: dict[str, Any]) -> dict[str, Any]:
    """Judge in a process of its own, ended when the time is over. What it cannot judge, it says so."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        try:
            try:
                resource.setrlimit(resource.RLIMIT_AS, (2 * job["limits"]["memory"],) * 2)
                verdict = judge(job)
            except GradingError as error:
                verdict = {"broken": str(error)}
            except BaseException as error:
                verdict = {"reason": f"the judge failed: {type(error).__name__}: {error}"}
            with os.fdopen(send, "w") as stream:
                json.dump(verdict, stream)
        finally:
            os._exit(0)
    os.close(send)
    data, deadline = bytearray(), time.monotonic() + job["limits"]["total_seconds"]
    while select.select([receive], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(receive, 1 << 20)
        if not part:
            break
        data += part
    os.close(receive)
    end_all()
    try:
        found: dict[str, Any] = json.loads(data)
    except ValueError:
        late = time.monotonic() >= deadline
        over = f"it took more than {job['limits']['total_seconds']:g} seconds in all"
        return {"reason": over if late else "the judge ended without a verdict"}
    return found


def end_all() -> None:
    """Kill every process below this one. Those whose parent is gone have become children of this one: see `main`."""
    me = os.getpid()
    while children := Path(f"/proc/{me}/task/{me}/children").read_text().split():
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        os.waitpid(-1, 0)


def main() -> None:
    """Judge every job that comes in."""
    orders, verdicts = sys.stdin, sys.stdout
    sys.stdin, sys.stdout = io.StringIO(), sys.stderr
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    for line in orders:
        job = json.loads(line)
        try:
            prepare(job)
            verdict = in_a_fork(job)
        except Exception as error:
            verdict = {"broken": f"the tests cannot be run: {type(error).__name__}: {error}"}
        verdicts.write(json.dumps(verdict | {"job": job["job"]}) + "\n")
        verdicts.flush()


if __name__ == "__main__":
    main()
