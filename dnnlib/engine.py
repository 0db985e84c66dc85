"""The one place where NumPy and torch differ.

Everything else in the library is array code that both understand: `xp = namespace(x)` gives the functions for the
array at hand, and the array's own type decides what runs it. torch is imported only when a torch device is asked for.
"""

from __future__ import annotations

import functools
import importlib
import math
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

import array_api_compat.numpy
import numpy as np

Array: TypeAlias = Any  # numpy.ndarray or torch.Tensor

DTYPES = ("float32", "float64")
CACHE_BLOCK = 1 << 18  # elements of θ that an optimizer updates at a time: 1 MiB of each vector in float32


def namespace(x: Array) -> Any:
    """The array functions (array API standard) for the engine that `x` belongs to."""
    return _torch_namespace() if is_torch(x) else array_api_compat.numpy


@functools.cache
def _torch_namespace() -> Any:
    return importlib.import_module("array_api_compat.torch")


def is_torch(x: object) -> bool:
    """True if `x` is a torch tensor. Does not import torch."""
    imported = sys.modules.get("torch")
    return imported is not None and isinstance(x, imported.Tensor)


def is_array(x: object) -> bool:
    """True if `x` is an array of one of the two engines."""
    return isinstance(x, np.ndarray) or is_torch(x)


def torch() -> Any:
    """The module torch, imported when it is first needed. ImportError, with the mend, where it is not installed."""
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        raise ImportError(
            'device "cpu" and "cuda" run on torch, which is not installed: pip install "dnnlib[torch]", '
            'or use device="numpy"'
        ) from error


def check_device(device: str) -> str:
    """Return `device` if this machine has it.

    Raises ValueError for a name that is none of "numpy", "cpu", "cuda", "cuda:N"; ImportError where torch is
    missing; RuntimeError where torch sees no such GPU.
    """
    if device == "numpy":
        return device
    named = re.fullmatch(r"cpu|cuda(?::(\d+))?", str(device))
    if not named:
        raise ValueError(f'device: expected "numpy", "cpu", "cuda" or "cuda:N", got {device!r}')
    cuda = torch().cuda
    if str(device) != "cpu":
        count = cuda.device_count() if cuda.is_available() else 0
        if int(named[1] or 0) >= count:
            raise RuntimeError(
                f"device {device!r}: torch sees {count} CUDA GPUs here. "
                'Use device="cpu" or device="numpy"; dnnlib.best_device() names the fastest one there is'
            )
    return str(device)


def best_device() -> str:
    """ "cuda" where torch sees a GPU, else "cpu" where torch is installed, else "numpy"."""
    try:
        return "cuda" if torch().cuda.is_available() else "cpu"
    except ImportError:
        return "numpy"


def check_dtype(dtype: str) -> str:
    """Return `dtype` if the library computes in it ("float32" or "float64"), else raise ValueError."""
    if dtype not in DTYPES:
        raise ValueError(f'dtype: expected "float32" or "float64", got {dtype!r}')
    return dtype


def dtype_of(x: Array) -> str:
    """The dtype's name on either engine, such as "float32"."""
    return str(x.dtype).removeprefix("torch.")


def device_of(x: Array) -> str:
    """ "numpy", or torch's name of the device that holds `x`."""
    return str(x.device) if is_torch(x) else "numpy"


_traced = ContextVar("traced", default=False)


@contextmanager
def tracing() -> Iterator[None]:
    """While a step is traced to be compiled: arrays of torch have a shape, but no values that could be read."""
    token = _traced.set(True)
    try:
        yield
    finally:
        _traced.reset(token)


def on_host(x: Array) -> bool:
    """True if reading a value of `x` costs nothing: it lies in the CPU's memory, not on a GPU, and is no mere trace."""
    return not is_torch(x) or (x.device.type == "cpu" and not _traced.get())


def fits(x: Array, like: Array) -> bool:
    """True if a copy of `x` in the dtype of `like` takes at most half of what is free on the device of `like`."""
    if not is_torch(like) or like.device.type != "cuda":
        return True
    free: int = torch().cuda.mem_get_info(like.device)[0]
    return 2 * math.prod(x.shape) * like.element_size() <= free


def is_integer(x: Array) -> bool:
    """True for integer arrays; booleans are not integers."""
    return bool(namespace(x).isdtype(x.dtype, "integral"))


def to_numpy(x: Array) -> np.ndarray:
    """The values as a NumPy array; shares memory where it can."""
    return x.detach().cpu().numpy() if is_torch(x) else np.asarray(x)


def to_device(x: Array, device: str, dtype: str | None = None) -> Array:
    """`x` as an array of `device` (already checked), in `dtype` or its own; shares memory where it can."""
    if device == "numpy":
        return np.asarray(to_numpy(x), dtype=dtype)
    if is_torch(x):
        x = x.detach()
    elif isinstance(x, np.ndarray):  # torch takes neither protected nor reversed memory, nor another byte order
        x = np.asarray(x, dtype=dtype, order="C")
        x = x if x.flags.writeable else x.copy()
    values = torch().as_tensor(x, dtype=getattr(torch(), dtype) if dtype else None)
    return values.to(device, non_blocking=device != "cpu")  # a copy to a GPU joins its queue, and waits for nothing


