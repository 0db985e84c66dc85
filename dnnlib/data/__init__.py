"""Data: real images and toy sets, and what prepares data for a network."""

from dnnlib.data.augmentation import Augment, brightness, noise, rotate, shift, zoom
from dnnlib.data.digits import digits
from dnnlib.data.download import DataError
from dnnlib.data.mnist import FASHION_MNIST_CLASSES, fashion_mnist, mnist
from dnnlib.data.prepare import Standardizer, batches, one_hot
from dnnlib.data.split import k_fold, random_split
from dnnlib.data.toy import circles, gate, moons, spirals

__all__ = [
    "FASHION_MNIST_CLASSES",
    "Augment",
    "DataError",
    "Standardizer",
    "batches",
    "brightness",
    "circles",
    "digits",
    "fashion_mnist",
    "gate",
    "k_fold",
    "mnist",
    "moons",
    "noise",
    "one_hot",
    "random_split",
    "rotate",
    "shift",
    "spirals",
    "zoom",
]
