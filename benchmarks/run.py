"""Side by side: dnnlib against torch and scikit-learn, in interleaved rounds. `make bench` runs it.

    python benchmarks/run.py                    # all rows
    python benchmarks/run.py lenet              # those whose name holds "lenet"

Every contender is a process of its own (`worker.py`). In each round every contender of a row runs for about a second,
one after the other; what counts is the median over the rounds. The table gives ratios, for absolute times on a shared
machine are not stable. Everything is written to `benchmarks/results/` with the date and the machine.
"""

import argparse
import importlib.metadata
import json
import os
import statistics
from dataclasses import dataclass
from pathlib import Path

from process import EndedError, Process

from dnnlib import speed

HERE = Path(__file__).parent
ROUNDS = 9
SECONDS = 0.7  # of work in a round
MLP_FLOPS = (
    2 * 100 * (3 * (784 * 500 + 500 * 500 + 500 * 10) - 784 * 500)
)  # forward, ∂L/∂W, ∂L/∂x but the first layer's
SGEMM_FLOPS = 2 * 2048**3


@dataclass(frozen=True)
class Row:
    """`ours` is to take at most `bound` of the time of `theirs` (or, for a peak, reach at least that share)."""

    network: str
    optimizer: str
    ours: str
    theirs: str
    bound: float

    @property
    def name(self) -> str:
        """What was measured."""
        return f"{self.network} {self.optimizer}: {self.ours} / {self.theirs}"


OPTIMIZERS = ("Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "NAdam")
ROWS = [
    Row("mlp", "SGD", "dnnlib", "torch", 0.75),
    Row("mlp", "SGD", "dnnlib", "sklearn", 0.1),
    Row("mlp", "SGD", "dnnlib", "sgemm", 0.6),
    Row("mlp", "SGD", "dnnlib-torch", "torch", 0.9),
    *(Row("mlp", optimizer, "dnnlib", "torch", 1.0) for optimizer in OPTIMIZERS),
    Row("lenet", "SGD", "dnnlib", "torch", 2.5),
    Row("resnet", "SGD", "dnnlib", "torch", 3.0),
]


class Worker:
    """A contender's process."""

    def __init__(self, network: str, contender: str, optimizer: str, threads: int) -> None:
        self.process = Process("worker.py", network, contender, optimizer, threads=threads)
        self.process.read()  # "ready"
        first = self.seconds(1)
        self.steps = max(1, round(SECONDS / min(first, self.seconds(max(1, round(0.2 / first))))))

    def seconds(self, steps: int) -> float:
        """The time of a step, over that many."""
        return float(self.process.ask(steps))

    def peak_memory(self) -> int:
        """Let the process end; the most memory that it ever used, in bytes."""
        [memory] = self.process.end()
        return int(memory)


def measure(network: str, optimizer: str, contenders: list[str], threads: int) -> dict[str, dict[str, float]]:
    """The median time of a step and the peak memory of each contender, in interleaved rounds."""
    workers = {name: Worker(network, name, optimizer, threads) for name in contenders}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, worker in workers.items():
            times[name].append(worker.seconds(worker.steps))
    return {
        name: {
            "seconds a step, median": statistics.median(times[name]),
            "fastest": min(times[name]),
            "slowest": max(times[name]),
            "peak memory, bytes": worker.peak_memory(),
        }
        for name, worker in workers.items()
    }


def judge(row: Row, measured: dict[str, dict[str, float]]) -> dict[str, object]:
    """The row's ratio, and whether it keeps its bound."""
    ours, theirs = measured[row.ours], measured[row.theirs]
    ratio = ours["seconds a step, median"] / theirs["seconds a step, median"]
    judged: dict[str, object] = {"row": row.name, "bound": row.bound}
    if row.theirs == "sgemm":
        share = (MLP_FLOPS / ours["seconds a step, median"]) / (SGEMM_FLOPS / theirs["seconds a step, median"])
        return judged | {"what": "share of sgemm's peak, at least", "measured": share, "kept": share >= row.bound}
    judged |= {"what": "time, at most", "measured": ratio, "kept": ratio <= row.bound}
    if row.theirs == "torch":
        judged["memory"] = ours["peak memory, bytes"] / theirs["peak memory, bytes"]
    return judged


def machine(threads: int, packages: tuple[str, ...]) -> dict[str, object]:
    """What was measured on, and with which versions of some packages."""
    on = speed.machine("numpy")
    versions = {"python": on["versions"]["python"]} | {name: importlib.metadata.version(name) for name in packages}
    return on | {"threads": threads, "versions": versions}


def main() -> None:
    """Measure, print the table, write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="?", default="", help="rows whose name holds this")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--output", type=Path, help="where to write (default: benchmarks/results/DATE-cpu.json)")
    arguments = parser.parse_args()
    rows = [row for row in ROWS if arguments.only in row.name]
    packages = ("numpy", "torch", "scikit-learn", "scipy")
    report = machine(arguments.threads, packages) | {"rounds": ROUNDS, "measured": {}, "rows": []}
    print(f"{'work':<44} {'measured':>9} {'bound':>7}  {'memory':>7}")
    for network, optimizer in dict.fromkeys((row.network, row.optimizer) for row in rows):
        mine = [row for row in rows if (row.network, row.optimizer) == (network, optimizer)]
        contenders = list(dict.fromkeys(name for row in mine for name in (row.ours, row.theirs)))
        measured = measure(network, optimizer, contenders, arguments.threads)
        report["measured"][f"{network} {optimizer}"] = measured
        for row in mine:
            judged = judge(row, measured)
            report["rows"].append(judged)
            memory = f"{judged['memory']:7.2f}" if "memory" in judged else ""
            relation = "≥" if row.theirs == "sgemm" else "≤"
            print(
                f"{row.name:<44} {judged['measured']:9.3f} {relation} {row.bound:5.2f}  {memory:>7}"
                f"{'' if judged['kept'] else '  missed'}",
                flush=True,
            )
    output = arguments.output or HERE / "results" / f"{report['date'][:10]}-cpu.json"
    output.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written to {output}")


if __name__ == "__main__":
    try:
        main()
    except EndedError as error:
        raise SystemExit(str(error)) from None
