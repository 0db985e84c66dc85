"""One piece of `gpu.py`'s work in a process of its own: a contender of a race, or a table's column.

    python gpu_worker.py '{"job": "race", "contender": "dnnlib compiled", "network": "mlp", ...}'

It answers in lines of JSON. A contender answers "ready", then each number of epochs on its standard input by the
seconds of a step. The other jobs answer `{"entry": {...}}` for each thing measured. What cannot be done is answered by
`{"why": "..."}`, in words, and the work of others goes on.
"""

import json
import statistics
import sys
import warnings
from collections.abc import Callable
from typing import Any

import gpu_torch
import numpy as np
from process import answer

import dnnlib as dnn
from dnnlib import speed

SHAPES = {"mlp": (784,), "lenet": (1, 28, 28), "resnet": (3, 32, 32)}
MNIST = 60_000  # examples of an epoch
SLOW = 0.5  # seconds a step: beyond it the sweep of batch sizes ends
TARGET = 0.98
SEEDS = (0, 1, 2)
RECIPE = {"lr": 1e-2, "batch_size": 128, "epochs": 8, "weight_decay": 0.1, "label_smoothing": 0.1, "warmup": 0.2}


def model(network: str, device: str, seed: int = 0) -> dnn.Sequential:
    """The library's network of that name."""
    makes: dict[str, Callable[..., dnn.Sequential]] = {
        "mlp": lambda **options: dnn.mlp(784, 500, 500, 10, **options),
        "lenet": dnn.lenet,
        "resnet": lambda **options: dnn.resnet(20, **options),
    }
    return makes[network](device=device, seed=seed)


