"""Networks in torch and back: the same names, numbers, gradients and modes; and what cannot be carried is refused."""

import pickle
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    LayerCase,
    alone,
    assert_close,
    each_layer,
    grad_of,
    in_every_dtype,
    numbers,
    on_every_engine,
    put,
    stack,
    theta_of,
)
from torch import nn

import dnnlib as dnn
from dnnlib import engine
from dnnlib.interop import from_torch, modules, state_dict, to_torch


def draws(layer: LayerCase) -> bool:
    """True if the layer draws at random in training, and so does not do the same in torch."""
    return any(hasattr(module, "rng") for module in layer.torch(layer.features).modules())


@on_every_engine
@each_layer
def test_to_torch(layer: LayerCase, device: str) -> None:
    """Outputs, gradients by autograd and running statistics, in both modes; names and order of the parameters."""
    model = stack(layer, 3, device)
    model(numbers(8, *layer.stack_shape, seed=5))  # running statistics move
    net = to_torch(model, layer.stack_shape)
    assert list(net.state_dict()) == list(state_dict(model))
    assert [name for name, _ in net.named_parameters()] == [name for name, _ in model.named_parameters()]
    x, grad_output = numbers(6, *layer.stack_shape), numbers(6, 3, seed=2)
    for training in [False] if draws(layer) else [False, True]:
        output = model.train(training).forward(put(x, device))
        model.backward(put(grad_output, device))
        expected = net.train(training)(torch.tensor(x, device=next(net.parameters()).device))
        net.zero_grad()
        expected.backward(torch.tensor(grad_output, device=expected.device))
        assert_close(output, expected, what="outputs")
        assert_close(model.grad, grad_of(net.cpu()), what="gradients of theta")
        assert_close(model.state, np.concatenate([*(b.double().numpy().ravel() for b in net.buffers()), np.zeros(0)]))
        net.to("cpu" if device == "numpy" else device)


@each_layer
def test_where_functions_have_their_corners(layer: LayerCase) -> None:
    """At 0 exactly, and far out."""
    model = alone(layer).eval()
    net = to_torch(model, layer.shape())
    for value in (0.0, -1000.0, 1000.0):
        x = np.full((2, *layer.shape()), value)
        assert_close(model.forward(x), net(torch.tensor(x)))


def without_start(model: dnn.Sequential) -> str:
    """The network in words, but for where PReLU's slopes once began: torch does not keep that."""
    return re.sub(r", init=[-.\d]+", "", repr(model))


@on_every_engine
@in_every_dtype
@each_layer
def test_there_and_back(layer: LayerCase, dtype: str, device: str) -> None:
    """The same layers with the same numbers, of either dtype, on either engine."""
    model = stack(layer, 3, device, dtype)
    model(numbers(8, *layer.stack_shape))
    net = to_torch(model.eval(), layer.stack_shape)
    back = from_torch(net, device=device)
    assert without_start(back) == without_start(model)
    assert (back.dtype, back.device, back.training) == (dtype, device, False)
    assert str(net[0].weight.dtype) == f"torch.{dtype}"
    for ours, theirs in ((back.theta, model.theta), (back.state, model.state)):
        np.testing.assert_array_equal(engine.to_numpy(ours), engine.to_numpy(theirs))


@pytest.mark.parametrize(
    "make", [lambda **o: dnn.lenet((3, 12, 12), **o), lambda **o: dnn.plain_net(8, **o), lambda **o: dnn.resnet(8, **o)]
)
def test_ready_networks(make: Any) -> None:
    """To torch and back, in training and testing."""
    model = make(dtype="float64")
    net, back = to_torch(model), from_torch(to_torch(model))
    x = numbers(4, 3, 12, 12)
    for training in (True, False):
        expected = model.train(training).forward(x)
        assert_close(net.train(training)(torch.tensor(x)), expected)
        assert_close(back.train(training).forward(x), expected)


@each_layer
def test_the_module_can_be_stored(layer: LayerCase) -> None:
    """By pickle, which torch.save uses."""
    model, x = alone(layer), numbers(4, *layer.shape())
    net = to_torch(model.eval(), layer.shape())
    again = pickle.loads(pickle.dumps(net))
    assert not again.training
    assert_close(again(torch.tensor(x)), model.forward(x))


def test_modes_stay() -> None:
    model = dnn.Sequential(dnn.Dropout(0.5), dnn.Dense(4, 3))
    for training in (True, False):
        assert to_torch(model.train(training)).training is training
        assert from_torch(to_torch(model)).training is training


def test_numbers_are_copies() -> None:
    """Training goes on in one, and leaves the other alone."""
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.BatchNorm(3))
    net = to_torch(model)
    back = from_torch(net)
    before = model.theta.copy(), model.state.copy()
    with torch.no_grad():
        for value in (*net.parameters(), *net.buffers()):
            value += 1
    for network in (model, back):
        np.testing.assert_array_equal(network.theta, before[0])
        np.testing.assert_array_equal(network.state, before[1])
    state_dict(model)["0.weight"][...] = 7
    np.testing.assert_array_equal(model.theta, before[0])


def test_torch_draws_as_if_nothing_had_been() -> None:
    model = dnn.Sequential(dnn.Dense(4, 3), dnn.PReLU())
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    to_torch(model)
    assert torch.equal(torch.rand(2), expected)


