"""`fit(compile=True)`: a step that was traced once and compiled gives what the same step gives as it is written.

Most tests run the traced operations as they are: what is ours is the trace. A few let torch's compiler make kernels.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from catalogue import (
    LayerCase,
    LossCase,
    OptimizerCase,
    assert_close,
    each_layer,
    each_loss,
    each_optimizer,
    numbers,
    on_every_torch_engine,
    stack,
)

import dnnlib as dnn
from dnnlib import compiled, engine

ROWS = 22  # two batches of 8 and one of 6


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """torch's compiler is left out: the traced operations run one by one. The graphs that it was given."""
    graphs: list[Any] = []
    monkeypatch.setattr(torch, "compile", lambda graph, **options: graphs.append(graph) or graph)
    return graphs


def fit(model: dnn.Sequential, x: np.ndarray, y: np.ndarray, **options: Any) -> tuple[np.ndarray, dnn.History]:
    """θ and the state after two epochs, and the history."""
    given = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(lr=0.1), "batch_size": 8, "epochs": 2} | options
    history = model.fit(x, y, **given)
    return np.concatenate([engine.to_numpy(model.theta), engine.to_numpy(model.state)]), history


def assert_same(make: Callable[[], dnn.Sequential], x: np.ndarray, y: np.ndarray, **options: Any) -> None:
    """Compiled or not: the same θ, state and history, and the same numbers drawn."""
    tolerance = options.pop("tolerance", 1e-12)
    models, found = [make(), make()], []
    for model, compile in zip(models, (False, True), strict=True):
        made = {name: options[name]() for name in ("optimizer", "loss") if name in options}
        found.append(fit(model, x, y, compile=compile, **options | made))
    (theta, history), (compiled_theta, compiled_history) = found
    start = engine.to_numpy(make().theta)
    assert abs(theta[: len(start)] - start).max() > 3 * tolerance, "it was a path, not a standstill"
    assert_close(compiled_theta, theta, tolerance, what="theta and state")
    assert list(history) == list(compiled_history)
    for name in set(history) - {"seconds"}:
        assert compiled_history[name] == pytest.approx(history[name], abs=100 * tolerance), name
    assert models[0].rng.bit_generator.state == models[1].rng.bit_generator.state
    assert_close(models[1].grad, models[0].grad, 100 * tolerance, what="the last gradient")


def layered(case: LayerCase, device: str) -> Callable[[], dnn.Sequential]:
    return lambda: stack(case, 3, device, "float64")


@on_every_torch_engine
@each_layer
def test_every_layer(layer: LayerCase, device: str, traced: list[Any]) -> None:
    x, y = numbers(ROWS, *layer.stack_shape), np.arange(ROWS) % 3
    assert_same(layered(layer, device), x, y, validation_data=(x, y))
    assert len(traced) == 1, "forward, backward and update are one graph"


@on_every_torch_engine
@each_loss
def test_every_loss(loss: LossCase, device: str, traced: list[Any]) -> None:
    x, y = numbers(ROWS, 5), loss.target(np.random.default_rng(0), ROWS, loss.outputs)
    assert_same(lambda: dnn.mlp(5, 4, loss.outputs, dtype="float64", device=device), x, y, loss=loss.make)
    assert traced


@on_every_torch_engine
@each_optimizer
def test_every_optimizer_under_a_schedule(optimizer: OptimizerCase, device: str, traced: list[Any]) -> None:
    """The rate and the corrections of the first steps are new in each step."""
    x, y = numbers(ROWS, 5), np.arange(ROWS) % 3
    make = lambda: dnn.mlp(5, 4, 3, activation=dnn.Tanh, dtype="float64", device=device)  # noqa: E731
    assert_same(make, x, y, optimizer=optimizer.make, schedule=dnn.LinearLR(per="step"), epochs=4)
    assert traced


