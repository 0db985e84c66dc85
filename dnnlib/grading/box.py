"""The box: a process that can see the Python environment, compute, and talk over one socket; nothing else.

bubblewrap builds it: no network, a read-only system, a small file system in memory, its own process space. Limits on
memory, processes, files and time come on top. The folder of the class, the gradebook, the sources of the exercises and
other students' work do not exist in it.
"""

import contextlib
import errno
import functools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from dnnlib.grading.wire import Channel, Closed, Late, WireError

INSIDE = Path(__file__).with_name("inside.py")
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ssl")
EXCHANGE = "/usr/local/share/nbgrader"  # where nbgrader collects the work of other students
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
MIB = 1 << 20
# System calls that nobody needs who computes: memory that belongs to no process, keys, other processes, name spaces.
FORBIDDEN = """
memfd_create memfd_secret shmget shmat msgget msgsnd semget semop add_key keyctl request_key io_uring_setup
io_uring_enter io_uring_register userfaultfd ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd bpf
perf_event_open unshare setns mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
mount_setattr open_by_handle_at swapon swapoff reboot kexec_load init_module finit_module delete_module acct quotactl
settimeofday clock_settime
"""
NEW_SPACES = [1 << bit for bit in (17, 25, 26, 27, 28, 29, 30)]  # CLONE_NEWNS, CLONE_NEWCGROUP ... CLONE_NEWNET


class GradingError(Exception):
    """Grading cannot go on, for a reason that lies outside the submissions. The message says what to do."""


class BoxFault(Exception):
    """The box ended or had to be ended; the message says why."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Args:
        cell_seconds: time of one cell.
        call_seconds: time of one call that a test makes.
        total_seconds: time of everything together.
        memory: bytes of memory of all its processes together, and of address space of each twice as much.
        processes: number of processes and threads.
        disk: bytes of files that it writes.
        output: characters of output of one cell, pictures included.
        message: bytes of one message.
        restarts: how often a box that ended is started again without the cell that ended it.
    """

    cell_seconds: float = 60
    call_seconds: float = 10
    total_seconds: float = 600
    memory: int = 2048 * MIB
    processes: int = 64
    disk: int = 64 * MIB
    output: int = 2_000_000
    message: int = 32 * MIB
    restarts: int = 4


def need_bubblewrap() -> None:
    """Check that boxes can be made here.

    Raises:
        GradingError: bubblewrap is missing, or the system does not let it work.
    """
    if shutil.which("bwrap") is None:
        raise GradingError(
            "bubblewrap is not installed, so students' code cannot be kept in a box. Install it (Debian, Ubuntu: "
            "`sudo apt install bubblewrap`; Fedora: `sudo dnf install bubblewrap`), or, if you trust every student, "
            "run again with --trust-submissions: their code then runs with your own rights."
        )
    with _rules() as rules:
        command = [*_walls(Limits(), [], rules), "true"]
        tried = subprocess.run(command, capture_output=True, text=True, pass_fds=[rules])
    if tried.returncode:
        raise GradingError(
            f"bubblewrap is installed but cannot make a box here: {tried.stderr.strip()[-300:]} (In a container, user "
            "namespaces have to be allowed. --trust-submissions grades without a box.)"
        )


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
        with theirs, contextlib.nullcontext(-1) if trusted else _rules() as rules:
            command = inside if trusted else [*_walls(limits, [str(INSIDE.parents[1])], rules), *inside]
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()] if trusted else [theirs.fileno(), rules],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=None if trusted else "/",
                env=os.environ | ONE_THREAD if trusted else _environment(),
                start_new_session=True,
            )
        self.channel = Channel(ours, limits.message)
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._watch_memory, daemon=True)
        self._watch.start()
        try:
            self.channel.receive(time.monotonic() + 120)
        except (Closed, Late, WireError):
            self.close()
            raise GradingError(f"the box did not start: {self.said or 'it said nothing'}") from None

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
        for process in [*self._processes(), self.process]:
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                process.kill()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stderr is not None and not self.process.stderr.closed:
            self.said = self.process.stderr.read(4000).decode(errors="replace").strip()[-1000:]
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
                with contextlib.suppress(ProcessLookupError):
                    self.process.kill()
                return


def _in_files(processes: list[psutil.Process]) -> int:
    """Memory that the files of a box take; a file of no bytes takes some too."""
    held = 0
    for place in ("tmp", "home/student", "dev/shm") if processes else ():
        with contextlib.suppress(OSError):
            facts = os.statvfs(f"/proc/{processes[-1].pid}/root/{place}")
            held += (facts.f_blocks - facts.f_bfree) * facts.f_frsize + (facts.f_files - facts.f_ffree) * 1024
    return held


def _environment() -> dict[str, str]:
    """The environment variables in a box."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/student",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        **ONE_THREAD,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@contextlib.contextmanager
def _rules() -> Iterator[int]:
    """A descriptor from which bubblewrap reads that the kernel shall refuse the FORBIDDEN calls."""
    import pyseccomp

    refuse = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for call in FORBIDDEN.split():
        rules.add_rule(refuse, call)
    for flag in NEW_SPACES:
        rules.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # the C library then uses clone
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        yield file.fileno()


@functools.cache
def _readable() -> tuple[str, ...]:
    """The folders that Python needs and that lie outside the system's own."""
    return tuple(sorted({sys.prefix, sys.base_prefix, sys.exec_prefix} - {"/usr"}))


def shown() -> list[Path]:
    """The folders of this machine that a box can read."""
    places = [*SYSTEM, *_readable(), str(INSIDE.parents[1])]
    return [Path(path).resolve() for path in places if Path(path).exists()]


def _program(name: str) -> str:
    """Where a program lies, since a box has a PATH of its own."""
    return shutil.which(name) or name


def _walls(limits: Limits, folders: list[str], rules: int) -> list[str]:
    """The command that a program is appended to, so that it runs in a box which shows it `folders`."""
    root = os.geteuid() == 0
    command = [_program("prlimit"), f"--as={2 * limits.memory}", f"--fsize={limits.disk}", "--nofile=256", "--core=0"]
    command += [
        _program("bwrap"),
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    command += ["--die-with-parent", "--new-session", "--clearenv", "--hostname", "box", "--cap-drop", "ALL"]
    if root:  # a limit on processes does not hold for root, so the program becomes an unused user below
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--disable-userns"]
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    for path in SYSTEM:
        if Path(path).is_symlink():
            command += ["--symlink", os.readlink(path), path]
        elif Path(path).exists():
            command += ["--ro-bind", path, path]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for path in ("/tmp", "/home/student", "/dev/shm"):
        command += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", path]
    command += ["--remount-ro", "/dev"]  # it is a file system in memory too
    if Path(EXCHANGE).is_dir():
        command += ["--tmpfs", EXCHANGE]
    made = {"/", "/tmp", "/usr", "/home/student", "/home"}
    for folder in dict.fromkeys([*_readable(), *folders]):
        for parent in reversed(Path(folder).parents):  # bubblewrap would make them unreadable
            if str(parent) not in made and not any(str(parent).startswith(f"{path}/") for path in _readable()):
                made.add(str(parent))
                command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind", folder, folder]
    command += ["--seccomp", str(rules), "--remount-ro", "/", "--chdir", "/home/student"]
    if root:
        user = random.SystemRandom().randrange(1 << 20, 1 << 30)
        command += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
        command += ["--bounding-set=-all", "--inh-caps=-all"]
    return [*command, "prlimit", f"--nproc={limits.processes}"]
