"""Data: real handwritten digits, and what prepares data for a network."""

from dnnlib.data.digits import digits
from dnnlib.data.mnist import DataError, mnist
from dnnlib.data.prepare import Standardizer, batches, one_hot, random_split

__all__ = ["DataError", "Standardizer", "batches", "digits", "mnist", "one_hot", "random_split"]
