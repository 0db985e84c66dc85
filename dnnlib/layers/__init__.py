"""The layers of a network. Each has a hand-written `forward` and `backward`, side by side."""

from dnnlib.layers.activations import (
    ELU,
    ArcTan,
    BinaryStep,
    Identity,
    LeakyReLU,
    PReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from dnnlib.layers.base import Layer
from dnnlib.layers.batchnorm import BatchNorm
from dnnlib.layers.conv import Conv2d
from dnnlib.layers.dense import Dense
from dnnlib.layers.dropout import DropConnect, Dropout
from dnnlib.layers.maxout import Maxout
from dnnlib.layers.pool import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from dnnlib.layers.residual import Residual
from dnnlib.layers.shape import Flatten

__all__ = [
    "ELU",
    "LAYERS",
    "ArcTan",
    "AvgPool2d",
    "BatchNorm",
    "BinaryStep",
    "Conv2d",
    "Dense",
    "DropConnect",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "Identity",
    "Layer",
    "LeakyReLU",
    "MaxPool2d",
    "Maxout",
    "PReLU",
    "ReLU",
    "Residual",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
]

LAYERS: dict[str, type[Layer]] = {name: globals()[name] for name in __all__ if name not in ("LAYERS", "Layer")}
