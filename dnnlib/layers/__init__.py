"""The layers of a network. Each has a hand-written `forward` and `backward`, side by side."""

from dnnlib.layers.activations import ReLU, Sigmoid, Tanh
from dnnlib.layers.base import Layer
from dnnlib.layers.dense import Dense

LAYERS: dict[str, type[Layer]] = {layer.__name__: layer for layer in (Dense, ReLU, Sigmoid, Tanh)}

__all__ = ["LAYERS", "Dense", "Layer", "ReLU", "Sigmoid", "Tanh"]
