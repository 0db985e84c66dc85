"""What cannot be carried to torch or from it is refused, with the module's name and what is possible."""

from typing import Any

import numpy as np
from mistakes import Row, check, rows
from torch import nn

import dnnlib as dnn
from dnnlib.interop import from_torch, to_torch


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
