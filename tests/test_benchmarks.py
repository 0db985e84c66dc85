"""The benchmark of the GPU, as far as a machine without one can run it: it refuses, rehearses, judges and merges."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import dnnlib as dnn
from dnnlib import speed
from dnnlib.speed.recorded import TABLES

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))

import gpu  # noqa: E402
import gpu_record  # noqa: E402
import gpu_torch  # noqa: E402
import gpu_worker  # noqa: E402
from process import EndedError, Process  # noqa: E402

MACHINE = speed.machine()


def run(monkeypatch: Any, folder: Path, *arguments: str) -> None:
    """The script, with its results in `folder`."""
    options = ("--results", str(folder / "results"), "--record", str(folder / "measured.json"))
    monkeypatch.setattr(sys, "argv", ["gpu.py", *options, *arguments])
    gpu.main()


def test_without_a_gpu_it_says_so(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    """In one sentence, with status 1, and writes nothing."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, tmp_path)
    assert str(ended.value.code).startswith("This benchmark needs a CUDA GPU that torch sees, and there is none here.")
    assert len(str(ended.value.code).splitlines()) == 1
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


def test_rehearsal_on_the_cpu(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    """From one end to the other, without a compiler: what it cannot measure is told, and the rest goes on."""
    monkeypatch.setenv("CXX", "/nonexistent")
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "cache"))
    run(monkeypatch, tmp_path, "--device", "cpu", "--quick", "steps-mlp")
    [record] = speed.recorded(tmp_path / "measured.json")
    assert [(entry["part"], entry["batch_size"]) for entry in record["steps"]] == [("steps-mlp", 1), ("steps-mlp", 4)]
    [missing] = record["missing"]
    assert "C++ compiler" in missing["why"]
    assert missing["why"] in capsys.readouterr().out
    [full] = (tmp_path / "results").iterdir()
    assert set(json.loads(full.read_text("utf-8"))["parts"]) == {"steps-mlp"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--device", "cpu", "nothing"), "there is no part nothing; there are peaks, epochs, steps-mlp"),
        (("--quick", "--record", str(gpu.MEASURED)), "--quick is no measurement"),
    ],
)
def test_wrong_arguments(arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, tmp_path, *arguments)
    assert said in capsys.readouterr().err


def test_a_damaged_record_is_found_before_measuring(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "measured.json").write_text("[{")
    with pytest.raises(SystemExit, match=r"measured\.json, the file of measurements, cannot be used"):
        run(monkeypatch, tmp_path, "--device", "cpu")
    assert (tmp_path / "measured.json").read_text() == "[{"


class Contender:
    """Stands for a process: answers as many questions as it was given answers."""

    def __init__(self, *answers: Any) -> None:
        self.answers = ["ready", *answers]

    def ask(self, question: object) -> Any:
        if not self.answers:
            raise EndedError("the process ended with status -9")
        return self.answers.pop(0)

    def end(self) -> None:
        self.answers = []


def raced(monkeypatch: Any, device: str, **answers: tuple[Any, ...]) -> gpu.Bench:
    """A race between contenders that need these seconds a step; those who are not named cannot start."""
    named = {
        name.replace("_", " ").replace("reduce o", "reduce-o"): Contender(*given) for name, given in answers.items()
    }
    broken = {"why": "RuntimeError: no triton"}

    def worker(bench: gpu.Bench, job: dict[str, Any]) -> Contender:
        contender = named.get(job["contender"], Contender())
        if job["contender"] not in named:
            contender.answers = [broken]
        return contender

    monkeypatch.setattr(gpu.Bench, "worker", worker)
    bench = gpu.Bench(device, quick=True)
    bench.measure("race-mlp-tf32")
    return bench


