"""dnnlib on a GPU beside torch on the same GPU, and the time of a step by batch size. `make bench-gpu` runs it.

    python benchmarks/gpu.py                       # all parts
    python benchmarks/gpu.py race-mlp epochs       # those whose name begins so
    python benchmarks/gpu.py --device cpu --quick  # a rehearsal on the CPU, in small

    race-NETWORK-PRECISION   who trains faster, in interleaved rounds: `fit(compile=True)` and `fit` against torch as
                             written and torch compiled, each in a process of its own
    epochs                   lecture E08's table: LeNet and Adam on 60 000 images, on the CPU and the GPU, by batch size
    steps-NETWORK            the time of a step by batch size, as written and compiled: what is left at batch size 1 is
                             the time to start the operations
    accuracy                 seconds to 98 % on MNIST: 8 000 of its test images to learn from, 2 000 to be tested on
    peaks                    flops and bytes a second that the device reaches at best, seconds to start an operation

Each part is kept as soon as it is measured: all of it in `benchmarks/results/`, what the book shows in
`dnnlib/speed/measured.json`, one record a device. Parts of several runs are merged.
"""

import argparse
import json
import os
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gpu_record
from process import EndedError, Process

from dnnlib import engine, speed
from dnnlib.speed.recorded import MEASURED

RESULTS = Path(__file__).with_name("results")
PRECISIONS = ("tf32", "bfloat16", "float32")
OURS = ("dnnlib compiled", "dnnlib eager")
EAGER = "torch eager"
JUDGED = "tf32"  # the precision at which the bounds below are to be kept
FASTER_THAN_CPU = 9.0
INSTEAD = "`python benchmarks/gpu.py --device cpu` runs it on the CPU"


@dataclass(frozen=True)
class Race:
    """A network at a batch size. `fit(compile=True)` is to be so many times as fast as torch."""

    network: str
    batch_size: int
    epoch: int  # examples
    modes: tuple[str, ...]  # of torch.compile
    than_compiled: float
    than_eager: float | None = None


RACES = [
    Race("mlp", 100, 60_000, ("default", "reduce-overhead", "max-autotune"), 1.0, 3.0),
    Race("lenet", 256, 60_000, ("default", "reduce-overhead", "max-autotune"), 0.95),
    Race("resnet", 512, 50_000, ("default", "reduce-overhead"), 0.95),
]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    seconds: float  # of a contender's round
    race_steps: int  # of an epoch, at most
    largest: int  # batch size of a race
    epochs: int  # of a timing; the first does not count
    examples: int  # of an epoch of a timing, if they are these many steps
    steps: tuple[int, int]
    table: tuple[int, ...]  # batch sizes of E08's table
    sweep: tuple[int, ...]  # batch sizes of the sweep
    seeds: int


TABLE, SWEEP = (64, 128, 256, 512, 1024, 2048), (1, 4, 16, 64, 256, 1024, 4096)
SIZES = {
    "cuda": Size(7, 0.5, 600, 512, 6, 60_000, (20, 200), TABLE, SWEEP, 3),
    "cpu": Size(5, 1.0, 4, 512, 4, 2048, (4, 50), TABLE, SWEEP, 3),
    "quick": Size(2, 0.0, 2, 8, 2, 8, (1, 2), (4, 8), (1, 4), 1),
}


