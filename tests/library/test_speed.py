"""dnnlib.speed: what layers must compute and move, how long a step takes, what a machine reaches, what was measured."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import LayerCase, alone, each_layer, numbers
from torch.utils.flop_counter import FlopCounterMode

import dnnlib as dnn
from dnnlib import interop, speed
from dnnlib.layers import LAYERS
from dnnlib.speed import counts, timing
from dnnlib.speed.recorded import TABLES

MULTIPLYING = (dnn.Dense, dnn.Conv2d)

NETWORKS = {
    "mlp": (lambda: dnn.mlp(784, 500, 500, 10), (784,)),
    "lenet": (dnn.lenet, (1, 28, 28)),
    "resnet": (lambda: dnn.resnet(8), (3, 16, 16)),  # its layers are nested, its convolutions without bias
}


def products(cost: speed.Cost, outputs: int) -> int:
    """The flops without the additions of the bias, which torch does not count."""
    return cost.flops - outputs * cost.layer.has_bias


@pytest.mark.parametrize("network", NETWORKS)
def test_flops_are_those_that_torch_counts(network: str) -> None:
    make, shape = NETWORKS[network]
    model = make()
    with FlopCounterMode(display=False) as counter:
        interop.to_torch(model, shape)(torch.zeros(4, *shape))
    counted = {name: sum(found.values()) for name, found in counter.get_flop_counts().items()}
    steps = {step.name: step for step in dnn.models.steps(model, shape)}
    costs = [c for c in speed.layer_costs(model, shape, batch_size=4) if isinstance(c.layer, MULTIPLYING)]
    found = {f"Sequential.{c.name}": products(c, 4 * math.prod(steps[c.name].output)) for c in costs}
    assert len(found) >= 3
    assert found == {name: counted[name] for name in found}
    assert sum(found.values()) == counted["Global"]


@each_layer
def test_bytes_are_those_of_the_arrays(layer: LayerCase) -> None:
    """Input, output and parameters, as they lie in memory; only what passes its input on moves nothing."""
    for dtype in ("float32", "float64"):
        model = alone(layer, dtype=dtype)
        x = numbers(5, *layer.shape()).astype(dtype)
        first, *nested = speed.layer_costs(model, layer.shape(), batch_size=5)
        y = model.forward(x)
        if isinstance(first.layer, dnn.Residual):
            assert (first.flops, first.bytes) == (y.size, 3 * y.nbytes)
            assert len(nested) == len(first.layer.children())
        elif isinstance(first.layer, dnn.Flatten | dnn.Identity):
            assert (first.flops, first.bytes, first.intensity) == (0, 0, 0.0)
        else:
            assert first.bytes == x.nbytes + y.nbytes + model.theta.nbytes
            assert first.flops >= y.size or (isinstance(first.layer, dnn.Maxout) and first.layer.group_size == 1)
            assert first.intensity == first.flops / first.bytes


def test_flops_by_hand() -> None:
    """2 examples of 4 channels of 6×6 pixels: 288 numbers."""
    layers = {
        dnn.ReLU(): 288,
        dnn.BatchNorm(4): 6 * 288,
        dnn.Softmax(): 5 * 288,
        dnn.MaxPool2d(2): 3 * 72,
        dnn.AvgPool2d(3): 9 * 32,
        dnn.GlobalAvgPool2d(): 288,
        dnn.Maxout(4): 3 * 72,
        dnn.Conv2d(4, 2, 3): 2 * 2 * 16 * (2 * 4 * 9 + 1),
    }
    found = {layer: speed.layer_costs(dnn.Sequential(layer), (4, 6, 6), 2)[0].flops for layer in layers}
    assert found == layers
    dense = dnn.DropConnect(10, 3, bias=False)
    assert speed.layer_costs(dnn.Sequential(dense), (10,), 2)[0].flops == 2 * 3 * 2 * 10 + 30


def test_every_layer_is_counted() -> None:
    assert set(counts.FLOPS) == set(LAYERS.values())


class Own(dnn.Layer):
    """A user's layer."""


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        (("lenet", (1, 28, 28), 4), TypeError, "expected a network such as dnnlib.lenet"),
        ((dnn.mlp(4, 2), 4, 4), TypeError, "layer_costs: input_shape must be the shape of one example"),
        ((dnn.mlp(4, 2), (5,), 4), ValueError, "layer 0 does not fit input_shape"),
        ((dnn.mlp(4, 2), (4,), 0), ValueError, "layer_costs: batch_size must be an integer of at least 1, got 0"),
        ((dnn.Sequential(Own()), (4,), 1), TypeError, r"layer 0, Own\(\), is not one of the library's"),
    ],
)
def test_counting_refuses(arguments: tuple[Any, ...], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        speed.layer_costs(*arguments)


def fitted(seconds: list[float], stopped: str = "") -> Any:
    """A network whose training took so long."""
    history = dnn.History({"seconds": seconds})
    history.stopped = stopped
    return SimpleNamespace(fit=lambda *data, **options: history)


def timed(model: Any, epochs: int) -> speed.Timing:
    x, y = numbers(10, 4).astype(np.float32), np.arange(10) % 3
    return speed.time_steps(
        model, x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(), batch_size=4, epochs=epochs
    )


def test_time_of_a_step() -> None:
    """The first epoch does not count; the 10 examples are 3 steps, the last of which is smaller."""
    assert timed(fitted([900.0, 6.0, 12.0, 3.0]), 4) == (2.0, 1.0, 4.0)
    found = timed(dnn.mlp(4, 8, 3), 4)
    assert 0 < found.fastest <= found.median <= found.slowest < 10


def test_timing_refuses() -> None:
    with pytest.raises(ValueError, match="of which the first is not counted, must be an integer of at least 2, got 1"):
        timed(dnn.mlp(4, 3), 1)
    with pytest.raises(RuntimeError, match="ended early, so its time says nothing: interrupted"):
        timed(fitted([1.0, 2.0], "interrupted before epoch 3"), 4)


@pytest.mark.parametrize(("device", "dtype"), [("numpy", "float64"), ("cpu", "tf32"), ("cpu", "bfloat16")])
def test_peaks(device: str, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "SIDE", {"cpu": 64})
    monkeypatch.setattr(timing, "COPIED", {"cpu": 1 << 16})
    monkeypatch.setattr(timing, "SECONDS", 1e-3)
    assert all(0 < value < math.inf for value in speed.peaks(device, dtype))
    with pytest.raises(ValueError, match=f'peaks: dtype on device .{device}. must be one of float32, .*, got "?.half'):
        speed.peaks(device, "half")


def test_a_gpu_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It only notes what it is asked to do: the clock starts and stops where nothing is left to do."""
    done: list[str] = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda device: done.append(f"wait for {device}"))
    monkeypatch.setattr(timing.time, "perf_counter", lambda: done.append("clock") or float(len(done)))
    assert timing._seconds(lambda: done.append("work"), 2, "cuda:0") == 2.0
    assert done == ["wait for cuda:0", "clock", "work", "work", "wait for cuda:0", "clock"]


def test_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    here = speed.machine("cpu")
    assert json.loads(json.dumps(here)) == here
    assert here["device"] == here["processor"]
    assert set(here["versions"]) == {"python", "numpy", "torch"}
    gpu = SimpleNamespace(name="a GPU", total_memory=80 << 30, major=9, minor=0)
    monkeypatch.setattr(dnn.engine, "check_device", str)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: gpu)
    there = speed.machine("cuda")
    assert (there["device"], there["memory"], there["capability"]) == ("a GPU", 80 << 30, "9.0")
    assert there["processor"] == here["processor"]


def test_recorded_measurements() -> None:
    """What comes with the library has lecture E08's table, with its machine, and no device twice."""
    records = speed.recorded()
    devices = [record["machine"]["device"] for record in records]
    assert len(devices) == len(set(devices)) >= 1
    for record in records:
        assert {64, 128, 256} <= {entry["batch_size"] for entry in record["epochs"]}
        assert {"date", "system", "versions"} <= set(record["machine"])


GOOD: dict[str, Any] = {"machine": speed.machine(), **{table: [] for table in TABLES}}
PEAK = {"part": "peaks", "device": "cpu", "dtype": "float32", "bytes_per_second": 1.0, "launch_seconds": 1e-6}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"machine": ', "cannot be used: Expecting value"),
        ("{}", "expected a list of records, got dict"),
        ('["cpu"]', "record 0: expected machine, peaks, .* got 'cpu'"),
        (json.dumps([GOOD, {"machine": GOOD["machine"]}]), "record 1: expected machine, peaks, .*; got machine"),
        (json.dumps([GOOD | {"peaks": {}}]), "record 0, peaks: expected a list, got {}"),
        (json.dumps([GOOD | {"peaks": [PEAK]}]), "record 0, peaks 0: flops_per_second is missing"),
        (json.dumps([GOOD | {"peaks": [PEAK | {"flops_per_second": -1}]}]), "flops_per_second cannot be -1"),
        (json.dumps([GOOD | {"peaks": [PEAK | {"flops_per_second": math.nan}]}]), "flops_per_second cannot be nan"),
        (json.dumps([GOOD | {"peaks": [PEAK | {"flops_per_second": True}]}]), "flops_per_second cannot be True"),
        (json.dumps([GOOD | {"machine": GOOD["machine"] | {"date": ""}}]), "machine: date cannot be ''"),
    ],
)
def test_a_damaged_file_says_where(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    path.write_text(json.dumps([GOOD | {"peaks": [PEAK | {"flops_per_second": 2}]}]))
    assert speed.recorded(path)[0]["peaks"][0]["flops_per_second"] == 2
    path.write_text(text)
    with pytest.raises(speed.RecordError, match=said) as caught:
        speed.recorded(path)
    assert str(caught.value).startswith("measured.json, the file of measurements, cannot be used")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(speed.RecordError, match="No such file"):
        speed.recorded(tmp_path / "measured.json")
