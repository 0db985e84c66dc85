"""Trainings by several processes and by one, for test_distributed.py: `python ranks.py FOLDER` runs them all.

torch is imported once, and the processes are forks, so that a job of four costs fractions of a second. Each process
stores what it came to in FOLDER; the tests compare.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed
from tqdm import tqdm

import dnnlib as dnn
from dnnlib import compiled, engine, storage, train, training

assert os.environ["OMP_NUM_THREADS"] == os.environ["OPENBLAS_NUM_THREADS"] == "1", "a fork copies the main thread alone"
Options = dict[str, Any]
x, y = dnn.data.digits()
COMMON: Options = {"optimizer": lambda: dnn.Adam(lr=3e-3), "batch_size": 30, "epochs": 3}
LONG = COMMON | {"epochs": 9}  # 54 steps
N = 171  # examples: five batches of 30 and one of 21, which neither 2 nor 4 processes share evenly


def dense(rank: int, dtype: str = "float32", *between: dnn.Layer) -> dnn.Sequential:
    """A network that starts otherwise on every rank, unless `fit` sees to it."""
    layers = [dnn.Dense(64, 24), dnn.ReLU(), *between, dnn.Dense(24, 10)]
    return dnn.Sequential(*layers, seed=3 + rank, dtype=dtype, device="cpu")


def momentum() -> dnn.Optimizer:
    return dnn.SGD(lr=0.1, momentum=0.9)


def noisy(xb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return xb + rng.normal(0, 0.1, xb.shape).astype(np.float32)


def images(xb: np.ndarray) -> np.ndarray:
    return np.pad(xb.reshape(-1, 1, 8, 8), [(0, 0), (0, 0), (2, 2), (2, 2)])


def many_options() -> Options:
    """A penalty, clipping, a schedule by step, validation data, and early stopping."""
    stopping = dnn.EarlyStopping(patience=1, min_delta=0.1)
    return COMMON | {
        "penalty": dnn.L1(1e-3),
        "schedule": dnn.Warmup(8, per="step"),
        "validation_data": (x[300:391], y[300:391]),
        "callbacks": [dnn.ClipGradNorm(0.5), dnn.GradientNorms(), stopping],
        "epochs": 60,
        "optimizer": momentum,
    }


# Each: the network of a rank, what `fit` gets, and the examples
Case = tuple[Callable[[int], dnn.Sequential], Callable[[], Options], tuple[np.ndarray, np.ndarray]]
CASES: dict[str, Case] = {
    "mlp": (dense, lambda: LONG, (x[:N], y[:N])),
    "float64": (lambda rank: dense(rank, "float64"), lambda: LONG, (x[:N], y[:N])),
    "one left over": (dense, lambda: COMMON, (x[:121], y[:121])),
    "dropout": (
        lambda rank: dense(rank, "float32", dnn.Dropout(0.4), dnn.DropConnect(24, 24, p=0.2)),
        lambda: COMMON,
        (x[:N], y[:N]),
    ),
    "options": (dense, many_options, (x[:N], y[:N])),
    "transform": (dense, lambda: COMMON | {"transform": noisy}, (x[:N], y[:N])),
    "regression": (
        lambda rank: dnn.mlp(64, 8, 1, seed=rank, device="cpu"),
        lambda: COMMON | {"loss": dnn.MeanSquaredError()},
        (x[:N], y[:N, None] / 9),
    ),
    "lenet": (
        lambda rank: dnn.lenet((1, 12, 12), seed=rank, device="cpu"),
        lambda: COMMON,
        (images(x[:N]), y[:N]),
    ),
    "compiled": (
        lambda rank: dense(rank, "float32", dnn.Dropout(0.4)),
        lambda: COMMON | {"compile": True},
        (x[:N], y[:N]),
    ),
    "batchnorm": (
        lambda rank: dense(rank, "float64", dnn.BatchNorm(24)),
        lambda: COMMON | {"validation_data": (x[300:391], y[300:391]), "optimizer": momentum},
        (x[:N], y[:N]),
    ),
}


def fit(model: dnn.Sequential, examples: tuple[np.ndarray, np.ndarray], options: Options, distributed: bool) -> Any:
    """The history of a training."""
    options = {"loss": dnn.SoftmaxCrossEntropy(), "progress": False} | options
    return model.fit(*examples, **options | {"optimizer": options["optimizer"]()}, distributed=distributed)


def outcome(model: dnn.Sequential, history: dnn.History) -> dict[str, Any]:
    """What a training came to, to compare and to send."""
    numbers = {name: values for name, values in history.items() if name != "seconds"}
    return {
        "theta": engine.to_numpy(model.theta).copy(),
        "state": engine.to_numpy(model.state).copy(),
        "rng": repr(model.rng.bit_generator.state),
        "history": numbers,
        "stopped": history.stopped,
    }


def run_case(name: str, rank: int, distributed: bool) -> dict[str, Any]:
    """One of the trainings."""
    make, options, examples = CASES[name]
    model = make(rank)
    return outcome(model, fit(model, examples, options(), distributed))


def refused(function: Callable[[], Any]) -> tuple[str, str]:
    """The type and the message of the error that `function` raises."""
    try:
        function()
    except Exception as error:
        return type(error).__name__, str(error)
    return "none", ""


class Once(dnn.Callback):
    """Do something on one rank when it has its n-th gradient: what a careless callback, a person or fate does."""

    def __init__(self, rank: int, step: int, what: Callable[[Any], None]) -> None:
        self.rank, self.step, self.what = rank, step, what

    def on_gradient(self, run: Any) -> None:
        if run.group.rank == self.rank and run.step == self.step:
            self.what(run)


def nudge(run: Any) -> None:
    run.model.theta[5] += 1e-3


def draw(run: Any) -> None:
    run.model.rng.random()


def stop(run: Any) -> None:
    run.stop = "rank 1 has seen enough"


def interrupt(run: Any) -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Odd(Exception):
    """It cannot be made from its message, so pickle cannot copy it."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def fail() -> None:
    raise Odd("disk ", "full")


