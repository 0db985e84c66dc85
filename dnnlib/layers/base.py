"""What every layer has: forward, backward, and parameters that are views into the network's θ."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array


class Parameter:
    """A parameter, or its gradient, as a view into the flat vector θ, or ∇L(θ).

    Reading `layer.weight` gives the view, so `layer.weight[0] = 1` changes θ. Assigning `layer.weight = values`
    copies the values into θ: the tie is never broken. Another shape raises ValueError.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, layer: Layer | None, owner: type | None = None) -> Any:
        if layer is None:
            return self
        if layer.views is None:
            raise RuntimeError(f"{layer} has no {self.name} yet: a layer gets its place in θ from Sequential(...)")
        return layer.views.get(self.name)

    def __set__(self, layer: Layer, values: Any) -> None:
        view = self.__get__(layer)
        if view is None:
            raise ValueError(f"{layer} was made without {self.name}, so there is nothing to assign to")
        values = engine.as_reals(values, f"{layer}.{self.name}", view)
        if tuple(values.shape) != tuple(view.shape):
            raise ValueError(f"{layer}.{self.name}: expected shape {tuple(view.shape)}, got {tuple(values.shape)}")
        view[...] = values


class Layer:
    """One step of the network: y = forward(x), and the chain rule back through it.

    A subclass writes

    - `forward(x)`: keeps what `backward` will need, returns y;
    - `backward(grad_output)`: takes ∂L/∂y, fills the gradients of its own parameters, returns ∂L/∂x;
    - `shapes()` and `initialize(rng)`, if it has parameters, each declared as a class attribute `name = Parameter()`
      with `grad_name = Parameter()` beside it;
    - `output_shape(shape)`, if it changes the shape.

    All shapes are without the batch axis unless said otherwise. A layer with parameters takes
    `backward(grad_output, input_grad=False)` and then returns None: the first layer's ∂L/∂x is not needed to train.
    """

    views: dict[str, Array] | None = None  # the parameters and their gradients by name, once part of a network

    def forward(self, x: Array) -> Array:
        """y from x, both with the batch axis first."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward")

    def backward(self, grad_output: Array) -> Array:
        """∂L/∂x from ∂L/∂y, for the x of the last `forward`."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward")

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The parameters by name, in the order in which they lie in θ."""
        return {}

    def initialize(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Starting values for every name of `shapes`, drawn from `rng`."""
        return {}

    def output_shape(self, shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
        """The shape of y for an x of `shape`; None stands for a shape not known yet. ValueError if x cannot fit."""
        return shape

    def options(self) -> dict[str, Any]:
        """The constructor's arguments that give this layer again, as JSON can hold them."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.options().items())})"
