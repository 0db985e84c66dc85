"""Training by several processes: each has the whole network, and learns from its share of every batch. Lecture B12.

The loss of a batch is a mean over its B examples, and the gradient of a mean is the mean of the gradients. Rank r of N
processes gets the rows S_r of the batch, |S_r| ≈ B/N of them, and computes from these alone

    g_r = 1/|S_r| · Σ over i in S_r of ∇ℓ_i(θ)

Then all add up their gradients, each weighted by its share of the rows (an all-reduce):

    Σ_r |S_r|/B · g_r  =  1/B · Σ over all i of ∇ℓ_i(θ)  =  ∇L(θ)

That is the gradient of the whole batch, whatever N is. All processes begin with one θ and make the same update, so they
keep the same θ without ever sending it: N processes learn what one would, but for rounding, and in up to N times fewer
seconds. As θ is one vector in this library, so is ∇L(θ), and a step takes one all-reduce. In a ring of N processes each
sends and receives 2 (N − 1)/N times the bytes of ∇L(θ), hardly more for 100 processes than for 3 (Patarasuk & Yuan,
2009).

BatchNorm alone tells N processes from one: each normalizes with the statistics of its own share, as torch's
`DistributedDataParallel` does, and the running statistics are averaged after each epoch. A process that is killed ends
the job: the others raise `DistributedError`, and the next job goes on from the `Checkpoint`, if there is one.

`torchrun` starts the processes and tells each its rank in environment variables; torch.distributed carries the numbers:
Gloo between CPUs, NCCL between GPUs. Sources: the documentation of torch.distributed; Goyal et al. (2017), section 3;
Li et al. (2020), "PyTorch Distributed".
"""

from __future__ import annotations

import atexit
import functools
import os
import pickle
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from dnnlib import engine
from dnnlib.fingerprint import describe, differences, digest, written

if TYPE_CHECKING:
    from dnnlib.callbacks import Run
    from dnnlib.engine import Array
    from dnnlib.model import Sequential

Result = TypeVar("Result")

COMMAND = "torchrun --standalone --nproc-per-node 2 program.py"
NO_CHECKPOINT = "it starts from the beginning, for no epoch is in a dnnlib.Checkpoint yet"


class DistributedError(RuntimeError):
    """Several processes cannot train together, or one of them is gone; the message says what to do."""


