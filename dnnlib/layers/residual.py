"""The residual block: layers that learn what to add to their input. Lectures D05, D06."""

from __future__ import annotations

from collections.abc import Sequence

from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Shape, has_parameters


class Residual(Layer):
    """H(x) = F(x) + S(x): `body` is F, a list of layers; `shortcut` is S, a list of layers, or the identity if empty.

    With the identity shortcut, F need only learn the difference H(x) − x, and F = 0 makes the block pass x on. Where
    F changes the shape, a projection does as well: `shortcut=[Conv2d(16, 32, 1, stride=2), BatchNorm(32)]`.

    Backward: ∂L/∂x = Fᵀ′ ∂L/∂H + ∂L/∂H for the identity, where Fᵀ′ ∂L/∂H is what `body` hands back: the second term
    reaches every earlier block undiminished. With layers in the shortcut, their gradient takes its place.

    Any shape. He et al. (2016) put a ReLU after the sum: `Residual([...]), ReLU()`. Raises TypeError for what is not
    a list of layers, ValueError for an empty body and where F(x) and S(x) differ in shape.
    Source: He, Zhang, Ren & Sun (2016); lectures D05, D06.
    """

    def __init__(self, body: Sequence[Layer], shortcut: Sequence[Layer] = ()) -> None:
        for name, layers in (("body", body), ("shortcut", shortcut)):
            if not isinstance(layers, (list, tuple)) or not all(isinstance(layer, Layer) for layer in layers):
                raise TypeError(f"Residual: {name} must be a list of layers such as [Dense(8, 8)], got {layers!r}")
        if not body:
            raise ValueError("Residual: body needs at least one layer")
        self.body, self.shortcut = list(body), list(shortcut)

    def children(self) -> dict[str, Layer]:
        parts = {"body": self.body, "shortcut": self.shortcut}
        return {f"{part}.{i}": layer for part, layers in parts.items() for i, layer in enumerate(layers)}

    def forward(self, x: Array) -> Array:
        fx, sx = x, x
        for layer in self.body:
            fx = layer.forward(fx)
        for layer in self.shortcut:
            sx = layer.forward(sx)
        if tuple(fx.shape) != tuple(sx.shape):
            raise ValueError(
                f"Residual: the body gives shape {tuple(fx.shape)}, the shortcut {tuple(sx.shape)}; to add them they "
                f"must be equal. Where the body changes the shape, give the shortcut a projection that does as well"
            )
        return fx + sx

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        through_body = _back(self.body, grad_output, input_grad)
        through_shortcut = _back(self.shortcut, grad_output, input_grad)
        return through_body + through_shortcut if input_grad else None

    def output_shape(self, shape: Shape | None) -> Shape | None:
        fx, sx = shape, shape
        for layer in self.body:
            fx = layer.output_shape(fx)
        for layer in self.shortcut:
            sx = layer.output_shape(sx)
        if fx and sx and (len(fx) != len(sx) or any(a != b for a, b in zip(fx, sx, strict=True) if a and b)):
            raise ValueError(
                f"Residual: the body gives shape {fx}, the shortcut {sx}; to add them they must be equal. Where the "
                f"body changes the shape, give the shortcut a projection that does as well"
            )
        return fx if sx is None else sx if fx is None else tuple(a or b for a, b in zip(fx, sx, strict=True))


def _back(layers: list[Layer], grad: Array, input_grad: bool) -> Array:
    """∂L/∂x through layers in a row; without `input_grad`, only as far back as there are parameters."""
    first = next((i for i, layer in enumerate(layers) if has_parameters(layer)), len(layers))
    for i, layer in reversed(list(enumerate(layers))):
        if not input_grad and i <= first:
            return layer.backward(grad, input_grad=False) if i == first else None  # type: ignore[call-arg]
        grad = layer.backward(grad)
    return grad
