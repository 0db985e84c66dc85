"""The fully connected layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from dnnlib import engine, initializers
from dnnlib.checks import check_size
from dnnlib.engine import Array
from dnnlib.layers.base import Layer, Parameter, Shape


class Dense(Layer):
    """Every output neuron sees every input: z = W x + b.

    For a batch X of shape (B, in_features): Z = X Wᵀ + b, of shape (B, out_features). With δ = ∂L/∂Z,

        ∂L/∂W = δᵀ X        ∂L/∂b = Σ over the batch of δ        ∂L/∂X = δ W

    `weight` has shape (out_features, in_features) and `bias` (out_features,), as in torch's `Linear`, and like there
    both start from U(−1/√in_features, 1/√in_features). `weight_init` names another start (`dnnlib.initializers`) or
    is a function (shape, rng) -> array; the bias then starts at zero.

    Raises TypeError or ValueError for sizes that are not positive integers and for an input of another shape.
    Source: lectures A06–A08, B03; the backward pass is lecture E09's equations for one layer.
    """

    weight = Parameter()
    bias = Parameter()
    grad_weight = Parameter()
    grad_bias = Parameter()

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        weight_init: str | initializers.Initializer | None = None,
    ) -> None:
        super().__init__()
        self.in_features = check_size(f"{type(self).__name__}: in_features", in_features)
        self.out_features = check_size(f"{type(self).__name__}: out_features", out_features)
        self.has_bias = bool(bias)
        self.weight_init = None if weight_init is None else initializers.get(weight_init)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        shapes: dict[str, tuple[int, ...]] = {"weight": (self.out_features, self.in_features)}
        return shapes | {"bias": (self.out_features,)} if self.has_bias else shapes

    def initialize(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        shapes = self.shapes()
        values = {"weight": (self.weight_init or initializers.uniform)(shapes["weight"], rng)}
        if self.has_bias:
            bound = 0.0 if self.weight_init else 1 / np.sqrt(self.in_features)
            values["bias"] = rng.uniform(-bound, bound, shapes["bias"])
        return values

    def output_shape(self, shape: Shape | None) -> Shape | None:
        if shape not in (None, (None,), (self.in_features,)):
            raise ValueError(f"{self} expects {self.in_features} features an example, got shape {shape}")
        return (self.out_features,)

    def forward(self, x: Array) -> Array:
        self._check_input(x)
        self.x = x
        z = (self.weight @ x.T).T  # = X Wᵀ, which takes a BLAS longer
        if self.has_bias:
            z += self.bias
        return z

    def backward(self, grad_output: Array, input_grad: bool = True) -> Array:
        engine.namespace(grad_output).matmul(grad_output.T, self.x, out=self.grad_weight)
        if self.has_bias:
            self.grad_bias[...] = grad_output.sum(axis=0)
        return (self.weight.T @ grad_output.T).T if input_grad else None

    def _check_input(self, x: Array) -> None:
        if x.ndim != 2 or x.shape[1] != self.in_features:
            hint = "images become vectors by x.reshape(len(x), -1)"
            if x.ndim < 2:
                hint = "a single example is x.reshape(1, -1)"
            elif x.ndim == 2:
                hint = f"for these examples it needs in_features={x.shape[1]}"
            raise ValueError(
                f"{self} expects an input of shape (batch, {self.in_features}), got {tuple(x.shape)}; {hint}"
            )

    def options(self) -> dict[str, Any]:
        bias = {} if self.has_bias else {"bias": False}
        return {"in_features": self.in_features, "out_features": self.out_features} | bias

    def __repr__(self) -> str:
        return f"Dense({self.in_features}, {self.out_features}{'' if self.has_bias else ', bias=False'})"
