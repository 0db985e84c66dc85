"""The box: a process that can see the Python environment, compute, and talk over one socket; nothing else.

bubblewrap builds it: no network, a read-only system, a small file system in memory, its own process space. Limits on
memory, processes, files and time come on top. The folder of the class, the gradebook, the sources of the exercises and
other students' work do not exist in it.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from dnnlib.grading.limits import MIB, GradingError, Limits
from dnnlib.grading.walls import INSIDE, ONE_THREAD, environment, forbid, walls
from dnnlib.grading.wire import Channel, Closed, Late, WireError


class BoxFault(Exception):
    """The box ended or had to be ended; the message says why."""


class Box:
    """A running box, or with `trusted` the same program without walls.

    Args:
        limits: what it may use.
        trusted: run the code with the rights of this process.

    Raises:
        GradingError: it did not start.
    """

    def __init__(self, limits: Limits, *, trusted: bool = False) -> None:
        self.limits, self.fault, self.said = limits, "", ""
        ours, theirs = socket.socketpair()
        settings = {name: value for name, value in asdict(limits).items() if name not in ("restarts", "disk")}
        isolated = "-P" if trusted else "-I"
        inside = [sys.executable, isolated, str(INSIDE), str(theirs.fileno()), json.dumps(settings)]
        self.first: int | None = None  # the first process of the box: when it ends, the system ends all others
        with theirs:
            self._start(inside, theirs.fileno(), trusted)
        self.channel = Channel(ours, limits.message)
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._watch_memory, daemon=True)
        self._watch.start()
        try:
            self.channel.receive(time.monotonic() + 120)
        except (Closed, Late, WireError):
            self.close()
            raise GradingError(f"the box did not start: {self.said or 'it said nothing'}") from None

    def _start(self, inside: list[str], socket_: int, trusted: bool) -> None:
        told, info = os.pipe()
        try:
            with contextlib.nullcontext(-1) if trusted else forbid() as rules:
                outside = [] if trusted else walls(self.limits, [str(INSIDE.parents[1])], rules, info)
                self.process = subprocess.Popen(
                    [*outside, *inside],
                    pass_fds=[socket_] if trusted else [socket_, rules, info],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    cwd=None if trusted else "/",
                    env=os.environ | ONE_THREAD if trusted else environment(),
                    start_new_session=True,
                )
            os.close(info)
            info = -1
            found = b""
            while b"}" not in found and (part := os.read(told, 1000)):
                found += part
            if b"}" in found:
                self.first = os.pidfd_open(json.loads(found)["child-pid"])
        finally:
            for descriptor in (told, info):
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def ask(self, order: dict[str, Any], seconds: float) -> Any:
        """Send an order and return the reply.

        Raises:
            BoxFault: no readable reply came in time. The box is closed then.
        """
        deadline = time.monotonic() + seconds
        try:
            self.channel.send(order, deadline)
            return self.channel.receive(deadline)
        except (Closed, Late, WireError) as error:
            raise self.failed(error, seconds) from None

    def failed(self, error: Exception, seconds: float) -> BoxFault:
        """Close the box after an error of the wire, and say what happened in words for the student."""
        self.close()
        if self.fault:
            return BoxFault(self.fault)
        if isinstance(error, Late):
            return BoxFault(f"it took more than {seconds:g} seconds and could not be interrupted")
        if isinstance(error, Closed):
            return BoxFault("it ended the Python process")
        return BoxFault(f"it sent {error}")

    def close(self) -> None:
        """End every process of the box."""
        self._ended.set()
        first, self.first = self.first, None
        if first is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(first, signal.SIGKILL)
            os.close(first)
        for process in [*self._processes(), self.process]:
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                process.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stderr is not None and not self.process.stderr.closed:
            os.set_blocking(self.process.stderr.fileno(), False)
            self.said = (self.process.stderr.read(4000) or b"").decode(errors="replace").strip()[-1000:]
            self.process.stderr.close()
        self.channel.sock.close()

    def _processes(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            return []

    def _watch_memory(self) -> None:
        """End the box when all its processes together hold too much; a limit of the system counts each alone."""
        while not self._ended.wait(0.1):
            held = 0
            processes = self._processes()
            for process in processes:
                with contextlib.suppress(psutil.Error):
                    held += process.memory_info().rss
            held += _in_files(processes)
            if held > self.limits.memory:
                self.fault = f"it took more than {self.limits.memory // MIB} MiB of memory"
                with contextlib.suppress(ProcessLookupError, OSError):
                    if self.first is not None:
                        signal.pidfd_send_signal(self.first, signal.SIGKILL)
                    self.process.kill()
                return


def _in_files(processes: list[psutil.Process]) -> int:
    """Memory that the files of a box take; a file of no bytes takes some too."""
    held = 0
    for place in ("tmp", "home/student", "dev/shm") if processes else ():
        with contextlib.suppress(OSError):
            facts = os.statvfs(Path("/proc", str(processes[-1].pid), "root", place))
            held += (facts.f_blocks - facts.f_bfree) * facts.f_frsize + (facts.f_files - facts.f_ffree) * 1024
    return held