def test_a_race_is_judged_by_medians(monkeypatch: Any) -> None:
    """Two rounds after the first epoch; the faster of torch's compilers counts; one that dies leaves the race."""
    times = {
        "dnnlib_compiled": (9.0, 1.0, 3.0),
        "dnnlib_eager": (9.0, 4.0),
        "torch_eager": (9.0, 5.0, 5.0),
        "torch_default": (9.0, 1.5, 1.7),
        "torch_reduce_overhead": (9.0, 1.0, 2.0),
    }
    bench = raced(monkeypatch, "cuda", **times)
    assert {entry["contender"]: entry["seconds_per_step"] for entry in bench.tables["contenders"]} == {
        "dnnlib compiled": 2.0,
        "torch eager": 5.0,
        "torch default": 1.6,
        "torch reduce-overhead": 1.5,
    }
    assert {entry["what"] for entry in bench.tables["missing"]} == {"torch max-autotune", "dnnlib eager"}
    ratios = [(e["ours"], e["theirs"], e["ratio"], e["bound"], e["kept"]) for e in bench.tables["ratios"]]
    assert ratios == [
        ("dnnlib compiled", "torch reduce-overhead", 0.75, 1.0, False),
        ("dnnlib compiled", "torch eager", 2.5, 3.0, False),
    ]
    assert raced(monkeypatch, "cuda", **times | {"torch_default": (9.0, 4.0, 4.0)}).tables["ratios"][0]["ratio"] == 0.75
    on_cpu = raced(monkeypatch, "cpu", **times)
    assert on_cpu.tables["ratios"]
    assert all("bound" not in entry for entry in on_cpu.tables["ratios"])


def test_the_gpu_is_compared_with_the_cpu(monkeypatch: Any) -> None:
    """At every batch size, the faster of compiled and as written on each."""
    took = {("cpu", False): 1.0, ("cpu", True): 0.9, ("cuda", False): 0.2, ("cuda", True): 0.1, ("numpy", False): 5.0}

    def column(bench: gpu.Bench, table: str, what: str, **job: Any) -> None:
        for batch_size in job["batch_sizes"]:
            time = took[job["device"], job["compile"]] * batch_size
            bench.add(table, job | {"batch_size": batch_size, "seconds_per_step": time})

    monkeypatch.setattr(gpu.Bench, "column", column)
    bench = gpu.Bench("cuda", quick=True)
    bench.measure("epochs")
    assert [(e["batch_size"], round(e["ratio"], 9), e["kept"]) for e in bench.tables["ratios"]] == [
        (4, 9.0, True),
        (8, 9.0, True),
    ]


@pytest.mark.parametrize("mode", ["eager", "reduce-overhead"])
def test_torch_learns_in_its_race(mode: str, monkeypatch: Any) -> None:
    """The opponent is a real one: the same network, which learns. Its compiler is only seen to be called."""
    compiled: list[Any] = []
    monkeypatch.setattr(gpu_torch.torch.compiler, "cudagraph_mark_step_begin", lambda: None)
    monkeypatch.setattr(gpu_torch.nn.Module, "compile", lambda module, **options: compiled.append(options))
    precision = "float32" if mode == "eager" else "bfloat16"
    job = {"network": "mlp", "device": "cpu", "batch_size": 10, "precision": precision, "contender": f"torch {mode}"}
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((40, 784), dtype=np.float32), rng.integers(10, size=40)
    epoch = gpu_torch.epoch_of(job, x, y)
    losses, accuracies = zip(*(epoch() for _ in range(12)), strict=True)
    assert losses[0] > 2
    assert losses[-1] < 0.1
    assert accuracies[-1] == 1.0
    assert compiled == ([] if mode == "eager" else [{"mode": mode, "fullgraph": True, "dynamic": False}])


def test_networks_of_both_sides_are_the_same() -> None:
    for network, shape in gpu_worker.SHAPES.items():
        ours, theirs = gpu_worker.model(network, "numpy"), getattr(gpu_torch.torch_networks, network)()
        assert len(ours.theta) == sum(parameter.numel() for parameter in theirs.parameters())
        assert ours.forward(np.zeros((2, *shape), np.float32)).shape == (2, 10)