class Bench:
    """One run: the device, how much is measured, and what of the part under way could not be."""

    def __init__(self, device: str, quick: bool) -> None:
        self.device, self.quick = device, quick
        self.size = self.size_on(device)
        self.fast = "tf32" if device == "cuda" else "float32"  # the precision of the tables
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.rounds: dict[str, list[float]] = {}

    def size_on(self, device: str) -> Size:
        """How much is measured on a device."""
        return SIZES["quick" if self.quick else "cuda" if device == "cuda" else "cpu"]

    def parts(self) -> dict[str, tuple[Any, ...]]:
        """Every part by name: the method that measures it, and what that is given."""
        races = {f"race-{race.network}-{p}": (self.race, race, p) for race in RACES for p in PRECISIONS}
        steps = {f"steps-{race.network}": (self.steps, race.network) for race in RACES}
        return {"peaks": (self.peaks,), "epochs": (self.epochs,)} | steps | {"accuracy": (self.accuracy,)} | races

    def measure(self, part: str) -> None:
        """Fill `tables` by that part."""
        self.tables, self.rounds = {}, {}
        work, *arguments = self.parts()[part]
        work(*arguments)

    def add(self, table: str, entry: dict[str, Any]) -> None:
        """Keep what was measured, and show it."""
        self.tables.setdefault(table, []).append(entry)
        print(f"  {gpu_record.shown(entry)}", flush=True)

    def worker(self, job: dict[str, Any]) -> Process:
        """A process for that job, with all of the machine's cores."""
        return Process("gpu_worker.py", json.dumps(job), threads=1 if self.quick else os.cpu_count())

    def miss(self, what: str, why: str) -> None:
        """Keep what could not be measured."""
        self.add("missing", {"what": what, "why": why})

    def column(self, table: str, what: str, **job: Any) -> None:
        """All entries that one process gives, into a table."""
        process = self.worker(job)
        try:
            while (found := process.read()) != "done":
                if "why" in found:
                    return self.miss(f"{what} {found['what']}".strip(), found["why"])
                self.add(table, found["entry"])
        except EndedError as error:
            self.miss(what, str(error))
        finally:
            process.end()

    def peaks(self) -> None:
        """Of the device in the precisions that are trained in, and of the CPU."""
        dtypes = {"numpy": ["float32"], "cpu": ["float32", "bfloat16"], "cuda": ["float32", "tf32", "bfloat16"]}
        for device in dict.fromkeys(("numpy", "cpu", self.device)):
            self.column("peaks", f"peaks of {device}", job="peaks", device=device, dtypes=dtypes[device])

    def epochs(self) -> None:
        """Lecture E08's table, and how many times as fast the GPU is."""
        for device in dict.fromkeys(("numpy", "cpu", self.device)):
            for compile in (False, True)[: 1 if device == "numpy" else 2]:
                self.batch_sizes("epochs", "lenet", device, compile, self.size.table)
        if self.device != "cuda":
            return
        for batch_size in self.size.table:
            times = [
                min((e["seconds_per_step"] for e in self.tables["epochs"] if _is(e, device, batch_size)), default=None)
                for device in ("cuda", "cpu")
            ]
            self.compare("lenet", self.fast, batch_size, ("cuda", "cpu"), times, FASTER_THAN_CPU)

    def steps(self, network: str) -> None:
        """The sweep of batch sizes."""
        for compile in (False, True):
            self.batch_sizes("steps", network, self.device, compile, self.size.sweep)

    def batch_sizes(self, table: str, network: str, device: str, compile: bool, sizes: tuple[int, ...]) -> None:
        """A column of times by batch size."""
        size = self.size_on(device)
        self.column(
            table,
            f"{network} on {device}{', compiled' if compile else ''}:",
            job=table,
            network=network,
            device=device,
            precision=self.fast if device == "cuda" else "float32",
            compile=compile,
            batch_sizes=sizes,
            epochs=size.epochs,
            examples=size.examples,
            steps=size.steps,
        )

    def accuracy(self) -> None:
        """Time to 98 %, as written and compiled."""
        for compile in (False, True):
            job = {"device": self.device, "precision": self.fast, "compile": compile, "seeds": self.size.seeds}
            self.column("accuracy", f"accuracy{', compiled' if compile else ''}:", job="accuracy", **job)

    def race(self, race: Race, precision: str) -> None:
        """All contenders, in interleaved rounds."""
        batch_size = min(race.batch_size, self.size.largest)
        steps = min(self.size.race_steps, race.epoch // batch_size)
        same = {"network": race.network, "precision": precision, "batch_size": batch_size}
        names = [*OURS, EAGER, *(f"torch {mode}" for mode in race.modes)]
        processes = {
            name: self.worker(same | {"job": "race", "contender": name, "device": self.device, "steps": steps})
            for name in names
        }
        for name in names:
            self.ask(processes, name, "go")
        firsts = {name: self.ask(processes, name, 1) for name in list(processes)}
        for _ in range(self.size.rounds):
            for name in list(processes):
                epochs = max(1, round(self.size.seconds / (firsts[name] * steps)))
                self.ask(processes, name, epochs, into=self.rounds.setdefault(name, []))
        for name, process in processes.items():
            process.end()
            times = self.rounds[name]
            timing = {"seconds_per_step": statistics.median(times), "fastest": min(times), "slowest": max(times)}
            self.add("contenders", same | {"contender": name} | timing)
        self.judge(race, precision, batch_size, {name: statistics.median(self.rounds[name]) for name in processes})

    def ask(self, processes: dict[str, Process], name: str, question: object, into: Any = None) -> Any:
        """A contender's answer; one that fails is missed in words, and leaves the race."""
        try:
            found = processes[name].ask(question)
        except EndedError as error:
            found = {"why": str(error)}
        if isinstance(found, dict):
            self.miss(name, found["why"])
            del processes[name]
        elif into is not None:
            into.append(found)
        return found

    def judge(self, race: Race, precision: str, batch_size: int, times: dict[str, float]) -> None:
        """Ratios of medians: compiled against compiled, and against torch as written; as written against as written."""
        compiled = [name for name in times if name.startswith("torch") and name != EAGER]
        best = min(compiled, key=times.__getitem__, default="torch compiled")
        for ours, theirs, bound in (
            (OURS[0], best, race.than_compiled),
            (OURS[0], EAGER, race.than_eager),
            (OURS[1], EAGER, None),
        ):
            pair = (times.get(ours), times.get(theirs))
            self.compare(race.network, precision, batch_size, (ours, theirs), pair, bound)

    def compare(self, network: str, precision: str, batch_size: int, names: Any, times: Any, bound: Any) -> None:
        """How many times as fast ours is; judged on a GPU, at the precision that the bounds are for."""
        if None in times:
            return
        ratio = times[1] / times[0]
        entry = {"network": network, "precision": precision, "batch_size": batch_size}
        entry |= {"ours": names[0], "theirs": names[1], "ratio": ratio}
        if bound is not None and self.device == "cuda" and precision == JUDGED:
            entry |= {"bound": bound, "kept": ratio >= bound}
        self.add("ratios", entry)


def _is(entry: dict[str, Any], device: str, batch_size: int) -> bool:
    return bool(entry["device"] == device and entry["batch_size"] == batch_size)


def main() -> None:
    """Measure the parts that are asked for, and keep each at once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help="parts whose name begins so; all unless given")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--quick", action="store_true", help="all in small, to try the script: the numbers say nothing")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the full results")
    parser.add_argument("--record", type=Path, default=MEASURED, help="file of the records that the book shows")
    options = parser.parse_args()
    if options.quick and options.record == MEASURED:
        parser.error("--quick is no measurement: name another file to keep it in, --record FILE")
    bench = Bench(options.device, options.quick)
    wanted = [part for part in bench.parts() if part.startswith(tuple(options.parts) or "")]
    unknown = [name for name in options.parts if not any(part.startswith(name) for part in wanted)]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(bench.parts())}")
    try:
        engine.check_device(options.device)
        if options.record.exists():
            speed.recorded(options.record)
    except RuntimeError:
        sys.exit(f"This benchmark needs a CUDA GPU that torch sees, and there is none here. {INSTEAD}")
    except (ImportError, speed.RecordError) as error:
        sys.exit(str(error))
    busy = round(os.getloadavg()[0], 1)  # processes that ran in the minute before: none, on a quiet machine
    for part in wanted:
        print(part, flush=True)
        machine = speed.machine(options.device) | {"threads": os.cpu_count(), "load": busy}
        bench.measure(part)
        full = (
            options.results / f"{machine['date'][:10]}-gpu{'' if options.device == 'cuda' else '-script-on-cpu'}.json"
        )
        gpu_record.keep_full(full, machine, part, {"load": busy, "rounds": bench.rounds} | bench.tables)
        gpu_record.keep(options.record, machine, part, bench.tables)
    print(f"kept in {full} and {options.record}")


if __name__ == "__main__":
    main()
