"""Train a network from the command line: `python -m dnnlib.train --help`, and by several processes under torchrun."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import dnnlib as dnn
from dnnlib import distributed, engine, storage
from dnnlib.arguments import CHECKPOINT, CURVES, DATA, FILES, HISTORY, MODEL, OPTIMIZERS, Parts, build, parse
from dnnlib.data.split import Pair

COLUMNS = {"loss": "loss", "accuracy": "accuracy", "val_loss": "val. loss", "val_accuracy": "val. acc."}
FAILURES = (ValueError, RuntimeError, ImportError, OSError)  # what the library raises for people to read


class Table(dnn.Callback):
    """A line an epoch, which is written to the checkpoint by then."""

    order = 3

    def __init__(self) -> None:
        self.begun = False

    def on_epoch_start(self, run: dnn.Run) -> None:
        if not self.begun:
            if run.epoch > 1:
                print(f"goes on after epoch {run.epoch - 1}")
            print("".join(f"{title:>11}" for title in ("epoch", *COLUMNS.values(), "seconds")), flush=True)
        self.begun = True

    def on_epoch_end(self, run: dnn.Run) -> None:
        numbers = [f"{run.history[name][-1]:11.4f}" for name in COLUMNS]
        print(f"{run.epoch:11}{''.join(numbers)}{run.history['seconds'][-1]:11.2f}", flush=True)


class Failure(Exception):
    """What is wrong, known to all processes."""


def in_all(group: distributed.Group, function: Callable[[], Any]) -> Any:
    """What `function` gives; where it fails in one process, all have its message as a Failure."""
    result, message = None, ""
    try:
        result = function()
    except FAILURES as error:
        message = str(error)
    messages = dict.fromkeys(filter(None, group.gather(message)))
    if messages:
        raise Failure("; ".join(messages))
    return result


def claim(folder: Path, resume: bool) -> None:
    """Make the folder for the files; ValueError if another training has its files there."""
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"--output {folder} is a file: name a folder")
    found = [name for name in FILES if (folder / name).exists()]
    if found and not resume:
        raise ValueError(
            f"--output {folder} holds a training already ({', '.join(found)}): add --resume to go on with it, or name "
            f"another folder"
        )
    if resume and CHECKPOINT not in found:
        print(f"there is no {CHECKPOINT} in {folder} yet: training starts from the beginning")
    folder.mkdir(parents=True, exist_ok=True)


def prepare(options: argparse.Namespace) -> tuple[Parts, dnn.Sequential, dnn.Optimizer]:
    """Data, network and optimizer."""
    parts = DATA[options.data]()
    model, shape = build(options.model, parts.train[0], seed=options.seed, device=options.device)
    parts = Parts(*((x.reshape(-1, *shape), y) for x, y in parts))
    rate = {} if options.lr is None else {"lr": options.lr}
    return parts, model, OPTIMIZERS[options.optimizer](**rate)


def train(options: argparse.Namespace, group: distributed.Group) -> int:
    """The whole training; the status to exit with."""
    parts, model, optimizer = in_all(group, partial(prepare, options))
    if options.output:
        in_all(group, partial(group.from_first, partial(claim, options.output, options.resume)))
    counts = [len(y) for _, y in parts]
    print(
        f"{options.data} ({counts[0]} training, {counts[1]} validation, {counts[2]} test), "
        f"{options.model} ({len(model.theta):,} parameters), {optimizer}, {options.device}, {options.precision}, "
        f"{'compiled, ' if options.compile else ''}{group.size} process{'es' if group.size > 1 else ''}",
        flush=True,
    )
    table = Table()
    history = model.fit(
        *parts.train,
        validation_data=parts.validation,
        loss=dnn.SoftmaxCrossEntropy(),
        optimizer=optimizer,
        batch_size=options.batch_size,
        epochs=options.epochs,
        callbacks=[table, *([dnn.Checkpoint(options.output / CHECKPOINT)] if options.output else [])],
        precision=options.precision,
        compile=options.compile,
        distributed=group.size > 1,
        progress=False,
    )
    if history.stopped:
        print(f"{history.stopped}{'; --resume goes on from there' if options.output else ''}")
        return 130
    if not table.begun:
        print(f"all {history.epochs} epochs were run before")
    group.from_first(partial(report, options, model, history, parts.test, group.size))
    return 0


def report(options: argparse.Namespace, model: dnn.Sequential, history: dnn.History, test: Pair, size: int) -> None:
    """Test the network, and write what came of it."""
    tested = model.evaluate(*test)
    print(f"on the test data: loss {tested.loss:.4f}, accuracy {tested.accuracy:.4f}")
    if not options.output:
        return
    packages = {"dnnlib": dnn, "numpy": np} | ({"torch": sys.modules["torch"]} if "torch" in sys.modules else {})
    about = {
        "arguments": vars(options) | {"output": str(options.output)},
        "history": history,
        "result": {
            "test_loss": tested.loss,
            "test_accuracy": tested.accuracy,
            "parameters": len(model.theta),
            "device": model.device,
            "processes": size,
        },
        "versions": {"python": platform.python_version()} | {name: p.__version__ for name, p in packages.items()},
    }
    storage.write(options.output / HISTORY, json.dumps(about, indent=1).encode())
    storage.write(options.output / CURVES, curves(history))
    model.save(options.output / MODEL)
    print(f"in {options.output}: {', '.join(FILES)}")


def curves(history: dnn.History) -> bytes:
    """Loss and accuracy over the epochs, as a PNG."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.ticker import MaxNLocator

    from dnnlib import figures
    from dnnlib.figures.picture import png

    with matplotlib.rc_context():
        figures.use_style()
        fig = figures.learning_curves({"": history})
        for ax in fig.axes:
            ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
            if history.epochs == 1:  # a line of one point is not seen
                for line, marker in zip(ax.lines, "os", strict=True):
                    line.set(marker=marker, ms=8, markevery=1)
        fig.axes[0].legend()
        return png(fig)


