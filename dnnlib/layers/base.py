"""What every layer has: forward, backward, and parameters that are views into the network's θ."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from dnnlib import engine
from dnnlib.engine import Array

Shape = tuple[int | None, ...]  # of one example; None stands for an axis whose length is not known yet


class Parameter:
    """A parameter, or its gradient, as a view into the flat vector θ, or ∇L(θ); a buffer, as one into the state.

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
    - `buffers()`, if it remembers numbers that are not learned by gradients, each declared `name = Parameter()`;
    - `children()`, if it is made of other layers;
    - `output_shape(shape)`, if it changes the shape;
    - `draw(like)`, if it is random in training: what it draws for a batch, of which it makes use by `drawn(like)`.

    All shapes are without the batch axis unless said otherwise. A layer with parameters, its own or its children's,
    takes `backward(grad_output, input_grad=False)` and then returns None: the first layer's ∂L/∂x is not needed to
    train.
    """

    views: dict[str, Array] | None = None  # parameters, their gradients and buffers by name, once part of a network
    training: bool = True  # set by `Sequential.train` and `eval`: some layers act differently while they learn
    rng: np.random.Generator  # the network's, once part of one: what a layer draws, it draws from here
    given: Array | None = None  # what a compiled step has drawn for the layer; None: it draws itself
    share: tuple[slice, int] | None = None  # the rows that x is of a batch of that many, learned by several processes

    def forward(self, x: Array) -> Array:
        """y from x, both with the batch axis first."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward")

    def backward(self, grad_output: Array) -> Array:
        """∂L/∂x from ∂L/∂y, for the x of the last `forward`."""
        raise NotImplementedError(f"{type(self).__name__} does not define backward")

    def draw(self, like: Array) -> Array:
        """What the layer draws anew for every batch, from `rng`: in shape, dtype and on the device of `like`.

        Drawn on the CPU, and so apart from the arithmetic: that of a compiled step is fixed, what is drawn is not.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define draw")

    def drawn(self, like: Array) -> Array:
        """What is drawn for this batch; kept as `latest`."""
        self.latest = self.draw(like) if self.given is None else self.given
        return self.latest

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The layer's own parameters by name, in the order in which they lie in θ."""
        return {}

    def initialize(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Starting values for every name of `shapes`, drawn from `rng`."""
        return {}

    def buffers(self) -> dict[str, np.ndarray]:
        """Starting values of the numbers that the layer remembers beside its parameters, by name."""
        return {}

    def children(self) -> dict[str, Layer]:
        """The layers that this one is made of, by name."""
        return {}

    def walk(self, name: str) -> Iterator[tuple[str, Layer]]:
        """This layer under `name` and all layers below it, with dotted names, in the order of θ."""
        yield name, self
        for below, child in self.children().items():
            yield from child.walk(f"{name}.{below}")

    def output_shape(self, shape: Shape | None) -> Shape | None:
        """The shape of y for an x of `shape`; None stands for what is not known yet. ValueError if x cannot fit."""
        return shape

    def options(self) -> dict[str, Any]:
        """The constructor's arguments that give this layer again, as JSON can hold them (or lists of layers)."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.options().items())})"


def has_parameters(layer: Layer) -> bool:
    """True if the layer, or one that it is made of, has parameters."""
    return any(part.shapes() for _, part in layer.walk(""))


def recipe(layer: Layer) -> list[Any]:
    """[type, options]: what makes the layer anew, its children included."""

    def plain(value: Any) -> Any:
        if isinstance(value, Layer):
            return recipe(value)
        return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value

    return [type(layer), {name: plain(value) for name, value in layer.options().items()}]


def build(made_of: Any, find: Callable[[Any], type[Layer]]) -> Layer:
    """The layer of a `recipe`, with starting values of its own; `find` gives the class for its first entry."""

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            is_recipe = len(value) == 2 and isinstance(value[0], (str, type)) and isinstance(value[1], dict)
            return build(value, find) if is_recipe else [whole(entry) for entry in value]
        return value

    kind, options = made_of
    return find(kind)(**{name: whole(value) for name, value in options.items()})