def examples(network: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random inputs and labels: what they hold does not change how long a step takes."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((count, *SHAPES[network]), dtype=np.float32), rng.integers(10, size=count)


class Asked(dnn.Callback):
    """Lets `fit` train as many epochs as standard input asks for, and answers with the seconds of a step."""

    def __init__(self, steps: int) -> None:
        self.steps = steps  # of an epoch
        self.asked = self.left = 2  # epochs of this round, all and still to come; the first round warms up

    def on_epoch_end(self, run: dnn.Run) -> None:
        self.left -= 1
        if self.left:
            return
        seconds = sum(run.history["seconds"][-self.asked :])
        answer("ready" if run.epoch == 2 else seconds / (self.asked * self.steps))
        line = sys.stdin.readline()
        run.stop = "" if line else "measured"
        self.asked = self.left = int(line or 1)


def race(job: dict[str, Any]) -> None:
    """Train whenever asked to: dnnlib's `fit`, or the same epoch in torch."""
    x, y = examples(job["network"], job["batch_size"] * job["steps"])
    if job["contender"].startswith("torch"):
        gpu_torch.serve(job, x, y)
        return
    model(job["network"], job["device"]).fit(
        x,
        y,
        loss=dnn.SoftmaxCrossEntropy(),
        optimizer=dnn.Adam(),
        batch_size=job["batch_size"],
        epochs=10**9,
        precision=job["precision"],
        compile=job["contender"] == "dnnlib compiled",
        callbacks=[Asked(job["steps"])],
        progress=False,
    )


def batch_sizes(job: dict[str, Any]) -> None:
    """The time of a step by batch size: a column of E08's table, or of the sweep."""
    same = {name: job[name] for name in ("network", "device", "precision", "compile")}
    for batch_size in job["batch_sizes"]:
        least, most = job["steps"]
        steps = min(max(job["examples"] // batch_size, least), most)
        x, y = examples(job["network"], batch_size * steps)
        try:
            timing = speed.time_steps(
                model(job["network"], job["device"]),
                x,
                y,
                loss=dnn.SoftmaxCrossEntropy(),
                optimizer=dnn.Adam(),
                batch_size=batch_size,
                epochs=job["epochs"],
                precision=job["precision"],
                compile=job["compile"],
            )
        except (RuntimeError, MemoryError) as error:
            answer({"what": f"batch size {batch_size} and more", "why": words(error)})
            return
        seconds = {"seconds_per_step": timing.median, "fastest": timing.fastest, "slowest": timing.slowest}
        if job["job"] == "epochs":
            seconds["seconds_per_epoch"] = timing.median * -(-MNIST // batch_size)
        answer({"entry": same | {"batch_size": batch_size} | seconds})
        if job["job"] == "steps" and timing.median > SLOW:
            return


def peaks(job: dict[str, Any]) -> None:
    """What the device reaches at best."""
    for dtype in job["dtypes"]:
        answer({"entry": {"device": job["device"], "dtype": dtype} | speed.peaks(job["device"], dtype)._asdict()})


def accuracy(job: dict[str, Any]) -> None:
    """Seconds from the first step to the end of the first epoch after which 98 % of the 2 000 are right."""
    (x, y), tested = mnist_parts()
    runs = [to_target(job, x, y, tested, seed) for seed in SEEDS[: job["seeds"]]]
    reached = [run for run in runs if run["epochs"]]
    if len(reached) < len(runs):
        answer({"what": f"{TARGET:.0%} accuracy", "why": f"reached in {len(reached)} of {len(runs)} runs"})
        return
    median = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    same = {name: job[name] for name in ("device", "precision", "compile")}
    text = (
        f"LeNet on {len(x)} images, tested on {len(tested[0])} others, pixels standardized; AdamW, rate "
        f"{RECIPE['lr']} with warmup and cosine over {RECIPE['epochs']} epochs, batches of {RECIPE['batch_size']}, "
        f"weight decay {RECIPE['weight_decay']}, label smoothing {RECIPE['label_smoothing']}; "
        f"median of {len(runs)} seeds"
    )
    answer({"entry": same | {"target": TARGET, "recipe": text, "runs": runs} | median})


def mnist_parts() -> tuple[dnn.data.split.Pair, dnn.data.split.Pair]:
    """MNIST's 10 000 test images, 8 000 to learn from and 2 000 to be tested on, standardized by the 8 000."""
    images, labels = dnn.data.mnist("test")
    (x, y), (x_test, y_test) = dnn.data.random_split(images.reshape(-1, 1, 28, 28), labels, [8000, 2000], rng=0)
    scale = dnn.data.Standardizer(x)
    return (scale(x), y), (scale(x_test), y_test)


def to_target(job: dict[str, Any], x: np.ndarray, y: np.ndarray, tested: Any, seed: int) -> dict[str, float]:
    """One training by the recipe: its seconds to the target, those of compiling, and the epochs (0: not reached).

    Compiling is what the first epoch takes longer than the later ones, in their median.
    """
    steps = -(-len(x) // RECIPE["batch_size"]) * RECIPE["epochs"]
    warm = round(RECIPE["warmup"] * steps)
    history = model("lenet", job["device"], seed).fit(
        x,
        y,
        loss=dnn.SoftmaxCrossEntropy(label_smoothing=RECIPE["label_smoothing"]),
        optimizer=dnn.AdamW(lr=RECIPE["lr"], weight_decay=RECIPE["weight_decay"]),
        batch_size=RECIPE["batch_size"],
        epochs=RECIPE["epochs"],
        schedule=dnn.Warmup(warm, after=dnn.CosineAnnealingLR(steps - warm, per="step"), per="step"),
        validation_data=tested,
        precision=job["precision"],
        compile=job["compile"],
        progress=False,
    )
    seconds = history["seconds"]
    compiling = max(seconds[0] - statistics.median(seconds[1:]), 0.0) if job["compile"] else 0.0
    epochs = next((epoch for epoch, right in enumerate(history["val_accuracy"], 1) if right >= TARGET), 0)
    return {"seconds": sum(seconds[:epochs]) - compiling, "compile_seconds": compiling, "epochs": epochs}


def words(error: BaseException) -> str:
    """An error in one line: its kind, and the first line of what it says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:300] if lines else 'no message'}"


JOBS: dict[str, Callable[[dict[str, Any]], None]] = {
    "race": race,
    "epochs": batch_sizes,
    "steps": batch_sizes,
    "peaks": peaks,
    "accuracy": accuracy,
}


def main() -> None:
    """Do the one job; a failure is an answer too."""
    warnings.filterwarnings("ignore")
    job = json.loads(sys.argv[1])
    if job["job"] == "race":
        sys.stdin.readline()  # imports of all contenders run at the same time, all that follows does not
    try:
        JOBS[job["job"]](job)
    except Exception as error:
        answer({"what": job.get("contender", ""), "why": words(error)})
        raise SystemExit(0) from None
    answer("done")


if __name__ == "__main__":
    main()
