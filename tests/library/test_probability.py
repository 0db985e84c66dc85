"""Information, entropy, cross-entropy and KL divergence: coins, dice, the lecture's numbers, scipy and torch."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import assert_close, in_every_dtype, numbers, on_every_engine, put
from hypothesis import given
from hypothesis import strategies as st
from mistakes import Row, check, rows
from scipy import stats
from test_shapes import drawn

import dnnlib as dnn
from dnnlib import engine

ONE, TWO = [1 / 3, 1 / 2, 1 / 6], [1 / 4, 1 / 2, 1 / 4]  # lecture A20's distributions 1 and 2
MEASURES: dict[str, Callable[..., Any]] = {
    "entropy": lambda p, q, **base: dnn.entropy(p, **base),
    "cross_entropy": dnn.cross_entropy,
    "kl_divergence": dnn.kl_divergence,
}


def drawn_distributions(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Distributions along the last axis, some of their entries 0."""
    rng = np.random.default_rng(seed)
    weights = rng.exponential(size=shape) * (rng.random(shape) < 0.8)
    weights[..., 0] += 0.01
    return weights / weights.sum(axis=-1, keepdims=True)


def test_coins_and_dice() -> None:
    assert dnn.entropy([0.5, 0.5]) == 1
    assert dnn.entropy([0.25] * 4) == 2
    assert dnn.entropy([1 / 6] * 6) == pytest.approx(math.log2(6), rel=1e-15)
    assert dnn.entropy([0, 1]) == 0
    assert str(dnn.entropy([0.0, 1.0])) == "0.0", "not −0.0"
    assert dnn.entropy([0.9, 0.1]) < dnn.entropy([0.6, 0.4]) < 1


def test_information() -> None:
    """Lecture A20: that the sun rises tells next to nothing, rain more; what is impossible, infinitely much."""
    assert dnn.information(0.5) == 1
    assert str(dnn.information(1)) == "0.0"
    assert dnn.information(0.25) == 2 * dnn.information(0.5)
    assert dnn.information(0.001) > 100 * dnn.information(0.95)
    assert dnn.information(0.0) == np.inf
    np.testing.assert_array_equal(dnn.information([[1, 0.5], [0.25, 0]]), [[0, 1], [2, np.inf]])
    assert dnn.information(1 / math.e, base=math.e) == pytest.approx(1)


@pytest.mark.parametrize(
    ("found", "slide"),
    [
        (lambda **base: dnn.entropy(ONE, **base), 0.439),
        (lambda **base: dnn.entropy(TWO, **base), 0.452),
        (lambda **base: dnn.cross_entropy(ONE, TWO, **base), 0.452),  # the slide says 0.456
        (lambda **base: dnn.cross_entropy(TWO, ONE, **base), 0.464),
    ],
)
def test_worked_distributions(found: Callable[..., Any], slide: float) -> None:
    """Lecture A20 reckons in base 10; bits are log₂ 10 times that, nats ln 10 times."""
    assert found(base=10) == pytest.approx(slide, abs=5e-4)
    assert found() == pytest.approx(found(base=10) * math.log2(10))
    assert found(base=math.e) == pytest.approx(found(base=10) * math.log(10))


def test_worked_distributions_in_bits() -> None:
    assert dnn.entropy(TWO) == 1.5
    assert dnn.entropy(ONE) == pytest.approx(1 / 3 * math.log2(3) + 1 / 2 + 1 / 6 * math.log2(6))
    assert dnn.cross_entropy(ONE, TWO) == pytest.approx(2 / 3 + 1 / 2 + 2 / 6)
    assert dnn.kl_divergence(ONE, TWO) != pytest.approx(dnn.kl_divergence(TWO, ONE))


