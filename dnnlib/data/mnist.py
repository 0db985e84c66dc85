"""MNIST and Fashion-MNIST: 60 000 + 10 000 images of 28×28 pixels each, from files of one format."""

from __future__ import annotations

import numpy as np

from dnnlib.data.download import Checksums, Dataset

MNIST = Dataset(
    name="MNIST",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    files={
        "train-images-idx3-ubyte.gz": Checksums(
            file="440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            content="ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        "train-labels-idx1-ubyte.gz": Checksums(
            file="3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            content="65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        "t10k-images-idx3-ubyte.gz": Checksums(
            file="8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            content="0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        "t10k-labels-idx1-ubyte.gz": Checksums(
            file="f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            content="ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    },
)
FASHION_MNIST = Dataset(
    name="Fashion-MNIST",
    mirrors=(
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    ),
    files={
        "train-images-idx3-ubyte.gz": Checksums(
            file="3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            content="c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        "train-labels-idx1-ubyte.gz": Checksums(
            file="a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            content="bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        "t10k-images-idx3-ubyte.gz": Checksums(
            file="346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            content="5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
        "t10k-labels-idx1-ubyte.gz": Checksums(
            file="67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            content="0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    },
    subfolder="fashion-mnist",  # its files have the names of MNIST's
)
FASHION_MNIST_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
PREFIX = {"train": "train", "test": "t10k"}


def mnist(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits: the images as vectors x (N, 784), float32, and their labels y (N,), int64, from 0 to 9.

    A pixel goes from 0 (no ink) to 1 (full ink); `x.reshape(-1, 28, 28)` gives pictures. `split` is "train"
    (N = 60 000) or "test" (N = 10 000). The files, 11 MB, are downloaded once, checked and kept in the folder that the
    environment variable `DNNLIB_DATA` names, else in the user's cache.

    Raises ValueError for another split, DataError if a file cannot be had or is not the one expected.
    Source: LeCun et al. (1998); lectures C10, E02.
    """
    return _load("mnist", MNIST, split)


def fashion_mnist(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Articles of clothing, in shape, split and size as in `mnist`, but harder to tell apart.

    x (N, 784), float32 from 0 (background) to 1; y (N,), int64, the numbers of `FASHION_MNIST_CLASSES`. The files,
    31 MB, are kept as those of `mnist`, in the subfolder `fashion-mnist`.

    Raises ValueError for another split, DataError if a file cannot be had or is not the one expected.
    Source: Xiao, Rasul & Vollgraf (2017), arXiv 1708.07747.
    """
    return _load("fashion_mnist", FASHION_MNIST, split)


def _load(name: str, dataset: Dataset, split: str) -> tuple[np.ndarray, np.ndarray]:
    if split not in PREFIX:
        raise ValueError(f'{name}: split must be "train" or "test", got {split!r}')
    images = _parse(dataset.content(f"{PREFIX[split]}-images-idx3-ubyte.gz"))
    labels = _parse(dataset.content(f"{PREFIX[split]}-labels-idx1-ubyte.gz"))
    return images.reshape(len(images), -1).astype(np.float32) / 255, labels.astype(np.int64)


def _parse(content: bytes) -> np.ndarray:
    """An IDX file's array: two zero bytes, type (8 = uint8), number of axes, each axis's length, then the values."""
    axes = content[3]
    shape = np.frombuffer(content, ">u4", axes, offset=4).astype(int)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)
