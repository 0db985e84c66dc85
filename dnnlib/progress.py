"""The person at the keyboard: sees how a training goes on, and may end it by Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dnnlib.callbacks import Run


def progress_bar(run: Run, show: bool) -> Any:
    """tqdm's bar: in a live notebook or a terminal; silent elsewhere, and where the variable TQDM_DISABLE is set.

    It begins at the epochs that a resumed training has behind it.
    """
    from tqdm.auto import tqdm

    hidden = not (show and run.group.is_first) or bool(os.environ.get("TQDM_DISABLE"))
    silent = True if hidden else None  # None: silent unless in a terminal
    disable = False if silent is None and _in_kernel() else silent
    return tqdm(initial=run.epoch, total=run.epochs, unit="epoch", disable=disable)


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return ipython is not None and type(ipython.get_ipython()).__name__ == "ZMQInteractiveShell"


@contextmanager
def stop_on_interrupt(run: Run) -> Iterator[None]:
    """Ctrl-C asks the training to stop after the step under way, so that θ is never half updated; twice, at once.

    Several processes stop together, after the epoch under way. A kernel's "interrupt" is the same signal. Only Python's
    main thread is told of it: in other threads nothing changes, nor where the signal is ignored (a job in the
    background) or handled by a program around Python.
    """
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    if not main or before in (signal.SIG_IGN, None):
        yield
        return

    def ask(*_: Any) -> None:
        run.interrupted = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