def noisy(xb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return xb + rng.normal(0, 0.1, xb.shape).astype(xb.dtype)


OPTIONS: dict[str, dict[str, Any]] = {
    "L2": {"penalty": dnn.L2(0.1)},
    "L1": {"penalty": dnn.L1(0.1)},
    "transform": {"transform": noisy},
    "clipping": {"callbacks": [dnn.ClipGradNorm(0.1)], "penalty": dnn.L2(0.1)},
    "gradient norms": {"callbacks": [dnn.GradientNorms()]},
    "annealed dropout": {"callbacks": [dnn.AnnealedDropout(dnn.LinearLR(1.0, 0.0, total_iters=2))], "epochs": 4},
    "early stopping": {"callbacks": [dnn.EarlyStopping("loss", patience=1)], "epochs": 6},
    "no leftover": {"batch_size": 11},
    "one batch": {"batch_size": 100},
    "bfloat16": {"precision": "bfloat16", "tolerance": 5e-3},
    "bfloat16 with penalty": {"precision": "bfloat16", "penalty": dnn.L1(0.01), "tolerance": 5e-3},
    "tf32": {"precision": "tf32", "tolerance": 1e-6},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_options(options: dict[str, Any], traced: list[Any]) -> None:
    dtype = "float32" if "precision" in options else "float64"

    def make() -> dnn.Sequential:
        layers = dnn.Conv2d(1, 3, 3), dnn.BatchNorm(3), dnn.ReLU(), dnn.Flatten(), dnn.Dropout(0.3), dnn.Dense(12, 4)
        return dnn.Sequential(*layers, dnn.Sigmoid(), dnn.DropConnect(4, 3, p=0.2), dtype=dtype, device="cpu")

    assert_same(make, numbers(ROWS, 1, 4, 4), np.arange(ROWS) % 3, **options)
    watched = any(isinstance(c, dnn.ClipGradNorm | dnn.GradientNorms) for c in options.get("callbacks", ()))
    assert len(traced) == (2 if watched else 1)


def test_data_that_do_not_fit_on_the_device(traced: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """They stay where they are, and every batch is brought to the device: for training, validation, predictions."""
    x, y = numbers(ROWS, 5), np.arange(ROWS) % 3
    make = lambda: dnn.mlp(5, 4, 3, dtype="float64", device="cpu")  # noqa: E731
    model = make()
    expected = fit(model, x, y, validation_data=(x, y)), model.predict(x), model.evaluate(x, y)
    monkeypatch.setattr(engine, "fits", lambda x, like: False)
    for compile in (False, True):
        model, places = make(), []
        keep = SimpleNamespace(on=lambda run, places=places: places.append(engine.device_of(run.x)))
        callback = dnn.Callback()
        callback.on_start = keep.on  # type: ignore[method-assign]
        found = fit(model, x, y, validation_data=(x, y), compile=compile, callbacks=[callback])
        assert places == ["numpy"]
        assert_close(found[0], expected[0][0], 1e-12)
        assert found[1]["val_loss"] == pytest.approx(expected[0][1]["val_loss"], abs=1e-12)
        assert_close(model.predict(x), expected[1], 1e-12)
        assert model.evaluate(x, y).loss == pytest.approx(expected[2].loss, abs=1e-12)
    assert traced


def test_afterwards_all_is_as_ever(traced: list[Any]) -> None:
    """Network and optimizer hold real arrays, and go on in steps as they are written."""
    x, y = numbers(16, 5), np.arange(16) % 3
    thetas = []
    for compile in (False, True):
        model, optimizer = dnn.mlp(5, 4, 3, dtype="float64", device="cpu"), dnn.Adam(lr=0.01)
        fit(model, x, y, optimizer=optimizer, compile=compile)
        assert type(optimizer.lr) is float
        assert optimizer.t == 4
        xb, yb = torch.tensor(x[:5]), torch.tensor(y[:5])
        model.loss_and_grad(xb, yb, dnn.SoftmaxCrossEntropy())
        optimizer.step(model.theta, model.grad)
        thetas.append(model.theta)
    assert traced
    assert_close(thetas[1], thetas[0], 1e-12)


def test_resumed_to_the_last_bit(traced: list[Any], tmp_path: Any) -> None:
    x, y = numbers(ROWS, 5), np.arange(ROWS) % 3

    def train(name: str, epochs: int) -> np.ndarray:
        layers = dnn.Dense(5, 6), dnn.BatchNorm(6), dnn.Dropout(0.2), dnn.Dense(6, 3)
        model = dnn.Sequential(*layers, device="cpu")
        callbacks = [dnn.Checkpoint(tmp_path / name)]
        options = {"optimizer": dnn.Adam(), "epochs": epochs, "callbacks": callbacks}
        return fit(model, x, y, compile=True, **options)[0]

    whole = train("whole", 5)
    train("parts", 2)
    np.testing.assert_array_equal(train("parts", 5), whole)
    assert len(traced) == 3


def test_divergence_is_told(traced: list[Any]) -> None:
    model = dnn.mlp(5, 4, 3, device="cpu")
    with pytest.raises(dnn.DivergenceError, match="epoch 1, step"):
        fit(model, numbers(ROWS, 5), np.arange(ROWS) % 3, optimizer=dnn.SGD(lr=1e38), compile=True)
    assert traced


def test_numpy_is_refused() -> None:
    with pytest.raises(ValueError, match=r'compile=True is for torch.*model\.to\("cpu"\)'):
        fit(dnn.mlp(5, 4, 3), numbers(8, 5), np.arange(8) % 3, compile=True)


class Reads(dnn.Layer):
    """A layer whose result depends on a value that it reads."""

    def forward(self, x: Any) -> Any:
        return x if float(x.sum()) > 0 else -x

    def backward(self, grad_output: Any) -> Any:
        return grad_output


class CountsSteps(dnn.SGD):
    """An optimizer that reads a counter in its update, and does not say so in `numbers`."""

    def update(self, theta: Any, grad: Any, *memory: Any) -> None:
        theta -= self.lr / self.t * grad


def test_what_cannot_be_compiled_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = numbers(8, 5), np.arange(8) % 3
    network = lambda *layers: dnn.Sequential(dnn.Dense(5, 3), *layers, device="cpu")  # noqa: E731
    with pytest.raises(RuntimeError, match=r"cannot trace this step.*read no values; without compile=True"):
        fit(network(Reads()), x, y, compile=True)
    with pytest.raises(RuntimeError, match=r"cannot trace this step.*AttributeError.*'t'"):
        fit(network(), x, y, optimizer=CountsSteps(), compile=True)
    model, optimizer = network(), dnn.Adam()
    before = model.theta.clone()
    monkeypatch.setattr(compiled, "BACKEND", no_compiler)
    with pytest.raises(RuntimeError, match=r"could not compile this step.*no such compiler.*without compile=True"):
        fit(model, x, y, optimizer=optimizer, compile=True)
    assert bool((model.theta == before).all())
    assert optimizer.t == 0


def no_compiler(*_: Any) -> Any:
    raise OSError("no such compiler\nand a hundred more lines")


class FakeCuda:
    """What `compiled` asks of torch.cuda, written down."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.stream = self._noted("stream")
        self.graph = self._noted("graph")

    def _noted(self, what: str) -> Any:
        test = self

        class Context:
            def __init__(self, *_: Any, **options: Any) -> None:
                self.options = options

            def __enter__(self) -> None:
                test.log.append(f"{what} {self.options}" if self.options else what)

            def __exit__(self, *_: Any) -> None:
                test.log.append(f"end of {what}")

        return Context

    def current_stream(self) -> Any:
        return SimpleNamespace(wait_stream=lambda other: self.log.append("wait for the side"))

    def Stream(self) -> Any:
        return SimpleNamespace(wait_stream=lambda other: self.log.append("wait for the main"))

    def CUDAGraph(self) -> Any:
        return SimpleNamespace(replay=lambda: self.log.append("replay"))


def test_a_graph_is_captured_after_trials_on_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of calls that CUDA wants; trials must not train. What it computes is tested where there is a GPU."""
    cuda = FakeCuda()
    monkeypatch.setattr(engine, "torch", lambda: SimpleNamespace(cuda=cuda))
    run = compiled._captured(lambda *arrays: cuda.log.append(f"run on {arrays[0]}"), ["a copy"], ["theta"])
    run()
    trials = ["run on a copy"] * compiled.WARM_UPS
    capture = ["graph {'capture_error_mode': 'thread_local'}", "run on theta", "end of graph"]
    before = ["wait for the main", "stream", *trials, "end of stream", "wait for the side"]
    assert cuda.log == [*before, *capture, "replay"]


def test_by_the_compiler() -> None:
    """Kernels made by torch's compiler: convolution, BatchNorm, pooling, dense layers, Adam."""
    x, y = dnn.data.digits()
    layers = dnn.Conv2d(1, 4, 3, padding=1, bias=False), dnn.BatchNorm(4), dnn.ReLU(), dnn.MaxPool2d(2), dnn.Flatten()
    make = lambda: dnn.Sequential(*map(remade, layers), dnn.Dense(64, 10), device="cpu")  # noqa: E731
    options = {"optimizer": lambda: dnn.Adam(lr=1e-3), "penalty": dnn.L2(1e-3), "batch_size": 100}
    assert_same(make, x[:450].reshape(-1, 1, 8, 8), y[:450], tolerance=2e-5, **options)


def remade(layer: dnn.Layer) -> dnn.Layer:
    return type(layer)(**layer.options())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("compile", [False, True])
def test_no_step_waits_for_the_gpu(compile: bool) -> None:
    """Between the first and the last step of an epoch nothing is read from the GPU."""

    class Strict(dnn.Callback):
        steps = 0

        def on_epoch_start(self, run: dnn.Run) -> None:
            self.steps = 0

        def on_gradient(self, run: dnn.Run) -> None:
            self.steps += 1
            torch.cuda.set_sync_debug_mode("error" if self.steps < 4 else "default")

    x, y = numbers(80, 5), np.arange(80) % 3
    model = dnn.mlp(5, 4, 3, device="cuda")
    strict = Strict()
    fit(model, x, y, compile=compile, epochs=3, callbacks=[strict])
    assert strict.steps == 10
