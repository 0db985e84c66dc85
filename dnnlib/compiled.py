"""A training step that is compiled: traced once, its operations fused, on a GPU replayed as one graph. Chapter 16.

As it is written, a step asks for its operations one by one, and Python takes longer to ask for a small one than a GPU
to do it. But each step of a training asks for the same operations on arrays of the same shapes: only the numbers in
them differ. So `make_fx` runs the step once on arrays without values and writes down every operation of forward,
backward and update; torch's compiler makes few kernels of these many; and on a GPU a CUDA graph holds the launches of
all kernels, which one call then repeats.

What changes from step to step must lie in arrays that stay where they are: θ, its gradient and the state, the
optimizer's memory, the rows of the batch, the optimizer's `numbers`, and what layers draw.
Sources: Ansel et al. (2024), "PyTorch 2"; torch's documentation of CUDA graphs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from dnnlib import engine, flat, precision
from dnnlib.callbacks import Callback
from dnnlib.engine import Array
from dnnlib.step import Step

if TYPE_CHECKING:
    from dnnlib.callbacks import Run

Arrays = dict[str, Array]
BACKEND = "inductor"
WARM_UPS = 3  # runs before a graph is captured: libraries choose their kernels and take their memory in the first


def check_compile(device: str) -> None:
    """ValueError if a step cannot be compiled for `device`."""
    if device == "numpy":
        raise ValueError(
            'fit: compile=True is for torch, and this network is on NumPy: model.to("cpu") or model.to("cuda") first'
        )


class CompiledStep(Step):
    """A step that is compiled when the first batch comes. The smaller batch at the end of an epoch runs as written.

    Where a callback looks at the gradient, or other processes add theirs, the step is two compiled parts with that in
    between; else it is one. Raises RuntimeError, with what torch said, if the step cannot be traced or compiled.
    """

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.layers = [layer for _, layer in run.model.named_layers()]
        self.full = min(run.batch_size, len(run.x))
        self.resident = engine.device_of(run.x) == engine.device_of(run.model.theta) and run.transform is None
        self.whole = run.group.size == 1 and not any(map(_looks, run.callbacks))
        self.numbers: dict[str, float] = {}
        self.parts: list[Callable[[], object]] = []

    def start_epoch(self, order: np.ndarray) -> None:
        super().start_epoch(order)
        if self.parts:
            self._empty_sums()

    def __call__(self, rows: slice) -> Array:
        if rows.stop - rows.start != self.full:
            return super().__call__(rows)
        mine, weight = self.share(rows)
        if not self.parts:
            self._compile(rows, mine)
        self._feed(rows, mine)
        self.parts[0]()
        self.average.examples += mine.stop - mine.start
        if not self.whole:
            self.look(weight)
            self.parts[1]()
        return self.arrays["value"]

    def _feed(self, rows: slice, mine: slice) -> None:
        """What is new in this step: the examples, what layers draw, the optimizer's numbers."""
        arrays, optimizer = self.arrays, self.run.optimizer
        if self.resident:
            arrays["index"].copy_(self.order_x[rows][mine])
        else:
            for name, values in zip("xy", self.batch(rows, mine), strict=True):
                arrays[name].copy_(values)
        for i, layer in enumerate(self.drawing):
            arrays[f"drawn {i}"].copy_(layer.draw(arrays[f"drawn {i}"]))
        optimizer.advance()
        for name in optimizer.numbers:
            value = float(getattr(optimizer, name))
            if self.numbers.get(name) != value:  # each of these is one more kernel to launch
                arrays[f"number {name}"].fill_(value)
                self.numbers[name] = value

    def _compile(self, rows: slice, mine: slice) -> None:
        """Make the arrays, trace the step over them, compile it."""
        self.run.optimizer.take_up(self.run.model.theta)
        self.arrays = self._make_arrays(rows, mine)
        self.parts = [_compiled(self._trace(work), self.arrays) for work in self._works()]
        self._empty_sums()

    def _works(self) -> list[Callable[[Arrays], None]]:
        if not self.whole:
            return [self._gradient, self._update]

        def both(arrays: Arrays) -> None:
            self._gradient(arrays)
            self._update(arrays)

        return [both]

    def _make_arrays(self, rows: slice, mine: slice) -> Arrays:
        """Everything that a step reads and changes, by name. All but `x` and `y` it may change."""
        run, model, torch = self.run, self.run.model, engine.torch()
        xb, yb, has_accuracy, drawn = self._dry_run(rows, mine)
        x, y = (run.x, run.y) if self.resident else (xb.clone(), yb.clone())
        vectors = {"theta": model.theta, "grad": model.grad, "state": model.state}
        memory = {f"memory {name}": vector for name, vector in run.optimizer.state.items()}
        scalars = ["value", "loss", *(f"number {name}" for name in run.optimizer.numbers)]
        zeros = {name: torch.zeros((), dtype=xb.dtype, device=xb.device) for name in scalars}
        if has_accuracy:
            zeros["correct"] = torch.zeros((), dtype=torch.int64, device=xb.device)
        index = torch.arange(len(xb), device=xb.device)
        return {"x": x, "y": y, "index": index} | vectors | memory | zeros | drawn

    def _dry_run(self, rows: slice, mine: slice) -> tuple[Array, Array, bool, Arrays]:
        """The gradient of a batch, as if it had not been: the batch, whether it has an accuracy, what layers drew."""
        model = self.run.model
        kept = model.rng.bit_generator.state, model.state.clone(), model.grad.clone()
        xb, yb = self.batch(rows, mine)
        self.loss_and_grad(xb, yb)
        model.rng.bit_generator.state, model.state[...], model.grad[...] = kept
        drawn = {f"drawn {i}": layer.latest for i, layer in enumerate(self.drawing)}
        return xb, yb, self.run.loss.correct() is not None, drawn

    def _empty_sums(self) -> None:
        self.average.loss = self.arrays["loss"].zero_()
        self.average.correct = self.arrays["correct"].zero_() if "correct" in self.arrays else None

    def _trace(self, work: Callable[[Arrays], None]) -> Any:
        """The operations of `work` on the arrays, as a graph."""
        from torch.fx.experimental.proxy_tensor import make_fx

        def over(*arrays: Array) -> None:
            work(dict(zip(self.arrays, arrays, strict=True)))

        things = [*self.layers, self.run.loss, self.run.optimizer]
        try:
            with _untouched(things), engine.tracing():
                arrays = list(self.arrays.values())
                graph = make_fx(over, tracing_mode="fake")(*arrays)
                pure = engine.torch().func.functionalize(graph)  # a write into a part of an array becomes a new array
                return make_fx(pure, tracing_mode="fake")(*arrays)
        except Exception as error:
            raise RuntimeError(
                f"fit: compile=True cannot trace this step: {type(error).__name__}: {_beginning(error)}. What runs "
                f"in a compiled step must be array operations of torch that read no values; without compile=True the "
                f"same training runs as it is written"
            ) from error

    def _gradient(self, arrays: Arrays) -> None:
        """L and ∇L(θ) of the batch, over the arrays of a step."""
        run, theta, state = self.run, arrays["theta"], arrays["state"]
        views = self._loose_views(theta.to(precision.torch_dtype(run.precision)), state)
        for i, layer in enumerate(self.drawing):
            layer.given = arrays[f"drawn {i}"]
        xb, yb = arrays["x"][arrays["index"]], arrays["y"][arrays["index"]]
        with flat.tied(self.layers, views):
            value = precision.layers_loss_and_grad(run.model, xb, yb, run.loss, run.precision)
        arrays["value"].copy_(value)
        arrays["loss"].add_(value * len(xb))
        if "correct" in arrays:
            arrays["correct"].add_(run.loss.correct())
        if self.whole and run.penalty is not None:  # of θ and not of its copy in fewer bits
            full = flat.views(self.layers, theta, theta, state)
            for layer, own, whole in zip(self.layers, views, full, strict=True):
                own |= {name: whole[name] for name in layer.shapes()}
            with flat.tied(self.layers, views):
                run.penalty.backward(run.model)
        _gather(arrays["grad"], [own[name] for own in views for name in own if name.startswith("grad_")])
        _gather(state, [own[name] for layer, own in zip(self.layers, views, strict=True) for name in layer.buffers()])

    def _loose_views(self, theta: Array, state: Array) -> flat.Views:
        """Views of θ; for gradients and buffers arrays of their own: a compiler takes a view for the whole vector."""
        views = flat.views(self.layers, theta, theta, state)
        for layer, own in zip(self.layers, views, strict=True):
            own |= {name: engine.torch().empty_like(own[name]) for name in own if name.startswith("grad_")}
            own |= {name: own[name].clone() for name in layer.buffers()}
        return views

    def _update(self, arrays: Arrays) -> None:
        """The optimizer's equation, over the arrays of a step."""
        optimizer = self.run.optimizer
        for name in optimizer.counters:  # a number of now must not become one of all steps
            del vars(optimizer)[name]
        vars(optimizer).update({name: arrays[f"number {name}"] for name in optimizer.numbers})
        memory = [arrays[f"memory {name}"] for name in optimizer.state]
        optimizer.update(arrays["theta"], arrays["grad"], *memory)