@pytest.mark.parametrize("inverted", [True, False])
def test_dropout_in_torch(inverted: bool) -> None:
    """As often, and by the same factor; in testing as here."""
    model = dnn.Sequential(dnn.Dropout(0.25, inverted), dtype="float64")
    net, x = to_torch(model), np.ones((1000, 20))
    torch.manual_seed(0)
    for network in (lambda: model.forward(x), lambda: net(torch.tensor(x)).numpy()):
        y = network()
        assert set(y.ravel()) == {0.0, 1 / 0.75 if inverted else 1.0}
        assert (y == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert_close(net.eval()(torch.tensor(x)), model.eval().forward(x))


def test_dropconnect_in_torch() -> None:
    """Connections drop out, the same for a whole batch, and neurons do not; the bias stays."""
    model = dnn.Sequential(dnn.DropConnect(50, 40, p=0.3), dtype="float64")
    model.layers[0].weight, model.layers[0].bias = np.ones((40, 50)), np.full(40, 0.5)
    net, one_input_a_row = to_torch(model), np.eye(50)
    torch.manual_seed(0)
    for network in (
        lambda: model.forward(one_input_a_row),
        lambda: net(torch.tensor(one_input_a_row)).detach().numpy(),
    ):
        y, again = network(), network()
        assert set((y - 0.5).ravel().round(12)) == {0.0, round(1 / 0.7, 12)}
        assert (y == 0.5).mean() == pytest.approx(0.3, abs=0.03)
        assert (y != again).any()


def test_a_network_of_torch() -> None:
    """Modules that torch's own users write; Sequentials within are unrolled; kernels need not be square."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Sequential(nn.Conv2d(2, 4, (3, 3), stride=(2, 2), padding=(1, 1), bias=False), nn.BatchNorm2d(4)),
        nn.ReLU(inplace=True),
        nn.Sequential(nn.MaxPool2d((2, 3)), nn.Sequential(nn.AvgPool2d(2, padding=(1, 0)), nn.PReLU(4))),
        nn.Sequential(nn.Conv2d(4, 6, (2, 1), (1, 2)), nn.Softplus(), nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten()),
        nn.Dropout(0.5, inplace=True),
        nn.Linear(6, 4),
        nn.BatchNorm1d(4, eps=1e-3, momentum=None),
        nn.Softmax(dim=1),
    )
    x = numbers(5, 2, 16, 16)
    net.double()(torch.tensor(x))
    model = from_torch(net.eval(), seed=3)
    assert_close(model.forward(x), net(torch.tensor(x)))
    np.testing.assert_array_equal(model.theta, theta_of(net))
    assert [type(layer).__name__ for layer in model.layers[2:6]] == ["ReLU", "MaxPool2d", "AvgPool2d", "PReLU"]


def test_the_same_activation_twice() -> None:
    """One module object in two places, as torch allows it for modules without parameters."""
    relu = nn.ReLU()
    net = nn.Sequential(nn.Linear(3, 4), relu, nn.Linear(4, 4), relu, nn.Linear(4, 2))
    model = from_torch(net)
    assert [type(layer).__name__ for layer in model.layers] == ["Dense", "ReLU", "Dense", "ReLU", "Dense"]
    assert_close(model(numbers(5, 3)), net(torch.tensor(numbers(5, 3), dtype=torch.float32)), 1e-6)


def test_without_parameters() -> None:
    assert from_torch(nn.Sequential(nn.ReLU())).dtype == "float32"


def test_seed() -> None:
    """Of what the network will draw."""
    net = nn.Sequential(nn.Linear(4, 3), nn.Dropout())
    draws = [from_torch(net, seed=seed).rng.random() for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_batch_norm_is_the_module_for_its_input() -> None:
    model = dnn.Sequential(dnn.Conv2d(2, 3, 1), dnn.BatchNorm(3), dnn.Flatten(), dnn.Dense(12, 5), dnn.BatchNorm(5))
    kinds = [type(part).__name__ for part in to_torch(model)]
    assert kinds == ["Conv2d", "BatchNorm2d", "Flatten", "Linear", "BatchNorm1d"]
    bare = dnn.Sequential(dnn.BatchNorm(3))
    assert isinstance(to_torch(bare, (3,))[0], nn.BatchNorm1d)
    assert isinstance(to_torch(bare, (3, 4, 4))[0], nn.BatchNorm2d)


def test_importing_it_is_light() -> None:
    program = "import sys, dnnlib.interop; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert {"torch", "onnx", "onnxruntime"} & set(done.stdout.split()) == set()


def test_torch_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dnnlib.interop.modules", None)
    for do in (lambda: to_torch(dnn.mlp(4, 3)), lambda: from_torch(nn.Sequential(nn.ReLU()))):
        with pytest.raises(ImportError, match=r'need torch: pip install "dnnlib\[torch\]"'):
            do()


def test_every_layer_and_module_is_known() -> None:
    """What is a layer has a module, and what `to_torch` makes, `from_torch` reads."""
    from dnnlib.layers import LAYERS

    assert set(modules.MODULES) | {dnn.BatchNorm, dnn.Residual} == set(LAYERS.values())
