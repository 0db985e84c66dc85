"""A network comes back from its file as it was, and a save that fails does no harm."""

import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    LAYERS,
    LOSSES,
    LayerCase,
    each,
    each_layer,
    in_every_dtype,
    numbers,
    on_every_engine,
    stack,
    stack_modules,
)
from safetensors.numpy import load_file
from safetensors.torch import load_file as load_torch_file
from torch import nn

import dnnlib as dnn
from dnnlib import engine


def trained(**options: Any) -> dnn.Sequential:
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.Tanh(), dnn.Dense(3, 2, bias=False), seed=1, **options)
    x, y = numbers(30, 4), np.arange(30) % 2
    model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.1))
    return model


@on_every_engine
@in_every_dtype
@each_layer
def test_round_trip(layer: LayerCase, device: str, dtype: str, tmp_path: Path) -> None:
    model, x = stack(layer, 3, device, dtype), numbers(6, *layer.stack_shape)
    model(x)  # running statistics move
    model.save(tmp_path / "model.safetensors")
    for place in ("numpy", device):
        other = dnn.load(tmp_path / "model.safetensors", device=place)
        assert (other.device, other.dtype) == (place, dtype)
        assert [repr(a) for a in other.layers] == [repr(b) for b in model.layers]
        assert other.theta.dtype == dnn.Sequential(dnn.ReLU(), dtype=dtype, device=place).theta.dtype
        np.testing.assert_array_equal(engine.to_numpy(other.theta), engine.to_numpy(model.theta))
        np.testing.assert_array_equal(engine.to_numpy(other.state), engine.to_numpy(model.state))
    np.testing.assert_array_equal(other.predict(x), model.predict(x))


@on_every_engine
def test_evaluate_after_load(device: str, tmp_path: Path) -> None:
    """The loss comes along, so that `evaluate` needs no further word; and training goes on."""
    model = trained(device=device)
    model.save(str(tmp_path / "model"))
    other = dnn.load(str(tmp_path / "model"), device)
    x, y = numbers(50, 4, seed=2), np.arange(50) % 2
    assert other.evaluate(x, y) == model.evaluate(x, y)
    other.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.SGD(lr=0.1))
    assert bool((other.theta != model.theta).any())


@each("loss", LOSSES)
def test_every_loss_comes_along(loss: Any, tmp_path: Path) -> None:
    model = dnn.Sequential(dnn.Dense(4, loss.outputs))
    y = loss.target(np.random.default_rng(0), 9, loss.outputs)
    model.fit(numbers(9, 4), y, loss=loss.make(), optimizer=dnn.SGD(lr=0.1))
    model.save(tmp_path / "m")
    assert type(dnn.load(tmp_path / "m").loss) is type(loss.make())


def test_untrained_network(tmp_path: Path) -> None:
    dnn.Sequential(dnn.Dense(4, 3)).save(tmp_path / "m")
    assert dnn.load(tmp_path / "m").loss is None


@pytest.mark.parametrize("layer", LAYERS, ids=lambda case: case.name)
def test_torch_reads_the_file(layer: LayerCase, tmp_path: Path) -> None:
    """Under torch's own names, so that `torch.nn.Sequential` takes the tensors as they are."""
    model = stack(layer, 3)
    model.save(tmp_path / "m.safetensors")
    network, x = nn.Sequential(*stack_modules(layer, 3)).double().eval(), numbers(6, *layer.stack_shape)
    network.load_state_dict(load_torch_file(tmp_path / "m.safetensors"), strict=True)
    with torch.no_grad():
        np.testing.assert_allclose(network(torch.tensor(x)), model.predict(x), rtol=1e-9, atol=1e-9)
    assert set(load_file(tmp_path / "m.safetensors")) == set(network.state_dict())


def test_an_initializer_of_ones_own_does_not_hinder(tmp_path: Path) -> None:
    """It drew the start, which is over; θ is what is stored."""
    model = dnn.Sequential(dnn.Dense(4, 3, weight_init=lambda shape, rng: np.ones(shape)))
    model.save(tmp_path / "m")
    np.testing.assert_array_equal(dnn.load(tmp_path / "m").theta, model.theta)


def test_a_diverged_network_is_kept_as_it_is(tmp_path: Path) -> None:
    """To the bit: what went wrong can be looked into later."""
    model = dnn.Sequential(dnn.Dense(4, 3))
    model.theta[:5] = np.nan, np.inf, -np.inf, 1e-45, -0.0
    model.save(tmp_path / "m")
    assert dnn.load(tmp_path / "m").theta.tobytes() == model.theta.tobytes()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    trained().save(tmp_path / "m.safetensors")
    return tmp_path / "m.safetensors"


def test_a_save_that_fails_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disk full, power cut, Ctrl-C: the file is the old one, whole, and nothing else lies there."""
    before = file.read_bytes()
    for name, error in (
        ("replace", OSError("disk full")),
        ("replace", KeyboardInterrupt()),
        ("fsync", OSError("disk full")),
    ):
        with monkeypatch.context() as patch:

            def fail(*arguments: Any, error: BaseException = error) -> None:
                raise error

            patch.setattr(os, name, fail)
            with pytest.raises(type(error)):
                trained(dtype="float64").save(file)
        assert file.read_bytes() == before
        assert os.listdir(file.parent) == [file.name]


def test_a_save_replaces_the_old_file(file: Path) -> None:
    before = file.read_bytes()
    trained(dtype="float64").save(file)
    assert file.read_bytes() != before
    assert dnn.load(file).dtype == "float64"
    assert os.listdir(file.parent) == [file.name]


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    trained().save(tmp_path / "a")
    trained().save(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_others_may_read_the_file_as_any_other(tmp_path: Path) -> None:
    trained().save(tmp_path / "m")
    (tmp_path / "plain").write_text("")
    assert stat.S_IMODE((tmp_path / "m").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_save_where_no_file_can_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cannot write .*m: there is no folder .*no$"):
        trained().save(tmp_path / "no" / "m")
    (tmp_path / "taken").mkdir()
    with pytest.raises(IsADirectoryError):
        trained().save(tmp_path / "taken")
    assert os.listdir(tmp_path) == ["taken"]


class Scale(dnn.Layer):
    """A layer of a student's own."""

    def forward(self, x: Any) -> Any:
        return 2 * x


class Hinge(dnn.MeanSquaredError):
    """A loss of a student's own."""


def test_what_is_not_part_of_the_library_is_refused(tmp_path: Path) -> None:
    model = dnn.Sequential(dnn.Dense(4, 3), Scale())
    with pytest.raises(ValueError, match=r"save: Scale\(\) is not part of dnnlib, so load could not rebuild it"):
        model.save(tmp_path / "m")
    model = dnn.Sequential(dnn.Dense(4, 3))
    model.fit(numbers(5, 4), numbers(5, 3), loss=Hinge(), optimizer=dnn.SGD())
    with pytest.raises(ValueError, match=r"save: Hinge\(\) is not part of dnnlib"):
        model.save(tmp_path / "m")
    assert os.listdir(tmp_path) == []