def test_what_cannot_happen() -> None:
    """0 log 0 counts 0; believing that what happens is impossible costs infinitely much. No warning."""
    assert dnn.cross_entropy([0.5, 0.5, 0], [0.5, 0.5, 0]) == 1
    assert dnn.kl_divergence([0.5, 0.5, 0], [0.5, 0.5, 0]) == 0
    assert dnn.kl_divergence([0, 1], [0.5, 0.5]) == 1
    assert dnn.cross_entropy([0.5, 0.5], [1, 0]) == np.inf
    assert dnn.kl_divergence([0.5, 0.5], [1, 0]) == np.inf
    assert dnn.kl_divergence([1, 0], [0.5, 0.5]) == 1


@on_every_engine
@in_every_dtype
@pytest.mark.parametrize("base", [2, 10, math.e])
def test_as_scipy_and_torch_have_it(base: float, dtype: str, device: str) -> None:
    """Along the last axis; the engine, device and dtype of what came."""
    p, q = drawn_distributions(0, (4, 5, 6)), np.random.default_rng(1).dirichlet(np.ones(6), (4, 5))
    tolerance = 1e-12 if dtype == "float64" else 1e-5
    oracles = {
        "entropy": stats.entropy(p, base=base, axis=-1),
        "cross_entropy": (stats.entropy(p, axis=-1) + stats.entropy(p, q, axis=-1)) / np.log(base),
        "kl_divergence": stats.entropy(p, q, base=base, axis=-1),
    }
    for name, measure in MEASURES.items():
        found = measure(put(p, device, dtype), put(q, device, dtype), base=base)
        assert engine.dtype_of(found) == dtype
        assert engine.device_of(found).partition(":")[0] == device
        assert_close(found, oracles[name].astype(dtype), tolerance)
        assert_close(measure(put(p, device, dtype), q.tolist(), base=base), found, tolerance)
    p_torch, q_torch = (torch.distributions.Categorical(probs=torch.tensor(v)) for v in (p, q))
    kl = torch.distributions.kl_divergence(p_torch, q_torch) / np.log(base)
    assert_close(dnn.kl_divergence(p, q, base=base), kl)
    assert_close(dnn.entropy(p, base=base), p_torch.entropy() / np.log(base), 1e-6)  # torch keeps 1e-7 from 0 and 1


@drawn(60)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 12), base=st.sampled_from([2, math.e, 10, 1.5]))
def test_how_they_belong_together(seed: int, size: int, base: float) -> None:
    """H(p, q) = H(p) + KL(p ‖ q), KL ≥ 0, 0 ≤ H(p) ≤ log K."""
    p, q = drawn_distributions(seed, (3, size)), drawn_distributions(seed + 1, (3, size))
    h, cross, kl = dnn.entropy(p, base), dnn.cross_entropy(p, q, base), dnn.kl_divergence(p, q, base)
    np.testing.assert_allclose(cross, h + kl, rtol=1e-12, atol=1e-12)
    assert (kl >= -1e-15).all()
    np.testing.assert_array_equal(dnn.kl_divergence(p, p, base), 0 * h)
    assert (h >= 0).all()
    assert (h <= math.log(size, base) + 1e-12).all()
    np.testing.assert_array_equal(np.isinf(kl), ((p > 0) & (q == 0)).any(axis=1))


def test_cross_entropy_nears_entropy() -> None:
    """Lecture A20: as two distributions come closer."""
    p, q = np.array(ONE), np.array([0.1, 0.1, 0.8])
    values = [dnn.cross_entropy(p, (1 - t) * q + t * p) for t in np.linspace(0, 1, 11)]
    assert (np.diff(values) < 0).all()
    assert values[-1] == pytest.approx(dnn.entropy(p))


