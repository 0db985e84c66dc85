"""The walls of a box: the command line of bubblewrap, what it shows of this machine, and what the kernel refuses."""

import contextlib
import errno
import functools
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dnnlib.grading.limits import GradingError, Limits

INSIDE = Path(__file__).with_name("inside.py")
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ssl")
EXCHANGE = "/usr/local/share/nbgrader"  # where nbgrader collects the work of other students
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
# System calls that nobody needs who computes: memory that belongs to no process, keys, other processes, name spaces.
FORBIDDEN = """
memfd_create memfd_secret shmget shmat msgget msgsnd semget semop add_key keyctl request_key io_uring_setup
io_uring_enter io_uring_register userfaultfd ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd bpf
perf_event_open unshare setns mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
mount_setattr open_by_handle_at swapon swapoff reboot kexec_load init_module finit_module delete_module acct quotactl
settimeofday clock_settime
"""
TRUST = "or, if you trust every student, run again with --trust-submissions: their code then runs with your own rights."
NEW_SPACES = [1 << bit for bit in (17, 25, 26, 27, 28, 29, 30)]  # CLONE_NEWNS, CLONE_NEWCGROUP ... CLONE_NEWNET


def need_bubblewrap() -> None:
    """Check that boxes can be made here.

    Raises:
        GradingError: bubblewrap or libseccomp is missing, or the system does not let them work.
    """
    if shutil.which("bwrap") is None:
        raise GradingError(
            "bubblewrap is not installed, so students' code cannot be kept in a box. Install it (Debian, Ubuntu: "
            f"`sudo apt install bubblewrap`; Fedora: `sudo dnf install bubblewrap`), {TRUST}"
        )
    with forbid() as rules:
        command = [*walls(Limits(), [], rules, None), "true"]
        tried = subprocess.run(command, capture_output=True, text=True, pass_fds=[rules])
    if tried.returncode:
        raise GradingError(
            f"bubblewrap is installed but cannot make a box here: {tried.stderr.strip()[-300:]} (In a container, user "
            "namespaces have to be allowed. --trust-submissions grades without a box.)"
        )


def environment() -> dict[str, str]:
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
def forbid() -> Iterator[int]:
    """A descriptor from which bubblewrap reads that the kernel shall refuse the FORBIDDEN calls.

    Raises:
        GradingError: what writes such rules is missing.
    """
    try:
        import pyseccomp
    except (ImportError, RuntimeError) as error:  # the second where the system's library is missing
        raise GradingError(
            f"the system calls of students' code cannot be limited: {error}. Install what does it "
            "(`pip install 'dnnlib[exercises]'`; Debian, Ubuntu: `sudo apt install libseccomp2`; Fedora: "
            f"`sudo dnf install libseccomp`), {TRUST}"
        ) from None

    refuse = pyseccomp.ERRNO(errno.EPERM)
    program = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for call in FORBIDDEN.split():
        program.add_rule(refuse, call)
    for flag in NEW_SPACES:
        program.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    program.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # the C library then uses clone
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
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


def walls(limits: Limits, folders: list[str], rules: int, info: int | None) -> list[str]:
    """The command that a program is appended to, so that it runs in a box which shows it `folders`.

    bubblewrap reads the system calls to refuse from the descriptor `rules`, and writes the number of the box's first
    process to the descriptor `info`.
    """
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
    for name, value in environment().items():
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
    if info is not None:
        command += ["--info-fd", str(info)]
    command += ["--seccomp", str(rules), "--remount-ro", "/", "--chdir", "/home/student"]
    if root:
        user = random.SystemRandom().randrange(1 << 20, 1 << 30)
        command += ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
        command += ["--bounding-set=-all", "--inh-caps=-all"]
    return [*command, "prlimit", f"--nproc={limits.processes}"]
