"""Networks in torch and back: the same names, numbers, gradients and modes; and what cannot be carried is refused."""

import copy
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
from mistakes import Row, check, rows
from torch import nn

import dnnlib as dnn
from dnnlib import engine
from dnnlib.interop import from_torch, load_state_dict, modules, state_dict, to_torch


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


class Scale(dnn.Layer):
    """A layer of a student's own."""

    def forward(self, x: Any) -> Any:
        return 2 * x


class Twice(nn.Sequential):
    """A Sequential that does something else."""

    def forward(self, x: Any) -> Any:
        return super().forward(super().forward(x))


def tied() -> nn.Sequential:
    net = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    net[1].weight = net[0].weight
    return net


def take(*parts: nn.Module) -> Any:
    return lambda: from_torch(nn.Sequential(*parts))


def norm(**options: Any) -> nn.Module:
    return nn.BatchNorm2d(3, **options)


REFUSALS: list[Row] = [
    ("one module", lambda: from_torch(nn.Linear(3, 4)), TypeError, ["expected a torch.nn.Sequential", "got Linear"]),
    ("no module", lambda: from_torch(7), TypeError, ["expected a torch.nn.Sequential", "got int: 7"]),
    ("a Sequential of one's own", lambda: from_torch(Twice(nn.ReLU())), TypeError, ["torch.nn.Sequential", "Twice"]),
    ("such a one within", take(Twice(nn.ReLU())), ValueError, ["module 0, Twice", "none that the library has", "ReLU"]),
    ("nothing", lambda: from_torch(nn.Sequential()), ValueError, ["at least one layer"]),
    ("unknown", take(nn.ReLU(), nn.Sequential(nn.GELU())), ValueError, ["module 1.0, GELU", "none that", "Softplus"]),
    ("lazy", take(nn.LazyLinear(3)), ValueError, ["LazyLinear"]),
    ("groups", take(nn.Conv2d(4, 4, 3, groups=2)), ValueError, ["module 0, Conv2d(", "groups=2, the library has 1"]),
    ("dilation", take(nn.Conv2d(4, 4, 3, dilation=2)), ValueError, ["dilation=2, the library has 1"]),
    ("uneven dilation", take(nn.Conv2d(4, 4, 3, dilation=(1, 2))), ValueError, ["dilation=(1, 2)"]),
    (
        "reflection",
        take(nn.Conv2d(4, 4, 3, padding_mode="reflect")),
        ValueError,
        ["the library has 'zeros'"],
    ),
    ("padding by name", take(nn.Conv2d(4, 4, 3, padding="same")), ValueError, ["Conv2d(", "padding", "'same'"]),
    ("pool rounds up", take(nn.MaxPool2d(2, ceil_mode=True)), ValueError, ["ceil_mode=True, the library has False"]),
    ("pool with indices", take(nn.MaxPool2d(2, return_indices=True)), ValueError, ["return_indices=True"]),
    ("average of what is there", take(nn.AvgPool2d(2, count_include_pad=False)), ValueError, ["count_include_pad"]),
    (
        "average by 3",
        take(nn.AvgPool2d(2, divisor_override=3)),
        ValueError,
        ["divisor_override=3"],
    ),
    ("global pool to 2 × 2", take(nn.AdaptiveAvgPool2d(2)), ValueError, ["output_size=2, the library has 1 alone"]),
    ("global pool left", take(nn.AdaptiveAvgPool2d(1)), ValueError, ["AdaptiveAvgPool2d", "followed by Flatten()"]),
    ("global pool on", take(nn.AdaptiveAvgPool2d(1), nn.ReLU()), ValueError, ["followed by Flatten()"]),
    ("norm without γ", take(norm(affine=False)), ValueError, ["module 0, BatchNorm2d(", "affine=False"]),
    ("norm by batch", take(norm(track_running_stats=False)), ValueError, ["track_running_stats=False"]),
    ("channels drop out", take(nn.Dropout2d()), ValueError, ["module 0, Dropout2d", "none that the library has"]),
    ("flatten the batch", take(nn.Flatten(0)), ValueError, ["start_dim=0, the library has 1 alone"]),
    ("softmax of rows", take(nn.Softmax(dim=0)), ValueError, ["dim=0, the library has 1 alone"]),
    ("softplus of 2x", take(nn.Softplus(beta=2)), ValueError, ["beta=2, the library has 1 alone"]),
    (
        "bfloat16",
        lambda: from_torch(nn.Sequential(nn.Linear(2, 2)).bfloat16()),
        ValueError,
        ["bfloat16", "net.float()"],
    ),
    ("two dtypes", take(nn.Linear(2, 2), nn.Linear(2, 2).double()), ValueError, ["float32, float64", "net.float()"]),
    ("tied weights", lambda: from_torch(tied()), ValueError, ["two modules share a parameter"]),
    ("sizes do not fit", take(nn.Linear(2, 3), nn.Linear(2, 3)), ValueError, ["layer 1 does not fit"]),
    (
        "diverged",
        take(nn.BatchNorm1d(3).apply(lambda module: nn.init.constant_(module.weight, np.nan))),
        ValueError,
        ["0.weight: NaN or infinite"],
    ),
    ("layer of one's own", lambda: to_torch(dnn.Sequential(Scale())), ValueError, ["layer 0, Scale()", "not part of"]),
    (
        "one's own in a block",
        lambda: to_torch(dnn.Sequential(dnn.Residual([Scale()]))),
        ValueError,
        ["layer 0.body.0, Scale()"],
    ),
    (
        "norm of what",
        lambda: to_torch(dnn.Sequential(dnn.ReLU(), dnn.BatchNorm(3))),
        ValueError,
        ["layer 1, BatchNorm(3)", "BatchNorm1d", "BatchNorm2d for images: pass input_shape"],
    ),
    (
        "another input",
        lambda: to_torch(dnn.Sequential(dnn.BatchNorm(3)), (4, 5, 5)),
        ValueError,
        ["layer 0 does not fit input_shape (4, 5, 5)"],
    ),
]


