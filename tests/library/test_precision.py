"""`fit(precision=...)`: forward and backward in fewer bits; θ, loss, update and statistics in all of them."""

from typing import Any

import numpy as np
import pytest
import torch
from catalogue import LayerCase, each_layer, numbers, on_every_torch_engine, stack

import dnnlib as dnn
from dnnlib import engine
from dnnlib.precision import matrix_products

# bfloat16 has 8 bits of fraction, the leading one included: one rounding is off by at most 2^-9 = 0.2 %.
ROUNDING = 2.0**-9


class Types(dnn.Callback):
    """Which dtypes a training computes in."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    def on_gradient(self, run: dnn.Run) -> None:
        first: Any = run.model.layers[0]
        arrays = {"input": first.x, "outputs": run.loss.prediction, "theta": run.model.theta, "grad": run.model.grad}
        arrays |= {f"memory {name}": vector for name, vector in run.optimizer.state.items()}
        self.seen |= {(name, engine.dtype_of(values)) for name, values in arrays.items()}


def test_what_is_computed_in_which_precision() -> None:
    x, y = dnn.data.digits()
    types = Types()
    model = dnn.mlp(64, 20, 10, device="cpu")
    options: dict[str, Any] = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(), "callbacks": [types]}
    model.fit(x[:200], y[:200], precision="bfloat16", **options)
    full = {(name, "float32") for name in ("outputs", "theta", "grad", "memory gradients", "memory squares")}
    assert types.seen == {("input", "bfloat16"), *full}
    assert engine.dtype_of(model.layers[0].weight) == "float32", "afterwards the views are those of θ again"


@on_every_torch_engine
@each_layer
def test_every_layer_in_bfloat16(layer: LayerCase, device: str) -> None:
    """A step's loss and gradient are those of float32 but for the rounding of a few operations."""
    x, y = numbers(16, *layer.stack_shape), np.arange(16) % 3
    gradients, losses = [], []
    for precision in ("float32", "bfloat16"):
        model = stack(layer, 3, device, "float32")
        before = engine.to_numpy(model.theta).copy()
        history = model.fit(
            x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=1.0), batch_size=16, precision=precision
        )
        gradients.append(before - engine.to_numpy(model.theta))
        losses.append(history["loss"][0])
    off = np.linalg.norm(gradients[1] - gradients[0]) / np.linalg.norm(gradients[0])
    assert 0 < off < 20 * ROUNDING, f"the gradient is {off:.1%} off"
    assert losses[1] == pytest.approx(losses[0], rel=20 * ROUNDING)


def test_statistics_keep_their_digits() -> None:
    """BatchNorm's means of bfloat16 numbers are float32: 1000 numbers around 3 average to 3 within a thousandth."""
    model = dnn.Sequential(dnn.BatchNorm(1, momentum=1.0), dnn.Dense(1, 2), device="cpu")
    x = 3 + np.random.default_rng(0).normal(0, 0.5, (1000, 1))
    model.fit(
        x,
        np.arange(1000) % 2,
        loss=dnn.SoftmaxCrossEntropy(),
        optimizer=dnn.SGD(),
        batch_size=1000,
        precision="bfloat16",
    )
    norm: Any = model.layers[0]
    assert float(norm.running_mean[0]) == pytest.approx(x.mean(), abs=1e-3)
    assert float(norm.running_var[0]) == pytest.approx(x.var(ddof=1), rel=1e-2)


def test_digits_are_learned_in_bfloat16() -> None:
    x, y = dnn.data.digits()
    accuracies = []
    for precision in ("float32", "bfloat16"):
        model = dnn.mlp(64, 50, 10, device="cpu")
        options: dict[str, Any] = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.Adam(lr=3e-3), "batch_size": 50}
        model.fit(x[:1400], y[:1400], epochs=8, precision=precision, **options)
        accuracies.append(model.evaluate(x[1400:], y[1400:]).accuracy)
    assert min(accuracies) > 0.85
    assert accuracies[1] == pytest.approx(accuracies[0], abs=0.02)


@pytest.mark.parametrize(
    ("dtype", "device", "precision", "words"),
    [
        (
            "float32",
            "cpu",
            "float16",
            r'must be one of "float32", "tf32", "bfloat16" for a float32 network, got \'float1',
        ),
        ("float32", "cpu", "float64", 'must be one of "float32"'),
        ("float32", "cpu", 16, "must be one of .* got 16"),
        ("float64", "cpu", "float32", 'must be one of "float64"'),
        ("float64", "cpu", "tf32", 'precision="tf32" keeps θ in float32, but this network computes in float64'),
        ("float64", "cpu", "bfloat16", 'precision="bfloat16" keeps θ in float32, but this network computes in float64'),
        ("float32", "numpy", "bfloat16", r'NumPy has no bfloat16: move the network to torch first, model\.to\("cpu"\)'),
    ],
)
def test_precisions_that_cannot_be(dtype: str, device: str, precision: Any, words: str) -> None:
    model = dnn.mlp(5, 3, dtype=dtype, device=device)
    with pytest.raises(ValueError, match=words):
        model.fit(
            numbers(8, 5), np.arange(8) % 3, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(), precision=precision
        )


@pytest.mark.parametrize("device", ["numpy", "cpu"])
def test_tf32_is_float32_on_a_cpu(device: str) -> None:
    thetas = []
    for precision in (None, "float32", "tf32"):
        model = dnn.mlp(5, 4, 3, device=device)
        model.fit(
            numbers(8, 5), np.arange(8) % 3, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(), precision=precision
        )
        thetas.append(engine.to_numpy(model.theta))
    np.testing.assert_array_equal(thetas[0], thetas[1])
    np.testing.assert_array_equal(thetas[0], thetas[2])


def flags() -> tuple[str, bool, bool]:
    """How torch multiplies matrices and convolves on a GPU now."""
    return torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32, torch.backends.cudnn.benchmark


def test_tf32_on_a_gpu_only_when_asked_for() -> None:
    """torch's own default lets convolutions use TF32; a float32 training does not."""
    before = flags()
    with matrix_products("cuda", "float32"):
        assert flags() == ("highest", False, before[2])
    with matrix_products("cuda:0", "tf32"):
        assert flags() == ("high", True, before[2])
    with pytest.raises(KeyError), matrix_products("cuda", "tf32"):
        raise KeyError
    with matrix_products("cpu", "tf32"):
        assert flags() == before
    assert flags() == before
