"""MNIST: 60 000 + 10 000 handwritten digits of 28×28 pixels (LeCun et al., 1998).

The four files are downloaded once, by pooch, from the first mirror that gives the right bytes, into the folder that
the environment variable `DNNLIB_DATA` names, else into the user's cache. A file that lies there already is used if
its decompressed content is right, however it was compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from pathlib import Path

import numpy as np

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
# file: (SHA-256 of the file that the mirrors hold, SHA-256 of its decompressed content)
FILES = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}
PREFIX = {"train": "train", "test": "t10k"}


class DataError(RuntimeError):
    """A data file is missing or wrong, and the message says which, where and what to do."""


def mnist(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """The images as vectors x (N, 784), float32 from 0 (no ink) to 1 (full ink), and their labels y (N,), int64.

    `split` is "train" (N = 60 000) or "test" (N = 10 000). `x.reshape(-1, 28, 28)` gives pictures. Raises ValueError
    for another split, DataError if a file cannot be had or is not the one expected. Source: lectures C10, E02.
    """
    if split not in PREFIX:
        raise ValueError(f'mnist: split must be "train" or "test", got {split!r}')
    images = _parse(_content(f"{PREFIX[split]}-images-idx3-ubyte.gz"))
    labels = _parse(_content(f"{PREFIX[split]}-labels-idx1-ubyte.gz"))
    return images.reshape(len(images), -1).astype(np.float32) / 255, labels.astype(np.int64)


def folder() -> Path:
    """Where data files are kept: `DNNLIB_DATA` if set, else the user's cache folder for dnnlib."""
    import pooch

    return Path(os.environ.get("DNNLIB_DATA") or pooch.os_cache("dnnlib")).expanduser()


def _content(name: str) -> bytes:
    """The decompressed content of a file, checked; downloaded first if it is not there or not right."""
    path = folder() / name
    wrong = f"{path} is not there"
    if path.is_file():
        content, wrong = _read(path)
        if content is not None:
            return content
    tried = _download(name, path)
    content, _ = _read(path) if not tried else (None, "")
    if content is None:
        reasons = "\n".join(f"  {reason}" for reason in (wrong, *tried))
        raise DataError(
            f"MNIST file {name} cannot be had:\n{reasons}\nCheck the network connection and try again; or put the "
            f"file there yourself; or set DNNLIB_DATA to a folder that has it. dnnlib.data.digits() needs no download"
        )
    return content


def _read(path: Path) -> tuple[bytes | None, str]:
    """The checked content and "", or None and the reason why the file is refused."""
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        return None, f"{path} is cut off or damaged ({error})"
    found, expected = hashlib.sha256(content).hexdigest(), FILES[path.name][1]
    if found != expected:
        return None, f"{path} holds something else: SHA-256 of its content is {found}, expected {expected}"
    return content, ""


def _download(name: str, path: Path) -> list[str]:
    """Fetch `name` to `path` from the first mirror that has it; the reasons of the failures, none on success.

    pooch writes to a temporary file and moves it into place only when its checksum is right.
    """
    import pooch

    pooch.get_logger().setLevel("ERROR")
    reasons = []
    for mirror in MIRRORS:
        try:
            pooch.retrieve(mirror + name, f"sha256:{FILES[name][0]}", fname=name, path=path.parent)
            return []
        except Exception as error:  # a mirror can fail in many ways, and the next one may still work
            reasons.append(f"{mirror}{name}: {error}")
    return reasons


def _parse(content: bytes) -> np.ndarray:
    """An IDX file's array: two zero bytes, type (8 = uint8), number of axes, each axis's length, then the values."""
    axes = content[3]
    shape = np.frombuffer(content, ">u4", axes, offset=4).astype(int)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)