def as_array(x: Any, name: str) -> Array:
    """`x` itself if it is an array of an engine, else what it holds (a nested list, a table) as a NumPy array."""
    try:
        return x if is_array(x) else np.asarray(x)
    except ValueError as error:
        raise ValueError(f"{name}: cannot be made an array, its rows may differ in length ({error})") from None


def as_reals(x: Any, name: str, like: Array) -> Array:
    """Numbers from a user (array, tensor or nested list), on the device and in the dtype of `like`.

    Raises TypeError if `x` does not hold real numbers. What the dtype cannot hold becomes infinite.
    """
    values = as_array(x, name)
    if values.is_complex() if is_torch(values) else values.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected an array of real numbers, got {describe(values)}")
    with np.errstate(over="ignore"):
        return to_device(values, device_of(like), dtype_of(like))


def as_floats(x: Any, name: str, like: Array) -> Array:
    """`as_reals`, and ValueError if one of them is NaN or infinite."""
    values = as_reals(x, name, like)
    bad = ~namespace(values).isfinite(values)
    if bool(bad.any()):
        first = tuple(int(i[0]) for i in np.nonzero(to_numpy(bad)))
        raise ValueError(
            f"{name}: {int(bad.sum())} values are NaN or infinite in {dtype_of(like)}, the first at index {first}; "
            "remove or replace them before training"
        )
    return values


def positive(x: Array) -> Array:
    """1 where x > 0, else 0, in the dtype of x: torch multiplies by that several times as fast as by booleans."""
    out = namespace(x).empty_like(x)
    return torch().gt(x, 0, out=out) if is_torch(x) else np.greater(x, 0, out=out, casting="unsafe")


def describe(x: object) -> str:
    """What `x` is, in the words of an error message: type, shape, dtype."""
    if is_array(x):
        return f"{type(x).__name__} of shape {tuple(x.shape)} and dtype {dtype_of(x)}"  # type: ignore[attr-defined]
    return f"{type(x).__name__} {x!r}"


def blocks(theta: Array) -> Iterator[slice]:
    """Cut a flat vector into slices that stay in a CPU's cache while they are updated; on a GPU, one slice.

    torch gets longer slices: each of its operations takes longer to start, and is cut up among its threads.
    """
    size = theta.shape[0]
    step = max(size, 1) if not on_host(theta) else 4 * CACHE_BLOCK if is_torch(theta) else CACHE_BLOCK
    for start in range(0, size, step):
        yield slice(start, start + step)


def add_scaled(y: Array, a: float | Array, x: Array) -> None:
    """y ← y + a x, in place, in as few passes over memory as the engine can; flat vectors.

    In a compiled step `a`, which may change from step to step, is a 0-d tensor.
    """
    if is_torch(a):
        y.addcmul_(x, a)
    elif is_torch(y):
        y.add_(x, alpha=a)
    else:
        y += np.multiply(x, a, out=_scratch("term", y))


def add_product(y: Array, a: float, x1: Array, x2: Array) -> None:
    """y ← y + a x₁ x₂, element by element, in place."""
    if is_torch(y):
        y.addcmul_(x1, x2, value=a)
    else:
        term = np.multiply(x1, x2, out=_scratch("term", y))
        if a != 1:
            term *= a
        y += term


def add_quotient(y: Array, a: float | Array, x1: Array, x2: Array) -> None:
    """y ← y + a x₁ / x₂, element by element, in place. x₂ is used up: it may hold anything afterwards."""
    if is_torch(a):
        y.addcdiv_(x1 * a, x2)
    elif is_torch(y):
        y.addcdiv_(x1, x2, value=a)
    else:
        np.divide(x1, x2, out=x2)
        x2 *= a
        y += x2


def square_root(x: Array) -> Array:
    """√x of a flat vector, which may be changed, but lasts only until the next `square_root`."""
    return x.sqrt() if is_torch(x) else np.sqrt(x, out=_scratch("root", x))


def clamp(x: Array, limit: float) -> None:
    """x ← x moved into [−limit, limit], element by element, in place."""
    if is_torch(x):
        x.clamp_(-limit, limit)
    else:
        np.clip(x, -limit, limit, out=x)


class _Scratch(threading.local):
    """Vectors that each thread keeps for one use each: new memory would cost as much as the arithmetic in it."""

    def __init__(self) -> None:
        self.kept: dict[Any, np.ndarray] = {}

    def __call__(self, use: str, x: np.ndarray) -> np.ndarray:
        """A flat vector as long as `x`, in its dtype, of any content."""
        if (use, x.dtype) not in self.kept or len(self.kept[use, x.dtype]) < len(x):
            self.kept[use, x.dtype] = np.empty_like(x)
        return self.kept[use, x.dtype][: len(x)]


_scratch = _Scratch()