class Farewell:
    """The last words of a process of several: once, whether it meets the loss of another or torchrun ends it before."""

    def __init__(self, again: str) -> None:
        self.group: distributed.Group = distributed.Alone()
        self.again = again
        self.said = threading.Lock()

    def listen(self) -> None:
        """Wait for SIGTERM, which torchrun sends to all when one process is gone.

        In a thread of its own, for the main one may be waiting in torch for the process that is gone.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # in all threads that come after
        threading.Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        signal.sigwait({signal.SIGTERM})
        self.say(
            f"rank {self.group.rank} of {self.group.size}: ended by SIGTERM: another process of this training is gone, "
            f"or somebody ended the job. Start the same command again: {self.group.resume}"
        )
        os._exit(1)

    def say(self, message: str) -> None:
        """Say it, unless something was said."""
        if self.said.acquire(blocking=False):
            tell(f"{message}{self.again}")


def tell(message: str) -> None:
    """Say what went wrong."""
    print(f"dnnlib.train: {message}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the arguments say: 0 if all went well, else 1 with a message, 130 after Ctrl-C."""
    together, first = "WORLD_SIZE" in os.environ, os.environ.get("RANK", "0") == "0"
    with ExitStack() as stack:
        nowhere = stack.enter_context(open(os.devnull, "w"))
        if not first:
            stack.enter_context(redirect_stdout(nowhere))
        with nullcontext() if first else redirect_stderr(nowhere):  # all processes would say the same
            options = parse(arguments)
        again = " (with --resume)" if options.output and not options.resume else ""
        farewell = Farewell(again)
        if together and hasattr(signal, "sigwait"):
            farewell.listen()
        try:
            engine.check_device(options.device)
            if together:
                farewell.group = distributed.start(options.device)
            return train(options, farewell.group)
        except (Failure, dnn.CheckpointError, dnn.DivergenceError) as error:  # in all processes
            other = isinstance(error, dnn.CheckpointError)
            if first:
                tell(f"{error}{'. Or name another folder by --output' if other else ''}")
        except distributed.DistributedError as error:
            farewell.say(str(error))
            if farewell.group.size > 1:
                time.sleep(2)  # so that torchrun sees first who was killed, and ends the others
                os._exit(1)
        except FAILURES as error:
            tell(f"rank {farewell.group.rank}: {error}" if together else str(error))
        except KeyboardInterrupt:
            tell(f"interrupted{'; --resume goes on after the last epoch shown' if options.output else ''}")
            return 130
    return 1


if __name__ == "__main__":
    status = main()
    if "WORLD_SIZE" in os.environ:  # threads of torch's, still running, can abort a Python that takes its leave
        distributed.end()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
