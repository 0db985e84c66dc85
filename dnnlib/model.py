"""The network: layers in a row, and one flat vector θ that holds all their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from dnnlib import engine, flat, training
from dnnlib.average import Evaluation
from dnnlib.data.prepare import check_batch_size
from dnnlib.distributed import Alone
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Shape, build, has_parameters, recipe
from dnnlib.losses import Loss
from dnnlib.precision import matrix_products


class Sequential:
    """A feed-forward network: f(x; θ) = layer_L( … layer_2(layer_1(x)) … ).

    `theta` is one flat vector with every parameter of every layer, in order; `grad` is ∇L(θ), equally long. Each
    layer's `weight`, `bias`, `grad_weight` and `grad_bias` are views into the two. What layers remember beside their
    parameters, such as BatchNorm's running statistics, lies in `state` the same way.

    `seed` (an integer or a `numpy.random.Generator`) draws the starting weights, and then the order of the examples
    in `fit` and what layers such as Dropout draw; it is kept as `rng`. `dtype` is "float32" or "float64"; `device` is
    "numpy", "cpu" (torch), "cuda" or "cuda:N". The same seed gives the same start on every device.

    `forward`, `backward` and `loss_and_grad` want arrays of the network's own device and dtype, and say so otherwise.
    `model(x)`, `fit`, `evaluate` and `predict` convert what they are given. A new network is in training mode
    (`train`, `eval`); `fit` always trains in it, `evaluate` and `predict` never work in it.

    Raises TypeError for what is not a layer, ValueError for layers that do not fit together, with their positions.
    Source: lectures A07, A08 (θ = {W¹, b¹, W², b², …}), C10.
    """

    def __init__(
        self,
        *layers: Layer,
        seed: int | np.random.Generator = 0,
        dtype: str = "float32",
        device: str = "numpy",
    ) -> None:
        self.layers = layers
        self.dtype = engine.check_dtype(dtype)
        self.device = engine.check_device(device)
        self.loss: Loss | None = None
        rng = np.random.default_rng(seed)
        self.output_features = self._check_layers()
        parts = [layer for _, layer in self.named_layers()]
        self._first = next((i for i, layer in enumerate(layers) if has_parameters(layer)), None)  # with parameters
        self._place(flat.starts(parts, rng).astype(dtype), flat.buffers(parts).astype(dtype))
        self.rng = rng
        self.train()

    def _check_layers(self) -> int | None:
        if not self.layers:
            raise ValueError("Sequential needs at least one layer")
        shape: Shape | None = None
        seen: list[Layer] = []
        for position, layer in enumerate(self.layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"Sequential: layer {position} must be a layer such as dnnlib.ReLU(), got {layer!r}")
            for _, part in layer.walk(""):
                if part.views is not None or any(part is other for other in seen):
                    raise ValueError(
                        f"Sequential: layer {position}, {part}, is already part of a network: make a new one"
                    )
                seen.append(part)
            try:
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(f"Sequential: layer {position} does not fit the layers before it: {error}") from None
        return shape[0] if shape and len(shape) == 1 else None

    def _place(self, theta: np.ndarray, state: np.ndarray) -> None:
        """Put θ and the state on the device and tie every layer's views to them."""
        self._theta = engine.to_device(theta.copy(), self.device)
        self._grad = engine.namespace(self._theta).zeros_like(self._theta)
        self._state = engine.to_device(state.copy(), self.device)
        self._output_shape: tuple[int, ...] | None = None
        layers = [layer for _, layer in self.named_layers()]
        for layer, views in zip(layers, flat.views(layers, self._theta, self._grad, self._state), strict=True):
            layer.views = views

    @property
    def theta(self) -> Array:
        """All parameters as one flat vector. Assigning copies the values in, so that the layers' views stay tied."""
        return self._theta

    @theta.setter
    def theta(self, values: Array) -> None:
        flat.copy_in("theta", values, self._theta)

    @property
    def grad(self) -> Array:
        """∇L(θ) of the last `backward`, as one flat vector: ∂L/∂θᵢ stands where θᵢ does. Assigning copies too."""
        return self._grad

    @grad.setter
    def grad(self, values: Array) -> None:
        flat.copy_in("grad", values, self._grad)

    @property
    def state(self) -> Array:
        """What the layers remember beside θ (running statistics), as one flat vector. Assigning copies too."""
        return self._state

    @state.setter
    def state(self, values: Array) -> None:
        flat.copy_in("state", values, self._state)

    @property
    def rng(self) -> np.random.Generator:
        """The one generator from which the network draws: the order of the examples, the neurons that drop out."""
        return self._rng

    @rng.setter
    def rng(self, rng: np.random.Generator) -> None:
        self._rng = rng
        for _, layer in self.named_layers():
            layer.rng = rng

    def train(self, mode: bool = True) -> Sequential:
        """Training mode, for all layers: Dropout drops, BatchNorm uses the batch's own statistics. Returns self."""
        self.training = mode
        for _, layer in self.named_layers():
            layer.training = mode
        return self

    def eval(self) -> Sequential:
        """Testing mode, for all layers: nothing is random, an example's outputs do not depend on its batch."""
        return self.train(False)

    @contextmanager
    def mode(self, training: bool) -> Iterator[None]:
        """`with model.mode(False):` works in testing mode and goes back to the mode before, whatever happens."""
        before = self.training
        self.train(training)
        try:
            yield
        finally:
            self.train(before)

    def to(self, device: str) -> Sequential:
        """Move θ and the state to another device, in place, and return the network: the same equations go on there."""
        self.device = engine.check_device(device)
        self._place(engine.to_numpy(self._theta), engine.to_numpy(self._state))
        return self

    def forward(self, x: Array) -> Array:
        """The outputs for a batch x (batch, features): (batch, outputs). Each layer keeps what `backward` needs."""
        self._check_array(x, "input")
        for layer in self.layers:
            x = layer.forward(x)
        self._output_shape = tuple(x.shape)
        return x

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        """From ∂L/∂outputs fill `grad` (overwriting it) and return ∂L/∂x, or None with `input_grad=False`.

        Backpropagation: the layers in reverse order, each handing its ∂L/∂x to the one before. Raises RuntimeError
        before the first `forward`, ValueError for another shape than its outputs'. Lectures A31, E09.
        """
        if self._output_shape is None:
            raise RuntimeError("backward goes back through the last forward, and there was none yet: call forward(x)")
        self._check_array(grad_output, "gradient of the outputs")
        if tuple(grad_output.shape) != self._output_shape:
            raise ValueError(
                f"backward: the outputs had shape {self._output_shape}, but their gradient {tuple(grad_output.shape)}"
            )
        return self.backward_layers(grad_output, input_grad)

    def backward_layers(self, grad_output: Array, input_grad: bool = True) -> Array:
        """`backward` without its checks: the gradient as the layers' views are."""
        for i, layer in zip(reversed(range(len(self.layers))), reversed(self.layers), strict=True):
            if i == self._first and not input_grad:
                return layer.backward(grad_output, input_grad=False)  # type: ignore[call-arg]
            grad_output = layer.backward(grad_output)
        return grad_output if input_grad else None

    def loss_and_grad(self, x: Array, y: Array, loss: Loss) -> Array:
        """L(θ) of a batch, with `grad` filled by ∇L(θ): one forward and one backward pass."""
        value = loss.forward(self.forward(x), y)
        self.backward(loss.backward(), input_grad=False)
        return value

    fit = training.fit

    def evaluate(self, x: Any, y: Any, loss: Loss | None = None) -> Evaluation:
        """(loss, accuracy) on x, y; `loss` is that of the last `fit` unless given. Source: lectures A32, C10."""
        loss = loss or self.loss
        if loss is None:
            raise ValueError(
                "evaluate: this network was not trained yet: pass loss=, e.g. dnnlib.SoftmaxCrossEntropy()"
            )
        training.check_loss("evaluate", loss)
        with self.mode(training=False), matrix_products(self.device, self.dtype):
            return training.measure(self, *training.prepare(self, x, y, loss), loss, Alone())

    def predict(self, x: Any, batch_size: int = 100) -> np.ndarray:
        """The outputs for x as a NumPy array, computed `batch_size` examples at a time.

        With a softmax loss these are logits: `predict(x).argmax(1)` are labels, `softmax(predict(x))` probabilities.
        """
        x, batch_size = training.inputs(self, x), check_batch_size("predict", batch_size)
        with self.mode(training=False), matrix_products(self.device, self.dtype):
            starts = range(0, max(len(x), 1), batch_size)
            parts = [self.forward(engine.to_device(x[i : i + batch_size], self.device)) for i in starts]
        return np.concatenate([engine.to_numpy(part) for part in parts])

    def __call__(self, x: Any) -> Array:
        return self.forward(engine.to_device(training.inputs(self, x), self.device))

    def _check_array(self, x: Array, name: str) -> None:
        theta = self.theta
        if type(x) is type(theta) and x.dtype == theta.dtype and x.device == theta.device:
            return
        got = f"{engine.describe(x)}{f' on {x.device}' if engine.is_torch(x) else ''}"
        raise TypeError(
            f"this network computes in {self.dtype} on device {self.device!r}, but the {name} is {got}. "
            f"model(x), fit, evaluate and predict convert it; for a NumPy network x.astype({self.dtype!r}) does"
        )

    def named_layers(self) -> Iterator[tuple[str, Layer]]:
        """("0", layer), ("1", layer) …, and the layers that these are made of: "3.body.0" …"""
        for position, layer in enumerate(self.layers):
            yield from layer.walk(str(position))

    def named_parameters(self) -> Iterator[tuple[str, Array]]:
        """("0.weight", view), ("0.bias", view), ("2.weight", view) …: the names that torch.nn.Sequential gives."""
        for position, layer in self.named_layers():
            for name in layer.shapes():
                yield f"{position}.{name}", getattr(layer, name)

    def named_buffers(self) -> Iterator[tuple[str, Array]]:
        """("1.running_mean", view) …: what lies in `state`, by torch's names."""
        for position, layer in self.named_layers():
            for name in layer.buffers():
                yield f"{position}.{name}", getattr(layer, name)

    def summary(self, input_shape: tuple[int, ...] | None = None) -> str:
        """A table of layers, output shapes and parameters: print(model.summary()); see `dnnlib.summary`."""
        from dnnlib import models

        return models.summary(self, input_shape)

    def save(self, path: str | Path) -> None:
        """Write architecture and θ to a safetensors file; see `dnnlib.load`."""
        from dnnlib import storage

        storage.save(self, path)

    def __reduce__(self) -> Any:
        recipes = [recipe(layer) for layer in self.layers]
        arrays = engine.to_numpy(self.theta), engine.to_numpy(self.state)
        return _rebuild, (recipes, *arrays, self.rng, self.dtype, self.device, self.loss, self.training)

    def __repr__(self) -> str:
        rows = [f"  ({i}) {layer}" for i, layer in enumerate(self.layers)]
        count = self.theta.shape[0]
        return "\n".join(["Sequential(", *rows, f")  {count} parameters, {self.dtype} on {self.device}"])


def _rebuild(
    recipes: list[Any],
    theta: np.ndarray,
    state: np.ndarray,
    rng: np.random.Generator,
    dtype: str,
    device: str,
    loss: Loss | None,
    training: bool,
) -> Sequential:
    """The network that was copied or pickled, with views of its own."""
    model = Sequential(*(build(made_of, lambda kind: kind) for made_of in recipes), dtype=dtype, device=device)
    model.theta[...] = engine.to_device(theta, device)
    model.state[...] = engine.to_device(state, device)
    model.rng, model.loss = rng, loss
    return model.train(training)
