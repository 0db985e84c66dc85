"""torch's modules and the library's layers, one beside the other; and modules for what torch has none for.

Imports torch, so it is itself imported only by those who need it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional as F

from dnnlib import layers
from dnnlib.layers import Layer


class Residual(nn.Module):
    """body(x) + shortcut(x), the identity if `shortcut` is empty."""

    def __init__(self, body: list[nn.Module], shortcut: list[nn.Module]) -> None:
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The sum of both ways."""
        return self.body(x) + self.shortcut(x)


class ScaledDropout(nn.Dropout):
    """Dropout by the lectures' rule: m ∘ x in training, (1 − p) x in testing."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """torch's dropout, times 1 − p in both modes."""
        return (1 - self.p) * F.dropout(x, self.p, self.training)


class DropConnect(nn.Linear):
    """A linear layer whose connections drop out in training, other ones in every batch."""

    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        super().__init__(in_features, out_features, bias)
        self.p = p

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Dropout of the weight, then the linear layer."""
        return F.linear(x, F.dropout(self.weight, self.p, self.training), self.bias)


class GlobalAvgPool2d(nn.Module):
    """The mean of every channel: (B, C, H, W) → (B, C)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The mean over height and width."""
        return x.mean((2, 3))


class Maxout(nn.Module):
    """The largest of every `group_size` channels that follow each other."""

    def __init__(self, group_size: int) -> None:
        super().__init__()
        self.group_size = group_size

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The maximum within the groups."""
        return x.unflatten(1, (-1, self.group_size)).max(2).values


class ArcTan(nn.Module):
    """arctan x."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """arctan of every element."""
        return torch.atan(x)


class BinaryStep(nn.Module):
    """1 where x > 0, else 0. The gradient is 0."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The step, made of what autograd knows to have no slope."""
        return (torch.sign(torch.sign(x) - 0.5) + 1) / 2


def _softmax(**options: Any) -> nn.Module:
    return nn.Softmax(dim=1, **options)


def _dropout(p: float, inverted: bool) -> nn.Module:
    return nn.Dropout(p) if inverted else ScaledDropout(p)


MODULES: dict[type[Layer], Callable[..., nn.Module]] = {  # made with the layer's own options
    layers.Dense: nn.Linear,
    layers.Conv2d: nn.Conv2d,
    layers.MaxPool2d: nn.MaxPool2d,
    layers.AvgPool2d: nn.AvgPool2d,
    layers.GlobalAvgPool2d: GlobalAvgPool2d,
    layers.Flatten: nn.Flatten,
    layers.Dropout: _dropout,
    layers.DropConnect: DropConnect,
    layers.Maxout: Maxout,
    layers.Identity: nn.Identity,
    layers.BinaryStep: BinaryStep,
    layers.Sigmoid: nn.Sigmoid,
    layers.Tanh: nn.Tanh,
    layers.ArcTan: ArcTan,
    layers.ReLU: nn.ReLU,
    layers.LeakyReLU: nn.LeakyReLU,
    layers.PReLU: nn.PReLU,
    layers.ELU: nn.ELU,
    layers.Softplus: nn.Softplus,
    layers.Softmax: _softmax,
}


class Reading(NamedTuple):
    """How a module becomes a layer: attributes that are the layer's options, and those that must have one value."""

    make: Callable[..., Layer]
    options: tuple[str, ...] = ()
    fixed: dict[str, Any] = {}  # noqa: RUF012 (never changed)


def _scaled_dropout(p: float) -> Layer:
    return layers.Dropout(p, inverted=False)


_WINDOW = ("kernel_size", "stride", "padding")
_BATCH_NORM = Reading(
    layers.BatchNorm, ("num_features", "eps", "momentum"), {"affine": True, "track_running_stats": True}
)

READINGS: dict[type[nn.Module], Reading] = {
    nn.Linear: Reading(layers.Dense, ("in_features", "out_features", "bias")),
    nn.Conv2d: Reading(
        layers.Conv2d,
        ("in_channels", "out_channels", *_WINDOW, "bias"),
        {"dilation": 1, "groups": 1, "padding_mode": "zeros"},
    ),
    nn.MaxPool2d: Reading(layers.MaxPool2d, _WINDOW, {"dilation": 1, "ceil_mode": False, "return_indices": False}),
    nn.AvgPool2d: Reading(
        layers.AvgPool2d, _WINDOW, {"ceil_mode": False, "count_include_pad": True, "divisor_override": None}
    ),
    nn.AdaptiveAvgPool2d: Reading(layers.GlobalAvgPool2d, (), {"output_size": 1}),
    GlobalAvgPool2d: Reading(layers.GlobalAvgPool2d),
    nn.BatchNorm1d: _BATCH_NORM,
    nn.BatchNorm2d: _BATCH_NORM,
    nn.Flatten: Reading(layers.Flatten, (), {"start_dim": 1, "end_dim": -1}),
    nn.Dropout: Reading(layers.Dropout, ("p",)),
    ScaledDropout: Reading(_scaled_dropout, ("p",)),
    DropConnect: Reading(layers.DropConnect, ("in_features", "out_features", "p", "bias")),
    Maxout: Reading(layers.Maxout, ("group_size",)),
    nn.Identity: Reading(layers.Identity),
    BinaryStep: Reading(layers.BinaryStep),
    nn.Sigmoid: Reading(layers.Sigmoid),
    nn.Tanh: Reading(layers.Tanh),
    ArcTan: Reading(layers.ArcTan),
    nn.ReLU: Reading(layers.ReLU),
    nn.LeakyReLU: Reading(layers.LeakyReLU, ("negative_slope",)),
    nn.PReLU: Reading(layers.PReLU, ("num_parameters",)),
    nn.ELU: Reading(layers.ELU, ("alpha",)),
    nn.Softplus: Reading(layers.Softplus, (), {"beta": 1, "threshold": 20}),
    nn.Softmax: Reading(layers.Softmax, (), {"dim": 1}),
}
