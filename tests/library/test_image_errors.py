"""What a student does wrong with images, and what the message says; the tables are made as in `mistakes`."""

from collections.abc import Callable
from typing import Any

import numpy as np
from mistakes import Row, check, rows

import dnnlib as dnn


def network(*layers: dnn.Layer) -> dnn.Sequential:
    return dnn.Sequential(*layers, dtype="float64")


def images(*layers: dnn.Layer, shape: tuple[int, ...] = (2, 3, 8, 8)) -> Any:
    return network(*layers).forward(np.zeros(shape))


MISTAKES: list[Row] = [
    ("vectors", lambda: images(dnn.Conv2d(1, 6, 5), shape=(9, 784)), ValueError,
     ["Conv2d(1, 6, 5) expects images", "(1, height, width)", "got (784,)", "x.reshape(-1, 1, 28, 28)"]),
    ("vectors of no square", lambda: images(dnn.Conv2d(3, 6, 5), shape=(9, 30)), ValueError,
     ["got (30,)", "x.reshape(-1, 3, height, width)"]),
    ("images without channels", lambda: images(dnn.Conv2d(1, 6, 5), shape=(9, 20, 28)), ValueError,
     ["(1, height, width)", "got (20, 28)", "x.reshape(-1, 1, 20, 28)"]),
    ("vectors to pool", lambda: images(dnn.MaxPool2d(2), shape=(9, 16)), ValueError,
     ["MaxPool2d(2) expects images", "(channels, height, width)", "(16,)", "x.reshape(-1, 1, 4, 4)"]),
    ("vectors to average", lambda: images(dnn.GlobalAvgPool2d(), shape=(9, 16)), ValueError,
     ["GlobalAvgPool2d() expects images", "(16,)"]),
    ("five axes", lambda: images(dnn.Conv2d(1, 6, 5), shape=(2, 1, 1, 8, 8)), ValueError, ["got (1, 1, 8, 8)"]),
    ("channels", lambda: images(dnn.Conv2d(1, 6, 5)), ValueError,
     ["Conv2d(1, 6, 5) expects images with 1 channels, got 3", "(3, 8, 8)"]),
    ("channels last", lambda: images(dnn.Conv2d(3, 6, 5), shape=(2, 8, 8, 3)), ValueError,
     ["with 3 channels, got 8", "channels come first: x.transpose(0, 3, 1, 2)"]),
    ("small images", lambda: images(dnn.Conv2d(3, 6, 9)), ValueError,
     ["Conv2d(3, 6, 9)", "kernel of 9 × 9 is larger than the image of 8 × 8", "more padding"]),
    ("small images with padding", lambda: images(dnn.Conv2d(3, 6, 13, padding=(1, 2))), ValueError,
     ["larger than the image of 8 × 8, 10 × 12 with the padding,"]),
    ("small images to pool", lambda: images(dnn.AvgPool2d((2, 9))), ValueError, ["AvgPool2d((2, 9))", "2 × 9"]),
    ("layers that do not fit", lambda: network(dnn.Conv2d(1, 6, 5), dnn.ReLU(), dnn.Conv2d(3, 6, 5)), ValueError,
     ["layer 2 does not fit", "with 3 channels, got 6"]),
    ("no Flatten", lambda: network(dnn.Conv2d(1, 6, 5), dnn.Dense(6, 5)), ValueError, ["layer 1 does not fit"]),
    ("dense before", lambda: network(dnn.Dense(9, 16), dnn.Conv2d(1, 6, 3)), ValueError,
     ["layer 1 does not fit", "got (16,)"]),
    ("no channels", lambda: dnn.Conv2d(0, 6, 5), ValueError, ["Conv2d: in_channels must be at least 1, got 0"]),
    ("channels of text", lambda: dnn.Conv2d(1, "6", 5), TypeError, ["out_channels must be an integer, got '6'"]),
    ("channels of truth", lambda: dnn.Conv2d(True, 6, 5), TypeError, ["in_channels must be an integer, got True"]),
    ("kernel of 0", lambda: dnn.Conv2d(1, 6, 0), ValueError, ["Conv2d: kernel_size must be at least 1, got 0"]),
    ("kernel of 2.5", lambda: dnn.Conv2d(1, 6, 2.5), TypeError, ["kernel_size must be an integer or a pair", "2.5"]),
    ("kernel of three", lambda: dnn.Conv2d(1, 6, (3, 3, 3)), TypeError, ["a pair (vertical, horizontal)", "(3, 3, 3)"]),
    ("kernel of truth", lambda: dnn.MaxPool2d((True, 2)), TypeError, ["MaxPool2d: kernel_size", "(True, 2)"]),
    ("stride of 0", lambda: dnn.Conv2d(1, 6, 5, stride=(1, 0)), ValueError, ["stride must be at least 1, got (1, 0)"]),
    ("padding below 0", lambda: dnn.Conv2d(1, 6, 5, padding=-1), ValueError, ["padding must be at least 0, got -1"]),
    ("padding by name", lambda: dnn.Conv2d(1, 6, 5, padding="same"), TypeError, ["padding must be an int", "'same'"]),
    ("pool of 0", lambda: dnn.AvgPool2d(0), ValueError, ["AvgPool2d: kernel_size must be at least 1, got 0"]),
    ("pool with much padding", lambda: dnn.MaxPool2d(3, padding=2), ValueError,
     ["MaxPool2d: padding must be at most half of kernel_size", "got padding 2 for a kernel_size of 3"]),
    ("unknown start", lambda: dnn.Conv2d(1, 6, 5, weight_init="he"), ValueError, ["kaiming_normal", "got 'he'"]),
    ("bias of none", lambda: setattr(network(dnn.Conv2d(1, 1, 1, bias=False)).layers[0], "bias", [0]), ValueError,
     ["without bias"]),
]  # fmt: skip


@rows(MISTAKES)
def test_mistakes(do: Callable[[], Any], error: type[Exception], words: list[str]) -> None:
    check(do, error, words)