def _gather(whole: Array, pieces: list[Array]) -> None:
    """Fill the flat vector with the pieces, in their order."""
    if pieces:
        whole.copy_(engine.torch().cat([piece.reshape(-1).to(whole.dtype) for piece in pieces]))


def _looks(callback: Callback) -> bool:
    """True if the callback wants to be told of gradients."""
    return type(callback).on_gradient is not Callback.on_gradient


@contextmanager
def _untouched(things: list[Any]) -> Iterator[None]:
    """Afterwards, the attributes of these objects are what they were."""
    before = [dict(vars(thing)) for thing in things]
    try:
        yield
    finally:
        for thing, attributes in zip(things, before, strict=True):
            vars(thing).clear()
            vars(thing).update(attributes)


def _compiled(graph: Any, arrays: Arrays) -> Callable[[], object]:
    """What runs a traced graph over the arrays: torch's compiler made it; on a GPU a CUDA graph launches it."""
    torch = engine.torch()
    device = arrays["theta"].device
    compiled = torch.compile(graph, fullgraph=True, dynamic=False, backend=BACKEND)
    trial = [values if name in "xy" else values.clone() for name, values in arrays.items()]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the compiler has to say of itself
            compiled(*trial)
        if device.type != "cuda":
            return lambda: compiled(*arrays.values())
        with torch.cuda.device(device):
            return _captured(compiled, trial, list(arrays.values()))
    except Exception as error:
        raise RuntimeError(
            f"fit: compile=True: torch could not compile this step: {type(error).__name__}: {_beginning(error)}. It "
            f"needs a C++ compiler such as g++, and for a GPU triton; without compile=True the same training runs as "
            f"it is written"
        ) from error


def _captured(compiled: Callable[..., object], trial: list[Array], arrays: list[Array]) -> Callable[[], object]:
    """The kernels that `compiled` launches over the arrays, as one CUDA graph."""
    cuda = engine.torch().cuda
    side = cuda.Stream()
    side.wait_stream(cuda.current_stream())
    with cuda.stream(side):
        for _ in range(WARM_UPS):
            compiled(*trial)
    cuda.current_stream().wait_stream(side)
    graph = cuda.CUDAGraph()
    with cuda.graph(graph, capture_error_mode="thread_local"):  # other threads, NCCL's, may go on
        compiled(*arrays)
    return graph.replay


def _beginning(error: Exception) -> str:
    """What an error of torch says in its first two lines, which may be followed by a hundred."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2])[:300] or "no message"
