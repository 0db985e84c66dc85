"""What one submission may use, and the error that stops grading."""

from dataclasses import dataclass

MIB = 1 << 20


class GradingError(Exception):
    """Grading cannot go on, for a reason that lies outside the submissions. The message says what to do."""


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