@rows(REFUSALS)
def test_what_cannot_be_carried(do: Any, error: type[Exception], words: list[str]) -> None:
    check(do, error, words)


def test_batch_norm_is_the_module_for_its_input() -> None:
    model = dnn.Sequential(dnn.Conv2d(2, 3, 1), dnn.BatchNorm(3), dnn.Flatten(), dnn.Dense(12, 5), dnn.BatchNorm(5))
    kinds = [type(part).__name__ for part in to_torch(model)]
    assert kinds == ["Conv2d", "BatchNorm2d", "Flatten", "Linear", "BatchNorm1d"]
    bare = dnn.Sequential(dnn.BatchNorm(3))
    assert isinstance(to_torch(bare, (3,))[0], nn.BatchNorm1d)
    assert isinstance(to_torch(bare, (3, 4, 4))[0], nn.BatchNorm2d)


def network(**options: Any) -> dnn.Sequential:
    block = dnn.Residual([dnn.Dense(3, 3), dnn.BatchNorm(3)])
    return dnn.Sequential(dnn.Dense(4, 3), block, dnn.Dense(3, 2), **options)


@on_every_engine
@in_every_dtype
def test_state_of_torch(dtype: str, device: str) -> None:
    """Tensors of any float type, and counters as integers, both ways."""
    model, other = network(seed=1, dtype=dtype, device=device), network(seed=2, dtype=dtype, device=device)
    model(numbers(6, 4))
    net = to_torch(model)
    load_state_dict(other, net.state_dict())
    for ours, theirs in ((other.theta, model.theta), (other.state, model.state)):
        np.testing.assert_array_equal(engine.to_numpy(ours), engine.to_numpy(theirs))
    state = state_dict(model)
    assert state["1.body.1.num_batches_tracked"].dtype == np.int64
    assert state["1.body.1.num_batches_tracked"] == 1
    assert {str(value.dtype) for name, value in state.items() if "tracked" not in name} == {dtype}
    load_state_dict(other, {name: value.astype("f2") for name, value in state.items()})
    half = float(other.theta[0])
    load_state_dict(other, net.bfloat16().state_dict())
    assert half == pytest.approx(float(other.theta[0]), rel=1e-2)
    assert half != float(other.theta[0])


def altered(**changes: Any) -> dict[str, Any]:
    """A state dict that fits `network` but for those changes; None removes an entry. "__" stands for a dot."""
    state: dict[str, Any] = state_dict(network()) | {name.replace("__", "."): v for name, v in changes.items()}
    return {name.removeprefix("at."): value for name, value in state.items() if value is not None}


BAD_STATES: list[tuple[str, Any, type[Exception], list[str]]] = [
    ("a module", nn.Linear(2, 2), TypeError, ["expected a mapping from names to arrays", "got Linear"]),
    ("a list", [1, 2], TypeError, ["expected a mapping", "got list [1, 2]"]),
    ("another network's", {"fc.weight": np.ones(3)}, ValueError, ["0.weight is missing", "fc.weight is not one of"]),
    (
        "all at once",
        {
            name: value
            for name, value in (
                state_dict(network())
                | {"0.weight": np.ones((4, 3)), "2.bias": np.array([1.0, np.nan]), "more": np.ones(2), "0.bias": "text"}
            ).items()
            if name != "1.body.1.running_mean"
        },
        ValueError,
        [
            "0.weight: shape (3, 4) needed, (4, 3) found",
            "2.bias: NaN or infinite in float32",
            "more is not one of the network's",
            "0.bias: the value: expected an array of real numbers",
            "1.body.1.running_mean is missing",
        ],
    ),
    (
        "too large",
        state_dict(network()) | {"0.bias": np.full(3, 1e300)},
        ValueError,
        ["0.bias: NaN or infinite"],
    ),
    ("complex", state_dict(network()) | {"0.bias": np.full(3, 1j)}, ValueError, ["0.bias", "real numbers"]),
    ("ragged", state_dict(network()) | {"0.bias": [[1], [1, 2]]}, ValueError, ["0.bias", "rows may differ"]),
]


@pytest.mark.parametrize(("state", "error", "words"), [row[1:] for row in BAD_STATES], ids=[r[0] for r in BAD_STATES])
def test_state_that_does_not_fit(state: Any, error: type[Exception], words: list[str]) -> None:
    """One message with everything that is wrong, and nothing is changed."""
    model = network(seed=3)
    before = model.theta.copy(), model.state.copy(), copy.deepcopy(state)
    check(lambda: load_state_dict(model, state), error, words)
    np.testing.assert_array_equal(model.theta, before[0])
    np.testing.assert_array_equal(model.state, before[1])


def test_importing_it_is_light() -> None:
    program = "import sys, dnnlib.interop; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert {"torch", "onnx", "onnxruntime"} & set(done.stdout.split()) == set()


def test_torch_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dnnlib.interop.modules", None)
    for do in (lambda: to_torch(network()), lambda: from_torch(nn.Sequential(nn.ReLU()))):
        with pytest.raises(ImportError, match=r'need torch: pip install "dnnlib\[torch\]"'):
            do()


def test_every_layer_and_module_is_known() -> None:
    """What is a layer has a module, and what `to_torch` makes, `from_torch` reads."""
    from dnnlib.layers import LAYERS

    assert set(modules.MODULES) | {dnn.BatchNorm, dnn.Residual} == set(LAYERS.values())
