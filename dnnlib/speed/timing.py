"""The time of a training step, what the machine reaches at best, and which machine it is. Lectures B12, E08."""

from __future__ import annotations

import datetime
import functools
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dnnlib import engine
from dnnlib.checks import check_count
from dnnlib.data.prepare import check_batch_size
from dnnlib.engine import Array
from dnnlib.losses import Loss
from dnnlib.optimizers import Optimizer
from dnnlib.precision import matrix_products

if TYPE_CHECKING:
    from dnnlib.model import Sequential

ROUNDS = 7  # of each measurement of a peak: the fastest counts
SECONDS = 0.1  # that a round takes at least
SIDE = {"cpu": 2048, "cuda": 8192}  # of square matrices: so large that it is the arithmetic that takes the time
ENOUGH = 0.02  # seconds: matrices whose product takes as long are large enough
COPIED = {"cpu": 1 << 28, "cuda": 1 << 30}  # bytes: more than a cache holds


class Timing(NamedTuple):
    """Seconds a training step: the median over the epochs, and those of the fastest and slowest epoch."""

    median: float
    fastest: float
    slowest: float


class Peaks(NamedTuple):
    """What a device reaches at best: arithmetic, memory, and how long it takes to start one operation."""

    flops_per_second: float
    bytes_per_second: float
    launch_seconds: float


def time_steps(
    model: Sequential,
    x: Any,
    y: Any,
    *,
    loss: Loss,
    optimizer: Optimizer,
    batch_size: int,
    epochs: int,
    precision: str | None = None,
    compile: bool = False,
) -> Timing:
    """Train for `epochs` epochs and say how long a step took, from the seconds an epoch that `fit` records.

    The first epoch is left out: it compiles and fills the caches. An epoch's time, divided by its steps, has in it all
    that `fit` does: shuffling, taking the batch, forward, backward, update, the sums of losses and right answers. On a
    GPU it is exact, as an epoch ends when its loss is read. The model has learned afterwards. All other arguments are
    those of `Sequential.fit`, which raises what does not fit; ValueError for less than 2 epochs. Lecture E08.
    """
    check_count("time_steps: epochs, of which the first is not counted,", epochs, least=2)
    steps = -(-len(x) // check_batch_size("time_steps", batch_size))
    history = model.fit(
        x,
        y,
        loss=loss,
        optimizer=optimizer,
        batch_size=batch_size,
        epochs=epochs,
        precision=precision,
        compile=compile,
        progress=False,
    )
    seconds = [whole / steps for whole in history["seconds"][1:]]
    if len(seconds) < epochs - 1:
        raise RuntimeError(f"time_steps: the training ended early, so its time says nothing: {history.stopped}")
    return Timing(statistics.median(seconds), min(seconds), max(seconds))


def peaks(device: str, dtype: str = "float32") -> Peaks:
    """Measure what `device` does at best: a product of two large matrices, a large copy, many tiny operations.

    - `flops_per_second`: 2 n³ over the time of an n × n product in `dtype`;
    - `bytes_per_second`: twice the bytes of a large array, for it is read and written, over the time to copy it;
    - `launch_seconds`: from one operation on a single number to the next. A step of m operations that are started one
      by one takes at least m times as long.

    Each is the fastest of several rounds. `dtype` is "float32", "float64", on torch devices also "tf32" (float32 whose
    products a GPU may round to TF32) and "bfloat16". It takes some seconds. Raises ValueError for another dtype, and
    what other functions raise for a device that is not there. Lecture B12.
    """
    device = engine.check_device(device)
    known = ("float32", "float64") if device == "numpy" else ("float32", "float64", "tf32", "bfloat16")
    if dtype not in known:
        raise ValueError(f"peaks: dtype on device {device!r} must be one of {', '.join(known)}, got {dtype!r}")
    kind = "cuda" if device.startswith("cuda") else "cpu"
    with matrix_products(device, dtype):
        rate = _product_rate(device, "float32" if dtype == "tf32" else dtype, SIDE[kind])
    return Peaks(rate, _copy_rate(device, COPIED[kind]), _launch_seconds(device))


def _numbers(count: int, device: str, dtype: str = "float32") -> Array:
    """Random ones: memory that was never written, and products of zeros, would be quicker than real ones."""
    if device == "numpy":
        return np.random.default_rng(0).random(count, "float32").astype(dtype, copy=False)
    torch = engine.torch()
    return torch.rand(count, device=device, dtype=getattr(torch, dtype))


def _product_rate(device: str, dtype: str, largest: int) -> float:
    """Flops per second of a product of two matrices, as large as `largest` or as takes long enough."""
    side, seconds = largest >> 4, 0.0
    while side < largest and seconds < ENOUGH:
        side *= 2
        a, b, c = (_numbers(side * side, device, dtype).reshape(side, side) for _ in range(3))
        multiply = functools.partial(engine.namespace(a).matmul, a, b, out=c)
        _seconds(multiply, 1, device)  # the first call sets up what later ones use
        seconds = _seconds(multiply, 2, device)
    return 2 * side**3 / _fastest(multiply, device)


def _copy_rate(device: str, size: int) -> float:
    """Bytes per second, read and written, of a copy of `size` bytes."""
    source, target = _numbers(size // 4, device), _numbers(size // 4, device)
    return 2 * size / _fastest(lambda: target.__setitem__(slice(None), source), device)


def _launch_seconds(device: str) -> float:
    one = _numbers(1, device)
    return _fastest(functools.partial(engine.namespace(one).multiply, one, one, out=one), device)


def _fastest(work: Callable[[], object], device: str) -> float:
    """Seconds that `work` takes, in the fastest of several rounds."""
    _seconds(work, 1, device)
    times = max(1, round(SECONDS / 10 / _seconds(work, 1, device)))
    times = max(1, round(SECONDS / _seconds(work, times, device)))
    return min(_seconds(work, times, device) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object], times: int, device: str) -> float:
    """Seconds a call, over that many: on a GPU from an empty queue to an empty queue."""

    def wait() -> None:
        if device.startswith("cuda"):
            engine.torch().cuda.synchronize(device)

    wait()
    start = time.perf_counter()
    for _ in range(times):
        work()
    wait()
    return (time.perf_counter() - start) / times


def machine(device: str = "numpy") -> dict[str, Any]:
    """What is measured on, kept with every measurement: date, device, processor, cores, threads, system, versions.

    `device` is the name of the GPU for a CUDA device, else that of the processor. On a GPU there are its memory, the
    CUDA that torch was built for and the compute capability besides. Raises what other functions do for a device that
    is not there.
    """
    device = engine.check_device(device)
    processor = _processor()
    found: dict[str, Any] = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "device": processor,
        "processor": processor,
        "cores": os.cpu_count() or 1,
        "threads": int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
    }
    if device != "numpy":
        torch = engine.torch()
        found["threads"] = torch.get_num_threads()
        found["versions"]["torch"] = str(torch.__version__)
        if device != "cpu":
            gpu = torch.cuda.get_device_properties(device)
            found |= {"device": gpu.name, "memory": gpu.total_memory, "capability": f"{gpu.major}.{gpu.minor}"}
            found["versions"]["cuda"] = str(torch.version.cuda)
    return found


def _processor() -> str:
    """The processor's name, as far as the system tells it."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or "unknown processor"