def test_fit_in_its_race_answers_by_rounds(monkeypatch: Any, capsys: Any) -> None:
    """Two epochs to warm up, then rounds of 1 and 2 epochs, then the end."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n2\n"))
    monkeypatch.setattr(gpu_worker, "model", lambda network, device: dnn.mlp(784, 4, 10))
    job = {"network": "mlp", "device": "numpy", "batch_size": 4, "steps": 2, "precision": "float32"}
    gpu_worker.race(job | {"contender": "dnnlib eager"})
    ready, *seconds = map(json.loads, capsys.readouterr().out.splitlines())
    assert ready == "ready"
    assert len(seconds) == 2
    assert all(0 < value < 10 for value in seconds)


def test_time_to_accuracy(monkeypatch: Any, capsys: Any) -> None:
    """Seconds add up to the first epoch that reaches the target, the compiling left out."""
    history = {"seconds": [7.0, 2.0, 1.0, 3.0], "val_accuracy": [0.5, 0.97, 0.98, 0.99]}

    class Model:
        def fit(self, *data: Any, **options: Any) -> Any:
            return history

    monkeypatch.setattr(gpu_worker, "model", lambda *arguments: Model())
    monkeypatch.setattr(gpu_worker, "mnist_parts", lambda: ((np.zeros((8, 1)), np.zeros(8)), (np.zeros((2, 1)), 0)))
    job = {"device": "cpu", "precision": "float32", "seeds": 3}
    gpu_worker.accuracy(job | {"compile": True})
    gpu_worker.accuracy(job | {"compile": False})
    history["val_accuracy"] = [0.1] * 4
    gpu_worker.accuracy(job | {"compile": False})
    compiled, written, missed = map(json.loads, capsys.readouterr().out.splitlines())
    assert [compiled["entry"][name] for name in ("seconds", "compile_seconds", "epochs")] == [5.0, 5.0, 3]
    assert [written["entry"][name] for name in ("seconds", "compile_seconds", "epochs")] == [10.0, 0.0, 3]
    assert missed["why"] == "reached in 0 of 3 runs"


STEP = {"network": "mlp", "device": "cuda", "precision": "tf32", "compile": True, "batch_size": 1}


def step(seconds: float) -> dict[str, list[Any]]:
    """A table with one measurement."""
    return {"steps": [STEP | {"seconds_per_step": seconds}]}


def test_merging_keeps_what_was_not_measured_anew(tmp_path: Path) -> None:
    path, gpu_machine = tmp_path / "measured.json", MACHINE | {"device": "a GPU"}
    gpu_record.keep(path, gpu_machine, "steps-mlp", step(1.0))
    gpu_record.keep(path, MACHINE, "steps-mlp", step(2.0))
    gpu_record.keep(path, gpu_machine | {"date": "later"}, "steps-lenet", step(3.0))
    gpu_record.keep(path, gpu_machine | {"date": "later"}, "steps-mlp", step(4.0))
    here, there = speed.recorded(path)
    assert [(entry["part"], entry["seconds_per_step"]) for entry in here["steps"]] == [("steps-mlp", 2.0)]
    assert {entry["part"]: entry["seconds_per_step"] for entry in there["steps"]} == {
        "steps-lenet": 3.0,
        "steps-mlp": 4.0,
    }
    assert there["machine"]["date"] == "later"
    newer = gpu_machine | {"versions": gpu_machine["versions"] | {"numpy": "99.0"}}
    gpu_record.keep(path, newer, "steps-lenet", step(5.0))
    assert [entry["seconds_per_step"] for entry in speed.recorded(path)[-1]["steps"]] == [5.0]


def test_a_file_is_never_half_written(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "measured.json"
    gpu_record.keep(path, MACHINE, "steps-mlp", step(1.0))
    before = path.read_text()
    with pytest.raises(speed.RecordError, match="seconds_per_step cannot be -1"):
        gpu_record.keep(path, MACHINE, "steps-mlp", step(-1.0))

    def fail(self: Path, text: str, **options: Any) -> int:
        with self.open("w") as file:
            file.write(text[: len(text) // 2])
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "write_text", fail)
    with pytest.raises(OSError, match="disk is full"):
        gpu_record.keep(path, MACHINE, "steps-mlp", step(2.0))
    assert path.read_text() == before
    assert set(TABLES) < set(json.loads(before)[0])


def test_a_process_that_ends_is_told(tmp_path: Path) -> None:
    process = Process("process.py")
    with pytest.raises(EndedError, match="ended with status 0"):
        process.ask("anything")