@on_every_engine
def test_the_loss_is_cross_entropy_in_nats(device: str) -> None:
    """`SoftmaxCrossEntropy` of z is the mean of H(y, softmax(z)); `BinaryCrossEntropy` that of two outcomes."""
    z, y = put(3 * numbers(7, 4), device), put(drawn_distributions(3, (7, 4)), device)
    expected = dnn.cross_entropy(y, dnn.softmax(z), base=math.e)
    assert_close(dnn.SoftmaxCrossEntropy().forward(z, y), engine.to_numpy(expected).mean())
    s = 1 / (1 + np.exp(-engine.to_numpy(z)))
    both = np.stack([engine.to_numpy(y), 1 - engine.to_numpy(y)], axis=-1)
    expected = dnn.cross_entropy(both, np.stack([s, 1 - s], axis=-1), base=math.e)
    assert_close(dnn.BinaryCrossEntropy().forward(z, y), expected.mean())


@on_every_engine
@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_softmax_along_any_axis(axis: int, device: str) -> None:
    z = 300 * numbers(2, 3, 4)
    assert_close(dnn.softmax(put(z, device), axis=axis), torch.softmax(torch.tensor(z), axis))


def test_softmax_in_float32_is_a_distribution() -> None:
    """The tolerance leaves room for rounding, with many classes too."""
    p = dnn.softmax((5 * numbers(20, 2000)).astype("float32"))
    assert dnn.entropy(p).shape == (20,)
    assert dnn.entropy(p).dtype == np.float32


def test_integers_and_mixed_precision() -> None:
    """One-hot rows may be integers; both are reckoned in the dtype of the first that is one of floats."""
    assert dnn.entropy(np.array([0, 1, 0])) == 0
    assert dnn.entropy(torch.tensor([0, 1])) == 0
    q = torch.tensor([[0.25, 0.75]], dtype=torch.float32)
    found = dnn.cross_entropy([[0, 1]], q)
    assert engine.is_torch(found)
    assert found.dtype == torch.float32
    assert float(found) == pytest.approx(-math.log2(0.75), rel=1e-6)


WRONG: list[Row] = [
    *(
        (f"{name}: {what}", lambda f=f, p=p: f(p, p), ValueError, ["p: ", *words])
        for name, f in MEASURES.items()
        for what, p, words in (
            ("negative", [0.5, -0.1, 0.6], ["[0, 1]", "from -0.1 to 0.6"]),
            ("NaN", [0.5, math.nan], ["[0, 1]", "nan"]),
            ("logits", [1.0, 2.0, 0.5], ["[0, 1]", "from 0.5 to 2", "softmax"]),
            ("sum", [0.5, 0.4], ["add up to 1", "from 0.9 to 0.9", "softmax"]),
            ("one of the sums", [[0.5, 0.5], [0.5, 0.499]], ["add up to 1", "from 0.999 to 1"]),
            ("a number", 1.0, ["last axis"]),
            ("nothing", [], ["last axis"]),
            ("rows unlike", [[0.5, 0.5], [1.0]], ["differ in length"]),
        )
    ),
    ("q is wrong", lambda: dnn.cross_entropy([0.5, 0.5], [0.5, 0.6]), ValueError, ["q: ", "add up to 1", "1.1"]),
    ("other shape", lambda: dnn.cross_entropy([0.5, 0.5], [1.0]), ValueError, ["one shape, got p (2,) and q (1,)"]),
    ("to broadcast", lambda: dnn.kl_divergence([[0.5, 0.5]], [0.5, 0.5]), ValueError, ["p (1, 2) and q (2,)"]),
    ("text", lambda: dnn.entropy(["a", "b"]), TypeError, ["p: expected an array of real numbers"]),
    ("information of more than 1", lambda: dnn.information(1.5), ValueError, ["p: ", "[0, 1]", "1.5"]),
    ("information of less than 0", lambda: dnn.information([0.5, -0.5]), ValueError, ["from -0.5 to 0.5"]),
    *(
        (f"base {base!r}", lambda base=base: dnn.entropy([1.0], base), ValueError, ["base", "above 1", repr(base)])
        for base in (1, 0, -2, 0.5, math.inf, math.nan, "e", None, True)
    ),
]


@rows(WRONG)
def test_what_is_no_distribution(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