class Refuse(dnn.Callback):
    """Rank 0 alone meets an error."""

    def on_start(self, run: Any) -> None:
        run.group.from_first(fail)


def mistakes(rank: int, folder: Path) -> dict[str, Any]:
    """What goes wrong: each ends alike in all processes, and the next training can go on."""

    def train(shift: int = 0, device: str = "cpu", **options: Any) -> Any:
        return fit(dense(rank).to(device), (x[shift : N + shift], y[shift : N + shift]), LONG | options, True)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    return {
        "data": refused(lambda: train(shift=rank == 1)),
        "options": refused(lambda: train(batch_size=30 + rank, epochs=9 - rank)),
        "callbacks": refused(lambda: train(callbacks=[dnn.GradientNorms()] if rank else [])),
        "numpy": refused(lambda: train(device="numpy")),
        "small": refused(lambda: train(batch_size=1)),
        "θ": refused(lambda: train(callbacks=[Once(1, 8, nudge)])),
        "generator": refused(lambda: train(callbacks=[Once(1, 8, draw)])),
        "folder": refused(lambda: train(callbacks=[dnn.Checkpoint(folder / "no" / "run.safetensors")])),
        "odd": refused(lambda: train(callbacks=[Refuse()])),
        "divergence": refused(lambda: train(optimizer=lambda: dnn.SGD(lr=1e30))),
        "stop": (train(callbacks=[Once(1, 8, stop)])).stopped,
        "interrupt": (train(callbacks=[Once(1, 8, interrupt)])).stopped,
    }


def everything(rank: int, folder: Path) -> dict[str, Any]:
    """All cases that end well, and all mistakes."""
    names = [name for name in CASES if name != "compiled" or torch.distributed.get_world_size() == 2]  # it takes long
    return {name: run_case(name, rank, distributed=True) for name in names} | {"mistakes": mistakes(rank, folder)}


