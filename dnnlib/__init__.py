"""dnnlib: the equations of the lectures on deep neural networks, run on NumPy and on torch (CPU or CUDA).

    import dnnlib as dnn

    model = dnn.Sequential(dnn.Dense(64, 100), dnn.ReLU(), dnn.Dense(100, 10), seed=0)
    model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(lr=1e-3), batch_size=100, epochs=20)
    model.evaluate(x_test, y_test)

Importing it imports neither torch, matplotlib nor scikit-learn; `dnnlib.figures` draws the book's pictures.
"""

from dnnlib import data, initializers
from dnnlib.data import batches
from dnnlib.engine import best_device
from dnnlib.gradcheck import GradientError, gradcheck
from dnnlib.layers import Dense, Layer, ReLU, Sigmoid, Tanh
from dnnlib.losses import Loss, MeanSquaredError, SoftmaxCrossEntropy, softmax
from dnnlib.model import Sequential
from dnnlib.optimizers import SGD, Adam, Optimizer
from dnnlib.source import show_source
from dnnlib.storage import ModelFileError, load
from dnnlib.training import DivergenceError, Evaluation, History

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Adam",
    "Dense",
    "DivergenceError",
    "Evaluation",
    "GradientError",
    "History",
    "Layer",
    "Loss",
    "MeanSquaredError",
    "ModelFileError",
    "Optimizer",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "batches",
    "best_device",
    "data",
    "gradcheck",
    "initializers",
    "load",
    "show_source",
    "softmax",
]