class Group:
    """The processes that train one network, and this one's place among them: `rank` of `size`, counted from 0.

    `resume` says how the training would go on if this job ended now; `Checkpoint` keeps it up to date.
    Every method but `share` and `weight` is to be called by all processes of the group, in the same order.
    """

    rank: int = 0
    size: int = 1
    resume: str = NO_CHECKPOINT

    @property
    def is_first(self) -> bool:
        """True in the one process that writes files and shows progress."""
        return self.rank == 0

    def share(self, examples: int) -> slice:
        """The rows of a batch of so many examples that this process learns from. Shares differ by at most one row.

        Where there are fewer rows than processes, those without one take the first row, with weight 0: so they draw
        the same random numbers, and take part in every step.
        """
        rows = self._rows(examples)
        return rows if rows.stop > rows.start else slice(0, 1)

    def weight(self, examples: int) -> float:
        """|S_r|/B: what part of the batch this process's own rows are."""
        rows = self._rows(examples)
        return (rows.stop - rows.start) / examples

    def _rows(self, examples: int) -> slice:
        return slice(examples * self.rank // self.size, examples * (self.rank + 1) // self.size)

    def average_gradient(self, model: Sequential, weight: float) -> None:
        """∇L(θ) ← Σ over the processes of weight · ∇L(θ), in place."""

    def mean_state(self, model: Sequential) -> None:
        """The running statistics ← their mean over the processes, each of which saw its own shares."""

    def total(self, loss: Array, correct: Array | None, examples: int) -> tuple[Any, Any, int]:
        """Sums over the processes: of losses, of right answers (None where there are none), of examples."""
        return loss, correct, examples

    def gather(self, thing: Result) -> list[Result]:
        """What each process gives, by rank, in all of them."""
        return [thing]

    def agree(self, stop: str, interrupted: bool) -> tuple[str, bool]:
        """One answer for all to whether the training is to stop: if one process wants it, all do."""
        return stop, interrupted

    def from_first(self, function: Callable[[], Result]) -> Result:
        """Call `function` in the first process only: its result, or the error that it raises, in all of them."""
        return function()

    def check_same(self, model: Sequential) -> None:
        """DistributedError unless all processes hold the same θ, running statistics and state of the generator."""


class Alone(Group):
    """One process that trains by itself, of which nothing is asked."""


class Ranks(Group):
    """The processes of a job, over torch.distributed."""

    def __init__(self) -> None:
        import torch.distributed

        self.torch = torch.distributed
        self.rank, self.size = self.torch.get_rank(), self.torch.get_world_size()

    @contextmanager
    def exchange(self) -> Iterator[None]:
        """Around all that the processes do together: what torch raises if one of them is gone, in words."""
        try:
            yield
        except RuntimeError as error:
            reason = re.sub(r"^\[.*?\]\s*", "", str(error)).partition(". ")[0].partition("\n")[0]
            raise DistributedError(
                f"rank {self.rank} of {self.size}: another process of this training is gone ({reason}). The job ends. "
                f"Start the same command again: {self.resume}"
            ) from None

    def average_gradient(self, model: Sequential, weight: float) -> None:
        grad = model.grad
        grad *= weight
        with self.exchange():
            self.torch.all_reduce(grad)

    def mean_state(self, model: Sequential) -> None:
        if len(model.state):
            with self.exchange():
                self.torch.all_reduce(model.state)
            model.state[...] = model.state / self.size

    def total(self, loss: Array, correct: Array | None, examples: int) -> tuple[Any, Any, int]:
        mine = float(loss), None if correct is None else int(correct), examples
        losses, corrects, counts = zip(*self.gather(mine), strict=True)
        return sum(losses), None if None in corrects else sum(corrects), sum(counts)

    def gather(self, thing: Result) -> list[Result]:
        found: list[Any] = [None] * self.size
        with self.exchange():
            self.torch.all_gather_object(found, thing)
        return found

    def agree(self, stop: str, interrupted: bool) -> tuple[str, bool]:
        stops, interrupts = zip(*self.gather((stop, interrupted)), strict=True)
        return next(filter(None, stops), ""), any(interrupts)

    def from_first(self, function: Callable[[], Result]) -> Result:
        told: list[Any] = [None, None]
        failed: Exception | None = None
        if self.is_first:
            try:
                told[0] = function()
            except Exception as error:
                failed, told[1] = error, _portable(error)
        with self.exchange():
            self.torch.broadcast_object_list(told, src=0)
        if told[1] is not None:
            raise failed or told[1]
        return told[0]

    def check_same(self, model: Sequential) -> None:
        generator = written(model.rng.bit_generator.state)
        digests = {name: digest("", {"": values}) for name, values in (("θ", model.theta), ("state", model.state))}
        different = differences(self.gather(digests | {"generator (model.rng)": digest(generator, {})}))
        if different:
            names = [f"{name} on rank {', '.join([*by_value.values()][1:])}" for name, by_value in different.items()]
            raise DistributedError(
                f"the processes do not hold the same network any more: {', '.join(names)} not as on rank 0. All must "
                f"draw the same from model.rng and change θ alike. Look for a callback, transform or layer that does "
                f"something else on some ranks: draws from a generator of its own, reads the clock or the rank"
            )

    def compare(self, described: dict[str, str]) -> None:
        """DistributedError that names the ranks and what differs, unless all processes describe the same training."""
        different = differences(self.gather(described))
        if different:
            lines = [
                f"{name}: {', '.join(f'{value} on rank {ranks}' for value, ranks in by_value.items())}"
                for name, by_value in different.items()
            ]
            raise DistributedError(
                f"fit(distributed=True): the processes were given different trainings. {'; '.join(lines)}. Every "
                f"process takes its share of the same data: load the same files in all of them, shuffle and split with "
                f"the same seeds, and give fit the same options"
            )


def _portable(error: Exception) -> Exception:
    """The error as it can be sent to other processes."""
    try:
        return pickle.loads(pickle.dumps(error))
    except Exception:  # an error of the user's that cannot be made from its message
        return RuntimeError(f"{type(error).__name__}: {error}")


def start(device: str) -> Ranks:
    """The processes of this job, for a network on `device`; DistributedError, with what to do, if they cannot work.

    A process group of torch.distributed that is there already is used; one that is begun here ends with the program.
    """
    if device == "numpy":
        raise DistributedError(
            'fit(distributed=True): this network is on NumPy, but its gradients travel by torch: model.to("cpu") or '
            'model.to("cuda") first'
        )
    import torch.distributed

    if not torch.distributed.is_available():
        raise DistributedError("fit(distributed=True): this torch was built without torch.distributed; install another")
    if not torch.distributed.is_initialized():
        missing = [name for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
        if missing:
            raise DistributedError(
                f"fit(distributed=True): this program is a single process, as torchrun did not start it (there is no "
                f"{', '.join(missing)} in its environment). For two processes, type:  {COMMAND}"
            )
        torch.distributed.init_process_group("cpu:gloo,cuda:nccl" if device.startswith("cuda") else "gloo")
        atexit.register(end)
    group = _ranks(torch.distributed.group.WORLD)
    if device.startswith("cuda"):
        gpu = torch.device(device if ":" in device else f"cuda:{torch.cuda.current_device()}")
        torch.cuda.set_device(gpu)
        check_places(
            group.gather(f"{socket.gethostname()} {getattr(torch.cuda.get_device_properties(gpu), 'uuid', gpu)}")
        )
    return group


@functools.lru_cache(maxsize=1)
def _ranks(world: Any) -> Ranks:
    """The same object for every training of one process group."""
    return Ranks()


def end() -> None:
    """End the process group, if there is one."""
    import torch.distributed

    _ranks.cache_clear()  # what still held the group would keep its threads alive
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def check_places(places: list[str]) -> None:
    """DistributedError if two ranks are on one GPU; `places` are the GPUs by rank."""
    for place in places:
        ranks = [rank for rank, other in enumerate(places) if other == place]
        if len(ranks) > 1:
            raise DistributedError(
                f"fit(distributed=True): ranks {', '.join(map(str, ranks))} are on the same GPU, and each needs its "
                f'own: make the network with device="cuda:" + os.environ["LOCAL_RANK"], or start fewer processes'
            )


def join(run: Run) -> Ranks:
    """Bring the processes of this job together to train `run`: all from the θ, state and generator of rank 0.

    DistributedError if there are none, or if they were given different data, layers or options.
    """
    model = run.model
    group = start(engine.device_of(model.theta))
    group.resume = NO_CHECKPOINT
    callbacks = [type(callback).__name__ for callback in run.callbacks]
    rest = {"epochs": run.epochs, "precision": run.precision, "compile": run.compile, "callbacks": callbacks}
    group.compare(describe(run) | {name: written(value) for name, value in rest.items()})
    if run.batch_size < group.size:
        raise DistributedError(
            f"fit(distributed=True): batch_size={run.batch_size} is the batch of all processes together, and there are "
            f"{group.size}: at least one would never have anything to do"
        )
    vectors = [engine.to_numpy(values) for values in (model.theta, model.state)]
    first: Any = group.from_first(lambda: (*vectors, model.rng))
    if not group.is_first:
        for own, values in zip((model.theta, model.state), first, strict=False):
            own[...] = engine.to_device(values, model.device)
        model.rng = first[2]
    return group