def at(module: Any, name: str, count: int, instead: Callable[..., Any]) -> None:
    """In the count-th call of module.name something else happens."""
    original, calls = getattr(module, name), []

    def call(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        return (instead if len(calls) == count else original)(*arguments, **options)

    setattr(module, name, call)


def kill(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


KILLS: dict[str, tuple[int, Any, str, int]] = {  # the rank that is killed, and in which call of what; 6 steps an epoch
    "in an epoch": (1, dnn.Sequential, "loss_and_grad", 9),
    "in evaluation": (1, training, "measure", 2),
    "in a write": (0, os, "fsync", 2),
}


def survivable(path: Path, killed: str = "") -> Callable[[int, Path], dict[str, Any]]:
    """A training with a checkpoint, of which one process is killed."""

    def train(rank: int, folder: Path) -> dict[str, Any]:
        writes: list[Any] = []
        write = storage.write
        storage.write = lambda *arguments: (writes.append(1), write(*arguments))  # type: ignore[assignment]
        if killed and KILLS[killed][0] == rank:
            at(*KILLS[killed][1:], instead=kill)
        make, options, examples = CASES["dropout"]
        alone = rank < 0
        model = make(0 if alone else rank)
        more = {"callbacks": [dnn.Checkpoint(path)], "epochs": 4, "validation_data": (x[300:391], y[300:391])}
        history = fit(model, examples, options() | more, distributed=not alone)
        return outcome(model, history) | {"writes": len(writes)}

    return train


def by_shares(size: int) -> dict[str, Any]:
    """What "batchnorm" is to come to with `size` processes, in one: each share has the statistics of its own rows.

    θ learns from the mean gradient. Every share moves running statistics of its own; an epoch ends with their mean.
    """
    make, options, (images, labels) = CASES["batchnorm"]
    model, loss, optimizer = make(0), dnn.SoftmaxCrossEntropy(), momentum()
    images, labels = torch.as_tensor(images, dtype=model.theta.dtype), torch.as_tensor(labels)
    checked = []
    for _ in range(COMMON["epochs"]):
        states = [model.state.clone() for _ in range(size)]
        order = model.rng.permutation(N)
        for start in range(0, N, 30):
            batch = order[start : start + 30]
            mean = torch.zeros_like(model.grad)
            for rank, rows in enumerate(np.split(batch, len(batch) * np.arange(1, size) // size)):
                model.state = states[rank]
                model.loss_and_grad(images[rows], labels[rows], loss)
                mean += model.grad * (len(rows) / len(batch))
                states[rank] = model.state.clone()
            optimizer.step(model.theta, mean)
        model.state = sum(states) / size
        checked.append(model.evaluate(*options()["validation_data"], loss).loss)
    return {
        "theta": engine.to_numpy(model.theta).copy(),
        "state": engine.to_numpy(model.state).copy(),
        "val_loss": checked,
    }


COMMAND = ["--device", "cpu", "--epochs", "5", "--model", "mlp-30", "--seed", "4", "--output"]


def command_line(rank: int, folder: Path) -> int:
    """`dnnlib.train`, as torchrun starts it."""
    os.environ.update(RANK=str(rank), WORLD_SIZE="2")
    return train.main([*COMMAND, str(folder / "run")])


Outcome = tuple[int, Any]  # how a process ended, and what its call returned or raised


def launch(size: int, function: Callable[[int, Path], Any], folder: Path) -> list[Outcome]:
    """Fork `size` processes that are a group, and wait for them."""
    folder.mkdir(parents=True)
    pids = [os.fork() or _process(rank, size, function, folder) for rank in range(size)]
    statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    assert -signal.SIGALRM not in statuses, f"{folder}: the processes wait for each other"
    files = [folder / f"{rank}.pickle" for rank in range(size)]
    results = [pickle.loads(file.read_bytes()) if file.exists() else None for file in files]
    return list(zip(statuses, results, strict=True))


def _process(rank: int, size: int, function: Callable[[int, Path], Any], folder: Path) -> int:
    """The life of a fork; a group that hangs is ended by the alarm."""
    signal.alarm(60)
    status = 1
    try:
        store = f"file://{folder}/store"
        torch.distributed.init_process_group("gloo", init_method=store, rank=rank, world_size=size)
        result: Any = function(rank, folder)
        status = 0
    except BaseException as error:
        result = f"{type(error).__name__}: {error}"
    (folder / f"{rank}.pickle").write_bytes(pickle.dumps(result))
    os._exit(status)


def killed_and_resumed(folder: Path) -> dict[str, Any]:
    """For each moment: how the job of a killed process ended, and what came of it by 2 processes, by 4 and by one."""
    found: dict[str, Any] = {}
    for number, moment in enumerate(KILLS):
        path = folder / f"killed {number}.safetensors"
        job = launch(2, survivable(path, moment), folder / f"killed {number}")
        left = path.read_bytes()
        found[moment] = {"killed": job, "resumed": {}}
        for size in (2, 4) if number == 0 else (2,):
            path.write_bytes(left)
            resumed = launch(size, survivable(path), folder / f"resumed {number} by {size}")
            found[moment]["resumed"][size] = resumed
        found[moment]["files"] = sorted(file.name for file in folder.glob(f"*{path.name}*"))
    return found


def main(folder: Path) -> None:
    """Everything, in one file."""
    tqdm.monitor_interval = 0  # no thread of its own
    compiled.BACKEND = "eager"  # what is compiled is traced all the same, and inductor would take a minute
    alone = {name: run_case(name, 0, distributed=False) for name in CASES}  # imports what the forks need, too
    alone["checkpoint"] = survivable(folder / "alone.safetensors")(-1, folder)
    jobs = {size: launch(size, everything, folder / f"{size}") for size in (2, 4)}
    whole = launch(2, survivable(folder / "whole.safetensors"), folder / "whole")
    kills = killed_and_resumed(folder)
    ended = launch(2, command_line, folder / "command")
    run = folder / "command" / "run"
    command = {
        "command": COMMAND,
        "statuses": [status or result for status, result in ended],
        "theta": dnn.load(run / "model.safetensors").theta,
        "files": sorted(os.listdir(run)),
    }
    shares = {size: by_shares(size) for size in (2, 4)}
    results = {"jobs": jobs, "whole": whole, "kills": kills, "alone": alone, "by shares": shares, "command": command}
    (folder / "results.pickle").write_bytes(pickle.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
