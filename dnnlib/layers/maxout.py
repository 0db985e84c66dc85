"""Maxout: the activation that a network learns. Lectures A34, C17."""

from __future__ import annotations

import functools

from dnnlib import engine
from dnnlib.checks import check_size
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Shape


class Maxout(Layer):
    """yᵢ = max over group i of z: of every k = `group_size` features side by side, the largest comes out.

    Behind a `Dense` layer, yᵢ = max(w₁·x + b₁, …, wₖ·x + bₖ): a convex function of k linear pieces, which the weights
    shape. ReLU is the case k = 2 with w₂ = 0, b₂ = 0. In (−∞, ∞).

    Backward: each group's winner gets the whole of ∂L/∂yᵢ, the others 0; of equals, the first wins.

    x: (B, features) or (B, channels, height, width), where channels form the groups; y has 1/k as many. Raises
    ValueError for features that do not divide into groups, TypeError or ValueError for a `group_size` that is not a
    positive integer. Source: Goodfellow et al. (2013); lectures A34, C17.
    """

    def __init__(self, group_size: int) -> None:
        self.group_size = check_size("Maxout: group_size", group_size)

    def output_shape(self, shape: Shape | None) -> Shape | None:
        if shape is None or shape[0] is None:
            return shape
        if shape[0] % self.group_size:
            raise ValueError(
                f"{self} takes features or channels in groups of {self.group_size}, but their number, {shape[0]} of "
                f"shape {shape}, is not a multiple of {self.group_size}"
            )
        return (shape[0] // self.group_size, *shape[1:])

    def forward(self, x: Array) -> Array:
        self.output_shape(tuple(x.shape[1:]))
        self.x = x
        self.y = functools.reduce(engine.namespace(x).maximum, self._members(x))
        return self.y

    def backward(self, grad_output: Array) -> Array:
        grad = engine.namespace(grad_output).empty_like(self.x)
        unclaimed = grad_output  # of the groups whose winner is still to come
        for z, grad_z in zip(self._members(self.x), self._members(grad), strict=True):
            grad_z[...] = unclaimed * (z == self.y)
            unclaimed = unclaimed - grad_z
        return grad

    def _members(self, x: Array) -> list[Array]:
        """The first features of all groups, the second ones, …: views of x."""
        return [x[:, i :: self.group_size] for i in range(self.group_size)]
