"""What the command line of `dnnlib.train` understands: data, networks and optimizers by name, and all other options."""

from __future__ import annotations

import argparse
import math
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import dnnlib as dnn
from dnnlib import data
from dnnlib.data.split import Pair

EXAMPLES = """examples:
  python -m dnnlib.train                                  digits, mlp-100, 20 epochs; needs no download
  python -m dnnlib.train --data mnist --model lenet --epochs 5 --output runs/lenet
  python -m dnnlib.train --data mnist --model lenet --epochs 9 --output runs/lenet --resume
  torchrun --standalone --nproc-per-node 2 -m dnnlib.train --data mnist-10k --model mlp-500-500 --device cpu
  torchrun --standalone --nproc-per-node 8 -m dnnlib.train --data mnist --model resnet-20 --device cuda --compile

With torchrun, --batch-size counts the examples that all processes learn from in one step, and every number comes out as
with one process, but for rounding (and for BatchNorm, which sees its process's share). It is also called
python -m torch.distributed.run; on a machine that does not know its own name, add --local-addr localhost."""

OPTIMIZERS: dict[str, Callable[..., dnn.Optimizer]] = {
    **{kind.__name__.lower(): kind for kind in (dnn.SGD, dnn.Adagrad, dnn.RMSprop, dnn.Adadelta, dnn.Adam)},
    **{kind.__name__.lower(): kind for kind in (dnn.AdamW, dnn.NAdam)},
    "momentum": lambda **options: dnn.SGD(**options, momentum=0.9),
}
MODELS = (
    "mlp-500-500 (hidden layers, as many and as wide as you like), lenet, resnet-20, plain-20 (20 or another 6n + 2)"
)
CLASSES = 10
FILES = CHECKPOINT, HISTORY, CURVES, MODEL = "checkpoint.safetensors", "history.json", "curves.png", "model.safetensors"


class Parts(NamedTuple):
    """A data set in three parts that share no example; the same ones for every seed."""

    train: Pair
    validation: Pair
    test: Pair


def _split(pair: Pair, *lengths: int) -> list[Pair]:
    return data.random_split(*pair, lengths, rng=0, stratify=True)


def _digits() -> Parts:
    train, validation, test = _split(data.digits(), 1257, 180, 360)
    return Parts(train, validation, test)


def _mnist() -> Parts:
    train, validation = _split(data.mnist("train"), 55000, 5000)
    return Parts(train, validation, data.mnist("test"))


def _mnist_10k() -> Parts:
    train, validation, test = _split(data.mnist("test"), 7000, 1000, 2000)
    return Parts(train, validation, test)


DATA: dict[str, Callable[[], Parts]] = {"digits": _digits, "mnist": _mnist, "mnist-10k": _mnist_10k}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser(
        prog="python -m dnnlib.train",
        description="Train a network on digits, show how it goes, and keep what came of it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument("--data", choices=DATA, default="digits", help="mnist-10k: MNIST's 10 000 test images alone")
    main.add_argument("--model", type=_model_name, default="mlp-100", help=MODELS)
    main.add_argument("--optimizer", choices=OPTIMIZERS, default="adam", help="default: adam; momentum: sgd with 0.9")
    main.add_argument("--lr", type=float, help="learning rate (default: the optimizer's own)")
    main.add_argument("--batch-size", type=_integer(1), default=100, help="examples a step (default: 100)")
    main.add_argument("--epochs", type=_integer(1), default=20, help="passes through the training data (default: 20)")
    main.add_argument("--device", help="numpy, cpu (torch), cuda, cuda:1 (default: the fastest there is)")
    main.add_argument("--precision", choices=("float32", "tf32", "bfloat16"), default="float32")
    main.add_argument("--compile", action="store_true", help="compile the step; a slow start, then faster (torch)")
    main.add_argument(
        "--seed", type=_integer(0), default=0, help="of weights, order and all else that is drawn (default: 0)"
    )
    main.add_argument("--output", type=Path, metavar="FOLDER", help=f"where to write {', '.join(FILES)}")
    main.add_argument("--resume", action="store_true", help="go on with the training in --output, if there is one")
    return main


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments, with the device chosen; SystemExit with a message if they are wrong."""
    commands = parser()
    options = commands.parse_args(arguments)
    if options.resume and not options.output:
        commands.error("--resume goes on with the training in a folder: name it by --output FOLDER")
    options.device = options.device or dnn.best_device()
    if options.device == "numpy" and "WORLD_SIZE" in os.environ:
        commands.error("--device numpy is for one process; with torchrun, take cpu or cuda (both need torch)")
    if options.device == "cuda" and "LOCAL_RANK" in os.environ:
        options.device = f"cuda:{os.environ['LOCAL_RANK']}"
    return options


def _integer(least: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"expected an integer of at least {least}, got {text!r}")
        return int(text)

    return check


def _model_name(text: str) -> str:
    if not re.fullmatch(r"mlp(-[1-9]\d*)+|lenet|(resnet|plain)-\d+", text):
        raise argparse.ArgumentTypeError(f"there is no {text!r}; choose from {MODELS}")
    return text


def build(name: str, x: np.ndarray, **options: Any) -> tuple[dnn.Sequential, tuple[int, ...]]:
    """The network of that name, and the shape of an example as it takes it: a vector or an image."""
    kind, *numbers = name.split("-")
    sizes = [int(number) for number in numbers]
    features = x.shape[1]
    if kind == "mlp":
        whole = sizes[0] == features and sizes[-1] == CLASSES and len(sizes) > 1
        return dnn.mlp(*(sizes if whole else [features, *sizes, CLASSES]), **options), (features,)
    side = math.isqrt(features)
    if kind == "lenet":
        return dnn.lenet((1, side, side), CLASSES, **options), (1, side, side)
    make = dnn.resnet if kind == "resnet" else dnn.plain_net
    return make(sizes[0], 1, CLASSES, **options), (1, side, side)
